//! The rows of a batch. Each documents which of several rows with the same key stays: that makes
//! writing a union, in which order and repetition do not matter.

use std::{fmt, sync::Arc};

use crate::{store::timestamp::Timestamp, unit::Unit};

/// A writer: one recorder, from its start to its end.
///
/// Sums and losses are counted for each writer since its start, so a new process is a new writer, with
/// another `uuid`. A store identifies it by the `uuid` and keeps the first row.
///
/// ```
/// use tower_tracks::store::{Timestamp, WriterRow};
///
/// let writer = WriterRow::new([7; 16], Timestamp::now()).node("web-1");
/// assert_eq!(&*writer.node, "web-1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WriterRow {
    /// A random id.
    pub uuid: [u8; 16],
    /// The application's name for the machine; may be empty.
    pub node: Arc<str>,
    /// The time of its start.
    pub started_at: Timestamp,
}

impl WriterRow {
    /// Returns a writer that started at a time. The node is empty.
    pub fn new(uuid: [u8; 16], started_at: Timestamp) -> Self {
        Self {
            uuid,
            node: "".into(),
            started_at,
        }
    }

    /// Sets the application's name for the machine. Defaults to an empty name.
    pub fn node(mut self, node: impl Into<Arc<str>>) -> Self {
        self.node = node.into();
        self
    }
}

/// A definition that was in force. If several have the same fingerprint, the store keeps the earliest with
/// its JSON, because the fingerprint covers only a part of a definition. If their times are equal, it keeps
/// the smaller JSON.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, store::{Batch, DefinitionName, DefinitionRow, Timestamp}};
///
/// let group = SimpleTrackSet::new("delay").track("short", 500).track("long", 2000).build()?;
/// let set = group.sets().next().expect("one set");
/// let name = DefinitionName::of(set);
/// let mut batch = Batch::default();
/// let (phase, json) = (batch.phase(&name.phase), serde_json::to_string(set)?.into());
/// let row = DefinitionRow::new(phase, name.fingerprint, json, Timestamp::now());
/// batch.definitions.push(row);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DefinitionRow {
    /// The index of the phase in [`Batch::phases`](crate::store::Batch::phases).
    pub phase: u32,
    /// The fingerprint of its hashed part.
    pub fingerprint: [u8; 32],
    /// The set as JSON.
    pub json: Arc<str>,
    /// The time of the first recorded exposure under it.
    pub first_at: Timestamp,
}

impl DefinitionRow {
    /// Returns a definition with the index of its phase, and the time of the first exposure under it.
    pub fn new(phase: u32, fingerprint: [u8; 32], json: Arc<str>, first_at: Timestamp) -> Self {
        Self {
            phase,
            fingerprint,
            json,
            first_at,
        }
    }
}

/// A plan of a set, with the time from which it was in force. Plans are a log: every row is kept.
///
/// A plan that returns after another one is a row of its own, with its own time.
///
/// ```
/// use tower_tracks::store::{Memory, PlanRow, Store, Timestamp};
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
/// let index = batch.phase(&phase);
/// batch.plans.push(PlanRow::new(index, at, "{}".into()));
/// store.write(&batch)?;
/// assert_eq!(store.phases()?[0].plans.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanRow {
    /// The index of the phase in [`Batch::phases`](crate::store::Batch::phases).
    pub phase: u32,
    /// The time of the first recorded exposure of a set with this plan.
    pub first_at: Timestamp,
    /// The [plan](crate::Plan) as JSON.
    pub json: Arc<str>,
}

impl PlanRow {
    /// Returns a plan in force from a time on, with the index of its phase.
    pub fn new(phase: u32, first_at: Timestamp, json: Arc<str>) -> Self {
        Self {
            phase,
            first_at,
            json,
        }
    }
}

/// A unit was exposed to a track.
///
/// If several rows have the same unit and track, the store keeps the earliest, with its coin, definition and
/// segment. If their times are equal, it keeps the smaller coin (`None`, then `false`, then `true`), then the
/// smaller fingerprint, then the smaller segment. A missing fingerprint or segment is last.
///
/// The unit is in the track from the first exposure on. Later exposures to the same track are the
/// same fact, and an exposure to another track makes the unit *crossed*.
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
/// let first_at = Timestamp::from_micros(90_000_000);
/// batch.exposures = vec![ExposureRow::new(track, unit, first_at, writer)];
/// store.write(&batch)?;
/// // The later exposure changes nothing.
/// assert_eq!(store.history(unit)?.exposures[0].0, at);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ExposureRow {
    /// The index of the track in [`Batch::tracks`](crate::store::Batch::tracks).
    pub track: u32,
    /// The unit.
    pub unit: Unit,
    /// The time of the first reading.
    pub first_at: Timestamp,
    /// The coin; `None` if the scheme has none.
    pub coin: Option<bool>,
    /// The index in [`Batch::definition_names`](crate::store::Batch::definition_names) of the definition
    /// that assigned the track; `None` if it is not known.
    pub definition: Option<u32>,
    /// The index of the unit's segment in [`Batch::segments`](crate::store::Batch::segments); `None`
    /// without a segment.
    pub segment: Option<u32>,
    /// The index of the writer in [`Batch::writers`](crate::store::Batch::writers).
    pub writer: u32,
}

