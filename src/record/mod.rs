//! Exposures and conversions, kept off the request path.

mod attribution;
mod facts;
mod stores;
mod timestamp;

pub use self::{attribution::*, facts::*, stores::*, timestamp::Timestamp};
