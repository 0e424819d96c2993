//! The answers of a store other than attributions: phases, losses, overlaps, the facts of one unit,
//! read-outs. All are plain data with public fields, so that another store can build them.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{
    facts::{PhaseName, RequestSums, TrackName},
    timestamp::Timestamp,
};
use crate::{event::Goal, unit::Unit};

/// The number of conversions by goal and day of UTC.
pub(super) type ConversionsByDay = BTreeMap<(Goal, i32), u64>;

/// The sums over requests by track and bucket.
pub(super) type SumsByBucket = BTreeMap<(TrackName, u16), RequestSums>;

/// The number of requests by track, group of units and bin of durations.
pub(crate) type LatencyCounts = BTreeMap<(TrackName, u8, u8), u64>;

/// A phase in a store.
///
/// A set is in one phase at a time. A restart of the test increases the number. The names of a phase stay in
/// the store after [`retain`](crate::store::Store::retain) removed its exposures.
///
/// ```
/// use tower_tracks::store::{Batch, Memory, PhaseName, Store, TrackName};
///
/// let store = Memory::default();
/// let phase = PhaseName { set: "delay".into(), phase: 2, kind: "visitor".into() };
/// let mut batch = Batch::default();
/// for (track, control) in [("short", false), ("control", true)] {
///     batch.track(&TrackName { phase: phase.clone(), track: track.into(), control });
/// }
/// store.write(&batch)?;
///
/// let phases = store.phases()?;
/// assert_eq!(phases[0].name, phase);
/// assert!(phases[0].tracks[0].control);
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Phase {
    /// The name of the phase.
    pub name: PhaseName,
    /// Its tracks, sorted by name, control first.
    pub tracks: Vec<TrackName>,
    /// The definitions with exposures, the earliest first, then by fingerprint. If there are several, the
    /// hashed part of a running phase was changed.
    pub definitions: Vec<Definition>,
    /// The plans that were in force, the earliest first, then by JSON. A plan that was restored is listed
    /// again, and entries may repeat.
    pub plans: Vec<PlanEntry>,
}

impl Phase {
    /// Returns a phase without tracks, definitions and plans.
    pub fn new(name: PhaseName) -> Self {
        Self {
            name,
            tracks: Vec::new(),
            definitions: Vec::new(),
            plans: Vec::new(),
        }
    }
}

/// A definition in a store.
///
/// The JSON is the whole set. The fingerprint covers only the part that decides assignments.
/// [`StoredSets`](crate::assign::StoredSets) parses the JSON.
///
/// ```
/// use tower_tracks::{
///     SimpleTrackSet,
///     store::{Batch, DefinitionName, DefinitionRow, Memory, Store, Timestamp},
/// };
///
/// let group = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
/// let set = group.sets().next().expect("one set");
/// let name = DefinitionName::of(set);
/// let mut batch = Batch::default();
/// let (phase, first_at) = (batch.phase(&name.phase), Timestamp::now());
/// let json = serde_json::to_string(set)?.into();
/// batch.definitions.push(DefinitionRow::new(phase, name.fingerprint, json, first_at));
///
/// let store = Memory::default();
/// store.write(&batch)?;
/// assert_eq!(store.phases()?[0].definitions[0].fingerprint, name.fingerprint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Definition {
    /// The fingerprint of its hashed part.
    pub fingerprint: [u8; 32],
    /// The set as JSON, at that time.
    pub json: Arc<str>,
    /// The time of the first recorded exposure under it.
    pub first_at: Timestamp,
}

impl Definition {
    /// Returns a definition with the time of the first exposure under it.
    pub fn new(fingerprint: [u8; 32], json: Arc<str>, first_at: Timestamp) -> Self {
        Self {
            fingerprint,
            json,
            first_at,
        }
    }
}

/// An entry of the log of plans of a phase.
///
/// The log shows whether a plan was changed while the phase ran.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct PlanEntry {
    /// The time of the first recorded exposure of a set with this plan.
    pub first_at: Timestamp,
    /// The [plan](crate::Plan) as JSON.
    pub json: Arc<str>,
}