impl ExposureRow {
    /// Returns the first exposure of a unit to a track, with the indices of the track and the writer.
    ///
    /// It has no coin, no definition and no segment.
    ///
    /// ```
    /// use tower_tracks::{
    ///     store::{Batch, ExposureRow, PhaseName, Timestamp, TrackName, WriterRow},
    ///     unit::Unit,
    /// };
    ///
    /// let mut batch = Batch::default();
    /// let now = Timestamp::now();
    /// let writer = batch.writer(&WriterRow::new([7; 16], now).node("web-1"));
    /// let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let track = batch.track(&TrackName { phase, track: "long".into(), control: false });
    /// let unit = Unit::from_bytes([1; 16]);
    /// batch.exposures.push(ExposureRow::new(track, unit, now, writer).coin(true));
    /// assert_eq!(batch.exposures[0].coin, Some(true));
    /// ```
    pub fn new(track: u32, unit: Unit, first_at: Timestamp, writer: u32) -> Self {
        Self {
            track,
            unit,
            first_at,
            coin: None,
            definition: None,
            segment: None,
            writer,
        }
    }

    /// Sets the coin. Defaults to `None`, for a scheme that has none.
    pub fn coin(mut self, coin: impl Into<Option<bool>>) -> Self {
        self.coin = coin.into();
        self
    }

    /// Sets the index of the definition that assigned the track. Defaults to `None`: not known.
    pub fn definition(mut self, definition: impl Into<Option<u32>>) -> Self {
        self.definition = definition.into();
        self
    }

    /// Sets the index of the unit's segment. Defaults to `None`.
    pub fn segment(mut self, segment: impl Into<Option<u32>>) -> Self {
        self.segment = segment.into();
        self
    }
}

/// A unit reached a goal. Of rows with the same goal, unit and id, the store keeps the smallest
/// `(at, value)`.
///
/// The value is in millionths, so 2.50 is 2,500,000. A negative value, such as a refund, reduces a
/// sum of values and does not reach the goal. Without a value, it is 0.
///
/// The id is chosen by the writer: the hash of an order's number, or random bytes if each call
/// counts.
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
/// batch.conversions.push(ConversionRow::new(goal, unit, [2; 16], at, writer));
/// let written = store.write(&batch)?;
/// assert_eq!((written.conversions.new, written.conversions.known), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ConversionRow {
    /// The index of the goal in [`Batch::goals`](crate::store::Batch::goals).
    pub goal: u32,
    /// The unit.
    pub unit: Unit,
    /// The id that identifies repetitions.
    pub idem: [u8; 16],
    /// The time.
    pub at: Timestamp,
    /// The value in millionths.
    pub value: i64,
    /// The index of the writer in [`Batch::writers`](crate::store::Batch::writers).
    pub writer: u32,
}

impl ConversionRow {
    /// Returns a conversion without a value, with the indices of the goal and the writer.
    pub fn new(goal: u32, unit: Unit, idem: [u8; 16], at: Timestamp, writer: u32) -> Self {
        Self {
            goal,
            unit,
            idem,
            at,
            value: 0,
            writer,
        }
    }

    /// Sets the value in millionths. Defaults to 0.
    pub fn value(mut self, value: i64) -> Self {
        self.value = value;
        self
    }
}

/// A visitor and a user were seen in one request. Of rows with the same pair, the store keeps the earliest.
///
/// In a set by visitor, a conversion of the user counts for the visitor of the latest alias at or before the
/// conversion. An alias with the same unit on both sides is stored, but has no effect.
///
/// ```
/// use tower_tracks::store::{Attribute, AliasRow, AskedGoal, Measure, Memory, Question, Store, Timestamp};
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
/// // The visitor signs in, and buys as a user.
/// let user = Unit::from_bytes([2; 16]);
/// batch.aliases.push(AliasRow::new(unit, user, at));
/// batch.conversions[0].unit = user;
/// let store = Memory::default();
/// store.write(&batch)?;
///
/// let bought = AskedGoal::new(Goal::new("bought")?, Measure::Rate);
/// let question = Question::new(phase, Timestamp::MAX).goal(bought);
/// let attribution = store.attribute(&question)?.expect("the phase is known");
/// let cells = attribution.goals[0].cells.values().next().expect("one cohort");
/// assert_eq!(cells.closed.converters, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct AliasRow {
    /// The unit of the visitor.
    pub visitor: Unit,
    /// The unit of the user.
    pub user: Unit,
    /// The time of the first such request.
    pub first_at: Timestamp,
}

