//! Exposures and conversions, kept off the request path.

mod attribution;
mod facts;
mod recorder;
mod sinks;
mod stores;
mod timestamp;

use self::sinks::{StoreSink, is_error};
pub use self::{attribution::*, facts::*, recorder::*, sinks::*, stores::*, timestamp::Timestamp};
