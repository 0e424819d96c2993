//! The trait that every store implements. Its documentation is the contract: one conformance suite
//! tests all stores against it.

use std::{collections::BTreeMap, time::Duration};

use super::{
    attribution::Attribute,
    facts::{Batch, ErasedRow, PhaseName, RequestSums, TrackName},
    timestamp::Timestamp,
};
use crate::{event::Goal, unit::Unit};

use super::{
    catalog::{BusiestSecond, History, InvalidRows, Loss, Overlap, Phase, Readout},
    error::StoreError,
    kinds::check_kinds,
    promises::Promises,
    written::Written,
};

/// Stores facts, and computes the counts for reports. It [attributes](Attribute) conversions, too.
///
/// All methods may wait for I/O. So do not call them on a request path or on a thread of an async
/// runtime; use `spawn_blocking` there. They may be called from several threads at once.
///
/// Writing is a union. Writers may write the same facts in any order and any number of times, and the
/// resulting tables are the same. So a write can be repeated if it is not known whether it succeeded.
///
/// ```
/// use tower_tracks::{
///     store::{Batch, ExposureRow, Memory, PhaseName, Store, Timestamp, TrackName, WriterRow},
///     unit::Unit,
/// };
///
/// let store = Memory::default();
/// let now = Timestamp::now();
/// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
///
/// let mut batch = Batch::default();
/// let writer = batch.writer(&WriterRow::new([7; 16], now).node("web-1"));
/// let track = batch.track(&TrackName { phase, track: "long".into(), control: false });
/// let unit = Unit::from_bytes([1; 16]);
/// batch.exposures.push(ExposureRow::new(track, unit, now, writer));
///
/// assert_eq!(store.write(&batch)?.exposures.new, 1);
/// // The same batch again changes nothing.
/// assert_eq!(store.write(&batch)?.exposures.known, 1);
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
///
/// # Your own store
///
/// Implement the methods without a default. The module `conformance`, with the feature `test-util`, has
/// tests for your store. The guide `stores` has an example. [`Memory`](crate::store::Memory) is the
/// shortest implementation. A method may return an error of any [kind](crate::store::StoreErrorKind); the
/// kind decides whether a recorder repeats a write, sets an event aside (stores it apart from the facts),
/// or stops.
///
/// # Times
///
/// A method with a parameter `as_of` counts facts before that time. It does not count facts exactly at that
/// time. So two adjacent intervals share no fact.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a store",
    label = "expected a store of facts",
    note = "`Memory`, `Sqlite`, `Postgres` and `ClickHouse` are stores, and so is an `Arc` of one; your own type implements `Store` and `Attribute`"
)]
pub trait Store: Attribute {
    /// Returns what the store guarantees beyond a union of facts. Defaults to all of it.
    ///
    /// `ClickHouse` does not guarantee all of it; [`Promises`] explains what follows.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store};
    ///
    /// assert!(Memory::default().promises().counts_new);
    /// ```
    fn promises(&self) -> Promises {
        Promises::default()
    }

    /// Claims the store for one scheme of units; the first claim wins.
    ///
    /// A scheme is how units are computed from keys: with one secret, or raw. The text `units` identifies
    /// the scheme and does not reveal the secret.
    ///
    /// A recorder claims its store when it starts, and an import claims it for the units of the
    /// file. A claim cannot be withdrawn: another secret needs another store.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, StoreErrorKind};
    ///
    /// let store = Memory::default();
    /// store.claim("raw")?;
    /// store.claim("raw")?;
    /// let error = store.claim("another scheme").unwrap_err();
    /// assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OtherUnits`](crate::store::StoreErrorKind::OtherUnits) if the store was claimed for other units.
    fn claim(&self, units: &str) -> Result<(), StoreError>;

