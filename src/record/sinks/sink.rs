use std::{error, fmt, io, sync::Arc};

use crate::{
    assign::Set,
    event::Units,
    record::{Lost, LostReason, StoreError, StoreErrorKind, WriterRow},
};

use super::Record;

/// Where a recorder sends what it is told.
///
/// Each sink of a recorder has a queue and a thread of its own, so that it may wait for I/O, and
/// keeps no other waiting. The calls come from that thread alone.
pub trait Sink: Send + 'static {
    /// Returns the name by which losses say that they are this sink's.
    fn name(&self) -> &str;

    /// Takes note of who writes and how units are made. This comes once, before all else, when the
    /// recorder starts, on the caller's thread.
    ///
    /// Defaults to nothing.
    ///
    /// # Errors
    ///
    /// When the sink will not take them. Then the recorder does not start.
    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        let _ = (writer, units);
        Ok(())
    }

    /// Takes note of a set of which exposures may come.
    ///
    /// It comes once for each definition and plan, however often the set is built and however many
    /// connections a server has. Beyond 1,000 sets, one may come again. While the sink is busy, 1,000
    /// sets wait at most; others do not come. Defaults to nothing.
    fn define(&mut self, set: &Arc<Set>) {
        let _ = set;
    }

    /// Returns why a record is not for this sink, if it is not: then it is counted as lost, and not
    /// written. It is asked of each before it is written, and may be asked again.
    ///
    /// Defaults to nothing: all are.
    ///
    /// # Errors
    ///
    /// When the sink cannot tell for a while. Then all records wait, as after a failed
    /// [`write`](Self::write).
    fn refuse(&mut self, record: &Record) -> Result<Option<LostReason>, SinkError> {
        let _ = record;
        Ok(None)
    }

    /// Writes records, all of them or none that count.
    ///
    /// # Errors
    ///
    /// When they could not be written. After a [transient](SinkError::transient) error the same
    /// records come again, at growing intervals. After a [refusal](SinkError::refused) they come
    /// again in halves, until the one record is found that cannot be written.
    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError>;

    /// Keeps a record that cannot be written for a person to look at.
    ///
    /// Defaults to an error, by which the record is counted as lost.
    ///
    /// # Errors
    ///
    /// When there is no place for it.
    fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
        let _ = (record, reason);
        Err(SinkError::refused("the sink keeps nothing aside"))
    }

    /// Writes what it held back, and takes note of all that was lost so far, on any sink: every
    /// few seconds, at each flush and at the end.
    ///
    /// Defaults to nothing.
    ///
    /// # Errors
    ///
    /// When that could not be written.
    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        let _ = losses;
        Ok(())
    }
}

/// What became of records that a sink took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// They were new, and are written.
    pub written: u64,
    /// They were known before, or their unit was erased since.
    pub duplicates: u64,
    /// They were set aside.
    pub aside: u64,
}

/// Why a sink took nothing.
pub struct SinkError {
    is_transient: bool,
    /// Whether trying again is in vain for ever.
    is_over: bool,
    source: Box<dyn error::Error + Send + Sync>,
}

impl SinkError {
    /// Returns an error that is no fault of the records: they wait, and are tried again.
    pub fn transient(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self {
            is_transient: true,
            is_over: false,
            source: source.into(),
        }
    }

    /// Returns an error of a sink that can never be written again, as when the runtime of its
    /// connections was shut down. It is no fault of the records, which wait; a shutdown does not
    /// wait for them, and counts them as lost at once.
    pub fn over(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self {
            is_over: true,
            ..Self::transient(source)
        }
    }

    /// Returns an error of the records themselves, which stays however often they are tried. A
    /// record that is refused by itself is set aside, or lost.
    pub fn refused(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self {
            is_transient: false,
            is_over: false,
            source: source.into(),
        }
    }

    /// Returns whether the same may succeed when it is tried again.
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// Returns whether the sink can never be written again.
    pub fn is_over(&self) -> bool {
        self.is_over
    }
}

impl From<StoreError> for SinkError {
    fn from(error: StoreError) -> Self {
        // What is wrong with the store as a whole, or is not known, is no fault of the records. It
        // may stay until a person mends it.
        match error.kind() {
            StoreErrorKind::Refused => Self::refused(error),
            StoreErrorKind::Over => Self::over(error),
            _ => Self::transient(error),
        }
    }
}

impl From<io::Error> for SinkError {
    fn from(error: io::Error) -> Self {
        Self::transient(error)
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

debug_as_message!(SinkError);

impl error::Error for SinkError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // `Display` is that of the source, and is not repeated.
        self.source.source()
    }
}
