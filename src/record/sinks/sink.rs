//! The trait of sinks, the result of a write, and the errors.

use std::{error, fmt, io, sync::Arc};

use crate::store::LostReason;
use crate::{
    assign::Set,
    record::recorder::Lost,
    store::{StoreError, StoreErrorKind, WriterRow},
    unit::Units,
};

use super::record::Record;

/// A destination of a recorder's events.
///
/// Each sink of a recorder has its own queue and thread, so it may wait for I/O without delaying
/// other sinks. Only that thread calls the sink, after [`begin`](Self::begin). A panic in a sink is
/// caught and counts as a refusal.
///
/// ```
/// use tower_tracks::{
///     Units,
///     record::{Record, Recorder, Sink, SinkError, Taken},
/// };
///
/// /// Prints conversions.
/// struct Printer;
///
/// impl Sink for Printer {
///     fn name(&self) -> &str {
///         "printer"
///     }
///
///     fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
///         for record in records {
///             if let Record::Conversion { conversion, unit, .. } = record {
///                 println!("{unit} reached {}", conversion.goal());
///             }
///         }
///         Ok(Taken { written: records.len() as u64, ..Taken::default() })
///     }
/// }
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).sink(Printer).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # The order of calls
///
/// [`begin`](Self::begin) once; then, for each batch, [`refuse`](Self::refuse) for its records and
/// [`write`](Self::write) for those that remain. Every few seconds, at a flush and at the end,
/// [`settle`](Self::settle). [`define`](Self::define) may come at any time in between. After the
/// last `settle`, the sink is dropped on its thread.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a sink",
    label = "expected a sink of records",
    note = "a store goes to `.store(…)`; your own type implements `Sink`"
)]
pub trait Sink: Send + 'static {
    /// Returns the name of the sink, which tallies, losses and log lines have. It is read once, at
    /// the start.
    fn name(&self) -> &str;

    /// Receives the writer and the scheme of the units. It is called once, before all other methods,
    /// on the thread that starts the recorder.
    ///
    /// Defaults to nothing.
    ///
    /// # Errors
    ///
    /// If the sink refuses them. Then the recorder does not start.
    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        let _ = (writer, units);
        Ok(())
    }

    /// Receives a set that may have exposures.
    ///
    /// It is called once for each definition and plan, however often the set is built and however many
    /// connections a server has. Beyond 1,000 sets, a set may be repeated. While the sink is busy, at
    /// most 1,000 sets are queued; further ones are dropped. Defaults to nothing.
    fn define(&mut self, set: &Arc<Set>) {
        let _ = set;
    }

    /// Returns the reason why the sink does not accept a record, if there is one. Such a record is not
    /// written and counts as lost. It is called for each record before the write, perhaps repeatedly.
    ///
    /// Defaults to accepting all records.
    ///
    /// # Errors
    ///
    /// If the sink cannot decide for now. Then all records stay queued, as after a failed
    /// [`write`](Self::write).
    fn refuse(&mut self, record: &Record) -> Result<Option<LostReason>, SinkError> {
        let _ = record;
        Ok(None)
    }

    /// Writes records, either all of them or none.
    ///
    /// # Errors
    ///
    /// If they could not be written. After a [transient](SinkError::transient) error, the recorder
    /// repeats the call with the same records, at growing intervals. After a
    /// [refusal](SinkError::refused), it repeats the call with halves, until it finds the record that
    /// cannot be written.
    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError>;

    /// Stores a record that cannot be written, so that a person can inspect it.
    ///
    /// Defaults to an error: the record counts as lost.
    ///
    /// # Errors
    ///
    /// If the sink cannot store it.
    fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
        let _ = (record, reason);
        Err(SinkError::refused("the sink keeps nothing aside"))
    }

    /// Writes pending data and receives the losses of all sinks so far: every few seconds, at each flush
    /// and at the end.
    ///
    /// Defaults to nothing.
    ///
    /// # Errors
    ///
    /// If they could not be written.
    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        let _ = losses;
        Ok(())
    }
}

/// The result of a write: the number of records by what happened to them.
///
/// The sum is the number of records of the call. A sink that keeps no facts counts all as written.
///
/// ```
/// use tower_tracks::record::Taken;
///
/// let taken = Taken { written: 7, duplicates: 3, ..Taken::default() };
/// assert_eq!(taken.aside, 0);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// The records that were new and are written.
    pub written: u64,
    /// The records that were known before, or whose unit was erased.
    pub duplicates: u64,
    /// The records that were set aside.
    pub aside: u64,
}

/// The error of a sink.
///
/// It has one of three kinds, which decide what the recorder does: [`transient`](Self::transient),
/// [`refused`](Self::refused) and [`over`](Self::over). An I/O error converts into a transient one.
/// The `Display` form is that of the source.
///
/// ```
/// use std::io;
///
/// use tower_tracks::record::SinkError;
///
/// let error = SinkError::from(io::Error::other("the disk is full"));
/// assert!(error.is_transient());
/// assert_eq!(error.to_string(), "the disk is full");
/// ```
pub struct SinkError {
    /// Whether the records stay queued and are tried again.
    is_transient: bool,
    /// Whether the sink can never be written again.
    is_over: bool,
    source: Box<dyn error::Error + Send + Sync>,
}

impl SinkError {
    /// Returns an error that the records did not cause: they stay queued and are tried again, at
    /// intervals that grow from 50 milliseconds to ten seconds.
    ///
    /// ```
    /// use tower_tracks::record::SinkError;
    ///
    /// let error = SinkError::transient("the connection was closed");
    /// assert!(error.is_transient() && !error.is_over());
    /// ```
    pub fn transient(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self {
            is_transient: true,
            is_over: false,
            source: source.into(),
        }
    }

    /// Returns an error of a sink that can never be written again, for instance because the runtime of
    /// its connections was shut down. The records stay queued. A shutdown does not wait for them and
    /// counts them as lost at once.
    ///
    /// ```
    /// use tower_tracks::record::SinkError;
    ///
    /// let error = SinkError::over("the runtime of the connections was shut down");
    /// assert!(error.is_over() && error.is_transient());
    /// ```
    pub fn over(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self {
            is_over: true,
            ..Self::transient(source)
        }
    }

    /// Returns an error that the records caused, so that trying again does not help. A single record that
    /// is refused is set aside, or lost.
    ///
    /// ```
    /// use tower_tracks::record::SinkError;
    ///
    /// let error = SinkError::refused("the name of the goal has 300 bytes");
    /// assert!(!error.is_transient());
    /// ```
    pub fn refused(source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self {
            is_transient: false,
            is_over: false,
            source: source.into(),
        }
    }

    /// Returns whether the same call may succeed later. It is also true for an error of a sink that
    /// is [over](Self::is_over).
    ///
    /// ```
    /// use tower_tracks::record::SinkError;
    ///
    /// assert!(SinkError::transient("busy").is_transient());
    /// assert!(!SinkError::refused("too long").is_transient());
    /// ```
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// Returns whether the sink can never be written again.
    ///
    /// ```
    /// use tower_tracks::record::SinkError;
    ///
    /// assert!(SinkError::over("the runtime was shut down").is_over());
    /// assert!(!SinkError::transient("busy").is_over());
    /// ```
    pub fn is_over(&self) -> bool {
        self.is_over
    }
}

impl From<StoreError> for SinkError {
    fn from(error: StoreError) -> Self {
        // The records did not cause a fault of the store as a whole, or an unknown one. It may last until
        // a person mends it.
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
        // `Display` is that of the source, so the source is not repeated.
        self.source.source()
    }
}
