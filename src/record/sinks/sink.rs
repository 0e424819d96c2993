//! The trait of sinks, the result of a write, and the errors.

use std::{error, fmt, io, sync::Arc};

use crate::{
    assign::Set,
    record::recorder::Lost,
    store::{LostReason, StoreError, StoreErrorKind, WriterRow},
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
/// [`begin`](Self::begin) is called once. Then, for each batch, [`refuse`](Self::refuse) is called for its
/// records, and [`write`](Self::write) for those that remain. [`settle`](Self::settle) is called every few
/// seconds, at a flush and at the end. [`define`](Self::define) may be called at any time in between. After
/// the last `settle`, the sink is dropped on its thread.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a sink",
    label = "expected a sink of records",
    note = "a store goes to `.store(…)`; your own type implements `Sink`"
)]
pub trait Sink: Send + 'static {
    /// Returns the name of the sink for tallies, losses and log lines. It is read once, at the start.
    fn name(&self) -> &str;

    /// Receives the writer and the scheme of the units. It is called once, before all other methods,
    /// on the thread that starts the recorder.
    ///
    /// Does nothing by default.
    ///
    /// # Errors
    ///
    /// If the sink refuses them. Then the recorder does not start.
    ///
    /// ```
    /// use tower_tracks::{
    ///     Units,
    ///     record::{Record, Recorder, Sink, SinkError, Taken},
    ///     store::WriterRow,
    /// };
    ///
    /// /// A sink for readers who may not see keys.
    /// struct Public;
    ///
    /// impl Sink for Public {
    ///     fn begin(&mut self, _: &WriterRow, units: &Units) -> Result<(), SinkError> {
    ///         match units.is_raw() {
    ///             true => Err(SinkError::refused("raw units are keys")),
    ///             false => Ok(()),
    ///         }
    ///     }
    ///     # fn name(&self) -> &str {
    ///     #     "public"
    ///     # }
    ///     # fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
    ///     #     Ok(Taken { written: records.len() as u64, ..Taken::default() })
    ///     # }
    /// }
    ///
    /// let error = Recorder::builder(Units::raw()).sink(Public).start().unwrap_err();
    /// assert_eq!(error.to_string(), "public could not start: raw units are keys");
    /// ```
    fn begin(&mut self, writer: &WriterRow, units: &Units) -> Result<(), SinkError> {
        let _ = (writer, units);
        Ok(())
    }

    /// Receives a set that may have exposures.
    ///
    /// It is called once for each definition and plan, however often the set is built and however many
    /// connections a server has. Beyond 1,000 sets, a set may be repeated. While the sink is busy, at
    /// most 1,000 sets are queued; further ones are dropped. Does nothing by default.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use tower_tracks::{assign::Set, record::{Record, Sink, SinkError, Taken}};
    ///
    /// struct Definitions(Vec<String>);
    ///
    /// impl Sink for Definitions {
    ///     fn define(&mut self, set: &Arc<Set>) {
    ///         self.0.push(format!("{}@{}: {}", set.name(), set.phase(), set.fingerprint()));
    ///     }
    ///     # fn name(&self) -> &str {
    ///     #     "definitions"
    ///     # }
    ///     # fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
    ///     #     Ok(Taken { written: records.len() as u64, ..Taken::default() })
    ///     # }
    /// }
    /// ```
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
    ///
    /// The decision must not depend on the track: otherwise the losses of the tracks differ, and
    /// the remaining records are biased.
    ///
    /// ```
    /// use tower_tracks::{record::{Record, Sink, SinkError, Taken}, store::LostReason};
    ///
    /// /// A sink that has room for some records.
    /// struct Limited {
    ///     room: u64,
    /// }
    ///
    /// impl Sink for Limited {
    ///     fn refuse(&mut self, _: &Record) -> Result<Option<LostReason>, SinkError> {
    ///         Ok((self.room == 0).then_some(LostReason::Ceiling))
    ///     }
    ///
    ///     fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
    ///         let written = records.len() as u64;
    ///         self.room = self.room.saturating_sub(written);
    ///         Ok(Taken { written, ..Taken::default() })
    ///     }
    ///     # fn name(&self) -> &str {
    ///     #     "limited"
    ///     # }
    /// }
    /// ```
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
    ///
    /// A record may be passed again after an error whose effect is not known, for instance if the connection
    /// broke after the write. So a destination should recognise repetitions: a conversion by its id, an
    /// exposure by unit and track.
    ///
    /// ```
    /// use std::io::Write;
    ///
    /// use tower_tracks::record::{Record, Sink, SinkError, Taken};
    ///
    /// /// Writes the names of goals, each batch at once.
    /// struct Goals<W>(W);
    ///
    /// impl<W: Write + Send + 'static> Sink for Goals<W> {
    ///     fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
    ///         let mut text = String::new();
    ///         for record in records {
    ///             if let Record::Conversion { conversion, .. } = record {
    ///                 text.push_str(conversion.goal().as_str());
    ///                 text.push('\n');
    ///             }
    ///         }
    ///         // An I/O error is transient: the recorder repeats the batch.
    ///         self.0.write_all(text.as_bytes())?;
    ///         Ok(Taken { written: records.len() as u64, ..Taken::default() })
    ///     }
    ///     # fn name(&self) -> &str {
    ///     #     "goals"
    ///     # }
    /// }
    /// ```
    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError>;

    /// Stores a record that cannot be written, so that a person can inspect it.
    ///
    /// Defaults to an error: the record counts as lost.
    ///
    /// # Errors
    ///
    /// If the sink cannot store it.
    ///
    /// ```
    /// use tower_tracks::record::{Record, Sink, SinkError, Taken};
    ///
    /// struct Careful {
    ///     aside: Vec<String>,
    /// }
    ///
    /// impl Sink for Careful {
    ///     fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
    ///         // The unit alone: a key may identify a person.
    ///         let unit = match record {
    ///             Record::Exposure { unit, .. } | Record::Conversion { unit, .. } => unit.to_string(),
    ///             _ => String::new(),
    ///         };
    ///         self.aside.push(format!("{unit}: {reason}"));
    ///         Ok(())
    ///     }
    ///     # fn name(&self) -> &str {
    ///     #     "careful"
    ///     # }
    ///     # fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
    ///     #     Ok(Taken { written: records.len() as u64, ..Taken::default() })
    ///     # }
    /// }
    /// ```
    fn set_aside(&mut self, record: &Record, reason: &SinkError) -> Result<(), SinkError> {
        let _ = (record, reason);
        Err(SinkError::refused("the sink cannot set records aside"))
    }

    /// Writes pending data and receives the losses of all sinks so far. It is called every few seconds, at
    /// each flush and at the end.
    ///
    /// Does nothing by default.
    ///
    /// # Errors
    ///
    /// If they could not be written.
    ///
    /// The losses are totals since the start of the recorder, so a sink that adds them up must subtract the
    /// previous ones.
    ///
    /// ```
    /// use tower_tracks::record::{Lost, Record, Sink, SinkError, Taken};
    ///
    /// struct Buffered {
    ///     pending: Vec<u8>,
    ///     lost: u64,
    /// }
    ///
    /// impl Sink for Buffered {
    ///     fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
    ///         self.lost = losses.iter().map(|lost| lost.n).sum();
    ///         self.pending.clear(); // … after it is written …
    ///         Ok(())
    ///     }
    ///     # fn name(&self) -> &str {
    ///     #     "buffered"
    ///     # }
    ///     # fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
    ///     #     Ok(Taken { written: records.len() as u64, ..Taken::default() })
    ///     # }
    /// }
    /// ```
    fn settle(&mut self, losses: &[Lost]) -> Result<(), SinkError> {
        let _ = losses;
        Ok(())
    }
}

/// The result of a write: the number of records by outcome.
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
    /// The records that were already known, or whose unit was erased.
    pub duplicates: u64,
    /// The records that were set aside.
    pub aside: u64,
}

impl Taken {
    /// Returns the result of a write whose records were all new.
    pub(super) fn all(records: &[Record]) -> Self {
        Self {
            written: records.len() as u64,
            ..Self::default()
        }
    }
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
    kind: Kind,
    source: Box<dyn error::Error + Send + Sync>,
}

/// What the recorder does after an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The records stay queued and are tried again.
    Transient,
    /// As after a transient error, but a shutdown does not wait: the sink can never be written again.
    Over,
    /// The records caused it.
    Refused,
}

impl Kind {
    fn of(self, source: Box<dyn error::Error + Send + Sync>) -> SinkError {
        SinkError { kind: self, source }
    }
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
        Kind::Transient.of(source.into())
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
        Kind::Over.of(source.into())
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
        Kind::Refused.of(source.into())
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
        self.kind != Kind::Refused
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
        self.kind == Kind::Over
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