impl PlanEntry {
    /// Returns an entry with the time of the first exposure with the plan.
    pub fn new(first_at: Timestamp, json: Arc<str>) -> Self {
        Self { first_at, json }
    }
}

/// The number of events that a sink lost for a reason, over all writers.
///
/// It sums the [`LossRow`](crate::store::LossRow)s of all writers. The reason is the text of a
/// [`LostReason`](crate::store::LostReason), unless another program wrote it. Losses of exposures
/// name a track, and losses of conversions name a goal.
///
/// ```
/// use tower_tracks::store::{Memory, Store};
///
/// let store = Memory::default();
/// let lost: u64 = store.losses()?.iter().map(|loss| loss.n).sum();
/// assert_eq!(lost, 0);
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Loss {
    /// The sink.
    pub sink: Arc<str>,
    /// The reason.
    pub reason: Arc<str>,
    /// The track, for exposures.
    pub track: Option<TrackName>,
    /// The goal, for conversions.
    pub goal: Option<Goal>,
    /// The number of events.
    pub n: u64,
}

impl Loss {
    /// Returns a number of lost events, without a track or a goal.
    pub fn new(sink: Arc<str>, reason: Arc<str>, n: u64) -> Self {
        Self {
            sink,
            reason,
            track: None,
            goal: None,
            n,
        }
    }
}

/// The number of rows of a table with a name or a text that is not allowed. `Display` writes a sentence.
///
/// ```
/// use tower_tracks::store::{Memory, Store};
///
/// for invalid in Memory::default().invalid_rows()? {
///     eprintln!("{invalid}");
/// }
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRows {
    /// The table.
    pub table: &'static str,
    /// The number of rows.
    pub rows: u64,
}

impl InvalidRows {
    /// Returns the number of invalid rows of a table.
    pub fn new(table: &'static str, rows: u64) -> Self {
        Self { table, rows }
    }
}

impl fmt::Display for InvalidRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, rows } = self;
        write!(
            f,
            "{rows} rows of the table {table:?} have a name or a text that is not allowed, and are \
             left out with the rows that refer to them: something else than tower-tracks wrote them"
        )
    }
}

/// Units of a phase that also occur in other parts of a store.
///
/// Both counts are 0 if nothing overlaps. Only facts in the same store are compared.
///
/// ```
/// use std::time::Duration;
///
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
/// let second = PhaseName { phase: 2, ..phase.clone() };
/// let long = TrackName { phase: second.clone(), track: "long".into(), control: false };
/// let track = batch.track(&long);
/// batch.exposures.push(ExposureRow::new(track, unit, at, writer));
/// store.write(&batch)?;
///
/// let week = Duration::from_secs(7 * 86_400);
/// let overlap = store.overlap(&second, Some((&phase, week)), Timestamp::MAX)?;
/// assert_eq!(overlap.of_previous_phase, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overlap {
    /// The number of units that were exposed in the previous phase of the set, less than a window before
    /// their first exposure in this one.
    pub of_previous_phase: u64,
    /// The number of users who were exposed to more than one track, through several visitors. Visitors who
    /// saw several tracks themselves do not count.
    pub users_in_several_tracks: u64,
}

/// The second in which the most units were first exposed to one track of a phase.
///
/// Many units in one second are a sign of a program: a load test or a bot that discards its
/// cookies.
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
/// // A second unit, half a second later.
/// let (unit, first_at) = (Unit::from_bytes([2; 16]), Timestamp::from_micros(60_500_000));
/// batch.exposures.push(ExposureRow::new(track, unit, first_at, writer));
/// store.write(&batch)?;
///
/// let busiest = store.busiest_second(&phase, Timestamp::MAX)?.expect("exposures");
/// assert_eq!((busiest.at, busiest.units), (at, 2));
/// assert_eq!(&*busiest.track.track, "long");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BusiestSecond {
    /// The beginning of the second.
    pub at: Timestamp,
    /// The track.
    pub track: TrackName,
    /// The number of units that were first exposed to it in this second.
    pub units: u64,
}