    /// Returns the [claimed](Self::claim) scheme of units, or `None` if there is no claim. Defaults to
    /// `None`, for stores that do not support it.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store};
    ///
    /// let store = Memory::default();
    /// assert_eq!(store.units()?, None);
    /// store.claim("raw")?;
    /// assert_eq!(store.units()?.as_deref(), Some("raw"));
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn units(&self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    /// Returns how often the file or schema of the store was deleted or replaced since it was opened.
    ///
    /// It checks the file or schema first. Defaults to 0, for stores that notice a replacement without this
    /// check.
    ///
    /// If the number has grown, call [`claim`](Self::claim) and repeat the writes.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store};
    ///
    /// assert_eq!(Memory::default().replacements()?, 0);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn replacements(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// Writes a batch, either all of it or nothing, if the store [promises](Self::promises) that.
    ///
    /// The rows are sorted and repeated rows are merged before they are written, so that concurrent writers
    /// cannot deadlock. Erasures are written first. A row is not written if its unit was erased at the time
    /// of the row or later. The same applies to events that were set aside, and to the key of an erased
    /// unit without facts.
    ///
    /// # Errors
    ///
    /// [`Refused`](crate::store::StoreErrorKind::Refused) if a row refers to an item that the batch does
    /// not list.
    ///
    /// This error is also returned if the kind of a unit is not a valid name of a unit. After any other
    /// error, the batch can be written again: the store is unchanged or, without that promise, has a part of it.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// // An earlier exposure of the same unit to the same track replaces the later one.
    /// batch.exposures[0].first_at = Timestamp::from_micros(5_000_000);
    /// let written = store.write(&batch)?;
    /// assert_eq!((written.exposures.new, written.exposures.known), (0, 1));
    /// assert_eq!(store.history(unit)?.exposures[0].0.as_micros(), 5_000_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn write(&self, batch: &Batch) -> Result<Written, StoreError>;

    /// Returns all phases, sorted by the name of their set, then by number.
    ///
    /// A [phase](Phase) is one run of a test, and a restart of the test begins the next phase. A phase is
    /// listed as soon as a batch names it, even without an exposure. It stays after
    /// [`retain`](Self::retain).
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let phases = store.phases()?;
    /// assert_eq!(phases[0].name.to_string(), "delay");
    /// assert_eq!(&*phases[0].tracks[0].track, "long");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn phases(&self) -> Result<Vec<Phase>, StoreError>;

    /// Returns all goals with a conversion or a lost conversion, sorted.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// assert_eq!(store.goals()?, [Goal::new("bought")?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn goals(&self) -> Result<Vec<Goal>, StoreError>;

    /// Counts the rows with invalid names or texts, for each table. A store may have such rows if another
    /// program wrote into it.
    ///
    /// No other method returns these rows, or rows that refer to them. There are two exceptions: an
    /// exposure with an invalid segment is returned without the segment, and a writer with an invalid node
    /// is returned without the node. Keys of units of an invalid kind are also omitted, and are not
    /// counted. Defaults to none, for stores that cannot have such rows.
    ///
    /// A name is valid if [`Set`](crate::assign::Set) or [`Goal`] allows it. Definitions and plans are JSON
    /// of at most 4 MiB. Other texts have at most 4 KiB and no zero byte.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store};
    ///
    /// // A store in memory cannot be written by another program.
    /// assert!(Memory::default().invalid_rows()?.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
        Ok(Vec::new())
    }

    /// Counts the conversions of all units before a time, by goal and UTC day.
    ///
    /// The days are numbered from 1970-01-01. They are days of UTC, whatever the calendar of a report is.
    /// Units that were never exposed count as well.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let days = store.conversions_by_day(Timestamp::MAX)?;
    /// assert_eq!(days[&(Goal::new("bought")?, 0)], 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError>;

    /// Counts the units of a phase that were also in the previous phase of the set, and the users who were
    /// exposed to several tracks. `previous` is the previous phase, with its longest conversion window. All
    /// counts are 0 if the phase is unknown.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Overlap, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let overlap = store.overlap(&phase, None, Timestamp::MAX)?;
    /// assert_eq!(overlap, Overlap::default());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError>;

