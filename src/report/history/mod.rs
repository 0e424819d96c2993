//! What changes of the running test did to a phase.

mod history;
#[cfg(feature = "control")]
mod read;
#[cfg(feature = "control")]
mod sentence;
#[cfg(feature = "control")]
mod versions;

pub use self::history::ChangeHistory;