impl BusiestSecond {
    /// Returns a second, a track, and the number of units that were first exposed to the track in it.
    pub fn new(at: Timestamp, track: TrackName, units: u64) -> Self {
        Self { at, track, units }
    }
}

/// All facts of one unit. Its `Debug` form does not show the key.
///
/// It is the answer to a person's request for stored data, and the data that
/// [`erase`](crate::store::Store::erase) deletes.
///
/// ```
/// use tower_tracks::{
///     store::{Memory, Store},
///     unit::Unit,
/// };
///
/// let history = Memory::default().history(Unit::from_bytes([1; 16]))?;
/// assert!(history.exposures.is_empty() && history.raw.is_none());
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct History {
    /// Its tracks, with the time of the first exposure and the coin; sorted by time, then by track.
    pub exposures: Vec<(Timestamp, TrackName, Option<bool>)>,
    /// Its goals, with the time and the value in millionths; sorted by time, then by goal.
    pub conversions: Vec<(Timestamp, Goal, i64)>,
    /// The linked units, with the time of the first alias; sorted by time.
    pub aliases: Vec<(Timestamp, Unit)>,
    /// Its kind and key, if units are raw.
    pub raw: Option<(Arc<str>, Arc<[u8]>)>,
    /// The time of the latest erasure.
    pub erased_at: Option<Timestamp>,
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The key identifies a person, and what is printed by `Debug` often ends in a log.
        let kind = self.raw.as_ref().map(|(kind, _)| kind);
        f.debug_struct("History")
            .field("exposures", &self.exposures)
            .field("conversions", &self.conversions)
            .field("aliases", &self.aliases)
            .field("kind", &kind)
            .field("erased_at", &self.erased_at)
            .finish_non_exhaustive()
    }
}

impl History {
    /// Returns at most `limit` facts of each kind, after the first `from`.
    pub(super) fn part(mut self, from: usize, limit: usize) -> Self {
        cut(&mut self.exposures, from, limit);
        cut(&mut self.conversions, from, limit);
        cut(&mut self.aliases, from, limit);
        self
    }
}

/// Removes the first `from` facts, and all after the next `limit`.
fn cut<T>(facts: &mut Vec<T>, from: usize, limit: usize) {
    // A range beyond the end would panic.
    facts.drain(..from.min(facts.len()));
    facts.truncate(limit);
}

/// A result of a phase that was computed in the background and stored.
///
/// The program that stores a result defines its kind and its JSON. A store does not parse them, and
/// [`dump`](crate::store::Store::dump) omits them, because they can be computed again.
///
/// ```
/// use tower_tracks::store::{Memory, PhaseName, Readout, Store, Timestamp};
///
/// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
/// let store = Memory::default();
/// for json in ["{\"decided\":false}", "{\"decided\":true}"] {
///     let (phase, kind) = (phase.clone(), "decision".into());
///     let readout = Readout::new(phase, kind, Timestamp::now(), json.into());
///     store.put_readout(&readout)?;
/// }
/// // The later one replaced the earlier one.
/// assert_eq!(store.readouts("decision")?.len(), 1);
/// assert_eq!(&*store.readouts("decision")?[0].json, "{\"decided\":true}");
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Readout {
    /// The phase.
    pub phase: PhaseName,
    /// The kind of the result.
    pub kind: Arc<str>,
    /// The time of the facts.
    pub as_of: Timestamp,
    /// The result as JSON.
    pub json: Arc<str>,
}

impl Readout {
    /// Returns a result of a phase, from the facts up to a time, as JSON.
    pub fn new(phase: PhaseName, kind: Arc<str>, as_of: Timestamp, json: Arc<str>) -> Self {
        Self {
            phase,
            kind,
            as_of,
            json,
        }
    }
}