impl AliasRow {
    /// Returns the first request with a visitor and a user, at a time.
    pub fn new(visitor: Unit, user: Unit, first_at: Timestamp) -> Self {
        Self {
            visitor,
            user,
            first_at,
        }
    }
}

/// The sums over the requests of one track, for the units of one bucket and one writer.
///
/// Counts never decrease while a writer runs, so a row can be written again with larger numbers.
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
/// for requests in [3, 5, 4] {
///     let mut sums = RequestSums::default();
///     sums.requests = requests;
///     batch.sums.push(SumRow::new(track, 17, writer, sums));
/// }
/// store.write(&batch)?;
/// // The rows are of one writer, so the largest number is the latest.
/// assert_eq!(store.sums(&phase)?.values().next().expect("a bucket").requests, 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SumRow {
    /// The index of the track in [`Batch::tracks`](crate::store::Batch::tracks).
    pub track: u32,
    /// The bucket of the units, from 0 to 1023.
    pub bucket: u16,
    /// The index of the writer in [`Batch::writers`](crate::store::Batch::writers).
    pub writer: u32,
    /// The sums since the writer started. If rows repeat, the store keeps the larger number of each sum.
    pub sums: RequestSums,
}

impl SumRow {
    /// Returns the sums of a bucket since a writer started, with the indices of the track and the writer.
    pub fn new(track: u32, bucket: u16, writer: u32, sums: RequestSums) -> Self {
        Self {
            track,
            bucket,
            writer,
            sums,
        }
    }
}

/// How many requests of one track took a duration, for the units of one group and one writer.
///
/// The counts of a track are a histogram for each of 32 groups of units. A percentile is read from them: those of
/// several writers add up, which percentiles do not.
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
/// for requests in [3, 5, 4] {
///     batch.latencies.push(LatencyRow::new(track, 17, 71, writer, requests));
/// }
/// store.write(&batch)?;
/// // The rows are of one writer, so the largest number is the latest.
/// assert_eq!(store.latencies(&phase)?.into_values().collect::<Vec<_>>(), [5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LatencyRow {
    /// The index of the track in [`Batch::tracks`](crate::store::Batch::tracks).
    pub track: u32,
    /// The group of the units, from 0 to 31: the last five bits of the last byte of a unit.
    pub group: u8,
    /// The bin of the duration, from 0 to 161: bin `i` begins at `0.1 · 2^(i/8)` milliseconds. Shorter durations
    /// are in the first one, and longer ones in the last.
    pub bin: u8,
    /// The index of the writer in [`Batch::writers`](crate::store::Batch::writers).
    pub writer: u32,
    /// The number of requests since the writer started. If rows repeat, the store keeps the larger number.
    pub requests: u64,
}

impl LatencyRow {
    /// Returns a number of requests since a writer started, with the indices of the track and the writer.
    pub fn new(track: u32, group: u8, bin: u8, writer: u32, requests: u64) -> Self {
        Self {
            track,
            group,
            bin,
            writer,
            requests,
        }
    }
}

/// Sums over requests in which a track was read.
///
/// The mean duration is `duration_us / requests`. Counts saturate instead of overflowing.
///
/// ```
/// use tower_tracks::store::RequestSums;
///
/// let mut sums = RequestSums::default();
/// (sums.requests, sums.duration_us) = (4, 10_000);
/// assert_eq!(sums.duration_us / sums.requests, 2_500);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestSums {
    /// The number of requests.
    pub requests: u64,
    /// The number of requests with an error: a status of 500 or more, a failure or a panic.
    pub errors: u64,
    /// The number of requests that were aborted before the response.
    pub aborted: u64,
    /// The sum of their durations, to the head of the response, in microseconds.
    pub duration_us: u64,
    /// The sum of the squares of their durations, in microseconds squared.
    pub duration_us_sq: u128,
}