    /// Returns the second in which the most units were first exposed to one track of a phase.
    ///
    /// The second is in UTC, and only exposures before `as_of` count. If several seconds have equally many
    /// units, it returns the earliest one, then the one whose track has the smallest name. It returns `None`
    /// if there is no exposure.
    ///
    /// A report uses it if there is a sample ratio mismatch. Defaults to `None`, for stores that do not
    /// support it.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let second = store.busiest_second(&phase, Timestamp::MAX)?.expect("an exposure");
    /// assert_eq!((second.at.as_micros(), second.units), (60_000_000, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        // The parameters have no underscore in their names, since the documentation shows them.
        let _ = (phase, as_of);
        Ok(None)
    }

    /// Returns the sums over the requests of a phase, for each track and each bucket of units.
    ///
    /// A bucket is one of 1024 groups of units. Each sum is over all writers.
    ///
    /// Add the buckets of a track to get its total. A report uses each bucket separately. All requests of a
    /// unit are in one bucket, so the spread between buckets is the spread between groups of units.
    ///
    ///
    /// ```
    /// use tower_tracks::store::{Memory, RequestSums, Store, SumRow, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let mut sums = RequestSums::default();
    /// (sums.requests, sums.errors) = (3, 1);
    /// for bucket in [17, 513] {
    ///     batch.sums.push(SumRow::new(track, bucket, writer, sums));
    /// }
    /// store.write(&batch)?;
    ///
    /// let buckets = store.sums(&phase)?;
    /// assert_eq!(buckets.values().map(|sums| sums.requests).sum::<u64>(), 6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError>;

    /// Returns the number of requests of a phase by duration, for each track and each group of units.
    ///
    /// The keys are the track, the group and the bin of a [`LatencyRow`](crate::store::LatencyRow). Each number is over all writers, and
    /// greater than 0.
    ///
    /// ```
    /// use tower_tracks::store::{LatencyRow, Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// batch.latencies.push(LatencyRow::new(track, 17, 71, writer, 5));
    /// store.write(&batch)?;
    /// let latencies = store.latencies(&phase)?;
    /// let ((track, group, bin), requests) = latencies.into_iter().next().expect("a bin");
    /// assert_eq!((&*track.track, group, bin, requests), ("long", 17, 71, 5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn latencies(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u8, u8), u64>, StoreError>;

    /// Returns the lost events of all writers, sorted.
    ///
    /// Each [`Loss`] is the sum over all writers. It stays in the store after a writer has ended.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store};
    ///
    /// assert!(Memory::default().losses()?.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn losses(&self) -> Result<Vec<Loss>, StoreError>;

    /// Returns all facts of a unit.
    ///
    /// A unit without facts has an empty [`History`], not an error. For a unit with many
    /// conversions, read it in parts, by [`history_part`](Self::history_part).
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let history = store.history(unit)?;
    /// assert_eq!(history.exposures.len(), 1);
    /// // The value is in millionths.
    /// assert_eq!(history.conversions[0].2, 2_500_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn history(&self, unit: Unit) -> Result<History, StoreError>;

    /// Returns a part of the facts of a unit.
    ///
    /// Of the exposures, it skips the first `from`, and returns at most `limit`. It does the same with the
    /// conversions and with the aliases. Each list has the order of [`History`].
    ///
    /// The default calls [`history`](Self::history), which reads all facts, and returns a part of them.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// assert_eq!(store.history_part(unit, 0, 100)?.conversions.len(), 1);
    /// assert!(store.history_part(unit, 1, 100)?.conversions.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        Ok(self.history(unit)?.part(from, limit))
    }

    /// Returns whether an exposure of a unit is stored.
    ///
    /// Defaults to a call of [`history_part`](Self::history_part).
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// assert!(store.is_exposed(unit)?);
    /// assert!(!store.is_exposed(Unit::from_bytes([2; 16]))?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        // One exposure is enough, and a store that limits its queries need not read the others.
        Ok(!self.history_part(unit, 0, 1)?.exposures.is_empty())
    }

    /// Returns the size of the stored facts in bytes, which a [`Ceiling`](crate::record::Ceiling) limits.
    ///
    /// Defaults to `None`, for stores that do not know their size.
    ///
    /// A store may return an estimate, as `Memory` does. The size is read repeatedly, so it must
    /// not need a scan of all facts.
    ///
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// assert!(store.bytes()?.expect("an estimate") > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    /// Deletes the facts of a unit up to a time, and returns the number of deleted rows. Facts up to that
    /// time cannot be written again, for instance from a log; later facts can.
    ///
    /// It deletes from this store only, not from JSON lines, backups or logs. It does not change sums over
    /// requests, because the part of one unit in them is not known.
    ///
    /// ```
    /// use tower_tracks::store::{ErasedRow, Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let erased = ErasedRow::new(unit, Timestamp::now());
    /// // One exposure and one conversion.
    /// assert_eq!(store.erase(erased)?, 2);
    /// // A log that is read again does not bring them back.
    /// assert_eq!(store.write(&batch)?.exposures.erased, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError>;

    /// Deletes the exposures and the request sums of phases that have ended. A phase has ended if it is not
    /// in `running`, and no unit was first exposed in it at `before` or later. Then it deletes
    ///
    /// * conversions before that time, except those of units that still have an exposure, and those of
    ///   users with an alias to a visitor that still has one;
    /// * aliases before that time, if neither the visitor nor the user has an exposure;
    /// * the keys of units without facts.
    ///
    /// Returns the number of deleted exposures and conversions.
    ///
    /// Phases are compared by set and number. A running phase of a renamed set also keeps what is stored under
    /// former names. The names of phases, their definitions and losses stay.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// // A running phase keeps its facts.
    /// assert_eq!(store.retain(Timestamp::now(), &[phase])?, 0);
    /// assert_eq!(store.retain(Timestamp::now(), &[])?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError>;

    /// Passes all rows to `each`, in batches of any size.
    ///
    /// The caller writes them elsewhere. All batches together are one snapshot, if the store
    /// [promises](Self::promises) that. Read-outs are omitted, because they can be computed again.
    ///
    /// Erasures come first, then facts, then the keys of units, because [`write`](Self::write) depends on
    /// that order.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let mut rows = 0;
    /// store.dump(&mut |batch| {
    ///     rows += batch.rows();
    ///     Ok(())
    /// })?;
    /// assert_eq!(rows, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be read. If `each` returns an error, the dump ends and returns this error.
    fn dump(&self, each: &mut dyn FnMut(Batch) -> Result<(), StoreError>)
    -> Result<(), StoreError>;

    /// Writes all rows of another store, and returns the counts.
    ///
    /// An error of `other` or of a write ends the merge. The batches that were written before stay,
    /// and a second merge completes it.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Timestamp};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let all = Memory::default();
    /// assert_eq!(all.merge(&store)?.total().new, 2);
    /// // Facts are a union, so a repetition changes nothing.
    /// assert_eq!(all.merge(&store)?.total().new, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`OtherUnits`](crate::store::StoreErrorKind::OtherUnits) if the other store was claimed for other
    /// units, because no unit would match. The same error is returned if a phase has another kind of unit
    /// in the other store.
    fn merge(&self, other: &dyn Store) -> Result<Written, StoreError> {
        merge(self, other, |_| ())
    }

    /// Stores the read-out of a phase, and replaces the previous one.
    ///
    /// There is one read-out for each phase and [kind](Readout::kind).
    ///
    /// ```
    /// use tower_tracks::store::{Memory, PhaseName, Readout, Store, Timestamp};
    ///
    /// let store = Memory::default();
    /// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let (kind, as_of) = ("looks".into(), Timestamp::now());
    /// store.put_readout(&Readout::new(phase, kind, as_of, "{}".into()))?;
    /// assert_eq!(&*store.readouts("looks")?[0].json, "{}");
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    ///
    /// # Errors
    ///
    /// If the store cannot be written.
    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError>;

    /// Returns the read-outs of this kind for all phases, sorted by set and number.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store};
    ///
    /// assert!(Memory::default().readouts("looks")?.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError>;
}

/// Merges another store as [`Store::merge`] does, and calls the closure with the rows of each batch.
pub(crate) fn merge(
    store: &(impl Store + ?Sized),
    other: &dyn Store,
    each: impl Fn(usize),
) -> Result<Written, StoreError> {
    // Claimed before the first row: units of another secret would match none of the store, and a
    // merge cannot be undone.
    if let Some(units) = other.units()? {
        store.claim(&units)?;
    }
    check_kinds(&store.phases()?, &other.phases()?)?;
    let mut written = Written::default();
    other.dump(&mut |batch| {
        written += store.write(&batch)?;
        each(batch.rows());
        Ok(())
    })?;
    Ok(written)
}
