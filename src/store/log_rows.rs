//! The rows of a log of changes, as a database has them: a text for each number. The module `control` gives
//! them their meaning.

use super::timestamp::Timestamp;

/// A row of the table.
#[derive(Debug)]
pub(crate) struct LogRow {
    pub(crate) number: u64,
    pub(crate) set: String,
    /// The number in the database, which may have been edited into one that is not a phase.
    pub(crate) phase: i64,
    /// As bytes: one that is not UTF-8 must not keep the others from being read.
    pub(crate) text: Vec<u8>,
}

/// The rows after a number.
#[derive(Debug)]
pub(crate) struct LogRows {
    pub(crate) rows: Vec<LogRow>,
    /// The highest number of the log.
    pub(crate) last: u64,
    /// The time by the clock of the database.
    pub(crate) now: Timestamp,
}

/// A row that is to be appended.
pub(crate) struct NewLogRow {
    pub(crate) set: String,
    pub(crate) phase: u32,
    /// The number of the last row of the set and the phase that is known; 0 if there is none.
    pub(crate) previous: u64,
    /// Makes the text, from the number and the time of the row.
    pub(crate) text: Box<dyn FnOnce(u64, Timestamp) -> String + Send>,
}

/// The row that was appended, or the one of the same set and phase that was faster.
#[derive(Debug)]
pub(crate) enum AppendedLogRow {
    Added(u64, Timestamp),
    Conflict(LogRow),
}