/// The number of events that a sink lost for a reason. If rows repeat, the store keeps the larger number.
///
/// A lost exposure names a track, and a lost conversion a goal. The reason is the text of a
/// [`LostReason`](crate::store::LostReason).
///
/// ```
/// use tower_tracks::store::{LossRow, LostReason, Memory, Store, Timestamp};
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
/// let (sink, reason) = ("store".into(), LostReason::QueueFull.as_str().into());
/// batch.losses.push(LossRow::new(writer, sink, reason, 12).track(track));
/// store.write(&batch)?;
/// assert_eq!(store.losses()?[0].n, 12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LossRow {
    /// The index of the writer in [`Batch::writers`](crate::store::Batch::writers).
    pub writer: u32,
    /// The index of the track in [`Batch::tracks`](crate::store::Batch::tracks), for exposures.
    pub track: Option<u32>,
    /// The index of the goal in [`Batch::goals`](crate::store::Batch::goals), for conversions.
    pub goal: Option<u32>,
    /// The sink.
    pub sink: Arc<str>,
    /// The reason.
    pub reason: Arc<str>,
    /// The number since the writer started.
    pub n: u64,
}

impl LossRow {
    /// Returns a number of events lost since a writer started, without a track and a goal.
    pub fn new(writer: u32, sink: Arc<str>, reason: Arc<str>, n: u64) -> Self {
        Self {
            writer,
            track: None,
            goal: None,
            sink,
            reason,
            n,
        }
    }

    /// Sets the index of the track, for lost exposures. Defaults to `None`.
    pub fn track(mut self, track: impl Into<Option<u32>>) -> Self {
        self.track = track.into();
        self
    }

    /// Sets the index of the goal, for lost conversions. Defaults to `None`.
    pub fn goal(mut self, goal: impl Into<Option<u32>>) -> Self {
        self.goal = goal.into();
        self
    }
}

/// An event that could not be written, stored for a person to inspect.
///
/// A store refuses such an event for good, so the recorder stores it here instead of repeating the
/// write. Rows that are equal in all fields are one event. Erasing a unit deletes the rows whose
/// payload names it.
///
/// ```
/// use tower_tracks::store::{AsideRow, ErasedRow, Memory, Store, Timestamp};
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
/// let payload = format!("{{\"unit\":\"{unit}\"}}").into();
/// batch.aside.push(AsideRow::new(at, "a value is too large".into(), payload));
/// store.write(&batch)?;
/// // An exposure, a conversion, and the event that was set aside.
/// assert_eq!(store.erase(ErasedRow::new(unit, Timestamp::now()))?, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AsideRow {
    /// The time when it was set aside.
    pub at: Timestamp,
    /// The reason.
    pub reason: Arc<str>,
    /// The event as JSON, with its unit instead of its key.
    pub payload: Arc<str>,
}

impl AsideRow {
    /// Returns an event that was set aside at a time, with the reason and the event as JSON.
    pub fn new(at: Timestamp, reason: Arc<str>, payload: Arc<str>) -> Self {
        Self {
            at,
            reason,
            payload,
        }
    }
}

/// A unit that was erased: its facts up to a time are deleted and cannot be written again.
///
/// The row stays in the store, without the facts. It has the unit but no key.
///
/// ```
/// use tower_tracks::{Key, Units, store::{ErasedRow, Memory, Store, Timestamp}};
///
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let unit = units.unit("visitor", &Key::from("alice"));
/// let deleted = Memory::default().erase(ErasedRow::new(unit, Timestamp::now()))?;
/// assert_eq!(deleted, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ErasedRow {
    /// The unit.
    pub unit: Unit,
    /// The time up to which facts are deleted. If rows repeat, the store keeps the latest.
    pub at: Timestamp,
}

impl ErasedRow {
    /// Returns the erasure of a unit, whose facts up to a time are deleted.
    pub fn new(unit: Unit, at: Timestamp) -> Self {
        Self { unit, at }
    }
}

/// The key of a raw unit. Its `Debug` form does not show the key.
///
/// Such rows exist only if units are [raw](crate::Units::raw). The key of a pseudonym is in no store.
///
/// ```
/// use tower_tracks::store::{Memory, RawUnitRow, Store, Timestamp};
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
/// let (kind, key) = ("visitor".into(), (*b"alice").into());
/// batch.raw_units.push(RawUnitRow::new(unit, kind, key));
/// store.write(&batch)?;
/// let (_, key) = store.history(unit)?.raw.expect("a key");
/// assert_eq!(&*key, b"alice");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawUnitRow {
    /// The unit.
    pub unit: Unit,
    /// The kind of the key.
    pub kind: Arc<str>,
    /// The key.
    pub key: Arc<[u8]>,
}

impl RawUnitRow {
    /// Returns a unit with its key, and the kind of the key.
    pub fn new(unit: Unit, kind: Arc<str>, key: Arc<[u8]>) -> Self {
        Self { unit, kind, key }
    }
}

impl fmt::Debug for RawUnitRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is printed for debugging ends in logs, where no key may be.
        f.debug_struct("RawUnitRow")
            .field("unit", &self.unit)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
