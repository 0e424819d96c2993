//! A store as a sink.

mod ceiling;
mod definitions;
mod draft;
mod growth;
mod known;
mod met;
mod sink;
mod sums;

pub use self::ceiling::Ceiling;
pub(crate) use self::sink::{STORE, StoreSink};
