//! Where a recorder sends what it is told.

mod record;
mod sink;
mod store;

pub(super) use self::store::{StoreSink, is_error};
pub use self::{
    record::Record,
    sink::{Sink, SinkError, Taken},
};
