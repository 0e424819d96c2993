//! From the request path to the sinks.

mod backoff;
mod builder;
mod deadline;
mod ending;
mod event;
mod flushes;
mod handle;
mod is_error;
mod lane;
mod losses;
mod lost_names;
mod pending;
mod receipt;
mod refusals;
mod requests;
mod subjects;
mod tally;
mod worker;

pub(super) use self::is_error::IsError;
pub use self::{
    builder::{RecorderBuilder, StartError},
    handle::Recorder,
    losses::Lost,
    pending::{Closing, Flush, FlushError},
    receipt::{Receipt, ReceiptError},
    subjects::Subjects,
    tally::{Tallies, Tally},
};
