use std::{fmt, sync::Arc};

use crate::{event::Unit, record::Timestamp};

/// One process that writes: a recorder from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WriterRow {
    /// Random, so that no two are alike.
    pub uuid: [u8; 16],
    /// What the application calls the machine; may be empty.
    pub node: Arc<str>,
    /// When it started.
    pub started_at: Timestamp,
}

/// A definition that was in force. Of two with one fingerprint the earliest stays, with its JSON: not
/// all of a definition is hashed. Of two of one time the one with the lesser JSON stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionRow {
    /// The index of the phase in [`Batch::phases`](super::Batch::phases).
    pub phase: u32,
    /// What of it is hashed.
    pub fingerprint: [u8; 32],
    /// The set as JSON.
    pub json: Arc<str>,
    /// The time of the first recorded exposure under it.
    pub first_at: Timestamp,
}

/// A plan of a set, and from when on it was in force. These are a log: each row stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// The index of the phase in [`Batch::phases`](super::Batch::phases).
    pub phase: u32,
    /// The time of the first recorded exposure of a set with this plan.
    pub first_at: Timestamp,
    /// The [plan](crate::Plan) as JSON.
    pub json: Arc<str>,
}

/// A unit was exposed to a track.
///
/// Of two rows of one unit and track the earliest stays, with its coin, definition and segment. Of
/// two at one time the one with the lesser coin stays, `None` before `false` before `true`; then
/// the one with the lesser fingerprint, `None` last; then the one with the lesser segment, `None`
/// last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExposureRow {
    /// The index of the track in [`Batch::tracks`](super::Batch::tracks).
    pub track: u32,
    /// Who met it.
    pub unit: Unit,
    /// When the track was first read.
    pub first_at: Timestamp,
    /// The coin; `None` in schemes that have none.
    pub coin: Option<bool>,
    /// The index in [`Batch::definition_names`](super::Batch::definition_names) of the definition
    /// that assigned the track; `None` where it is not known.
    pub definition: Option<u32>,
    /// The index of the unit's segment in [`Batch::segments`](super::Batch::segments); `None` where
    /// there is none.
    pub segment: Option<u32>,
    /// The index of the writer in [`Batch::writers`](super::Batch::writers).
    pub writer: u32,
}

/// A unit reached a goal. Of two with one goal, unit and key the least `(at, value)` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConversionRow {
    /// The index of the goal in [`Batch::goals`](super::Batch::goals).
    pub goal: u32,
    /// Who reached it.
    pub unit: Unit,
    /// By what a repetition is known.
    pub idem: [u8; 16],
    /// When.
    pub at: Timestamp,
    /// What it is worth, in millionths.
    pub value: i64,
    /// The index of the writer in [`Batch::writers`](super::Batch::writers).
    pub writer: u32,
}

/// A visitor is somebody who signed in. Of two of one pair the earliest stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AliasRow {
    /// The unit of the visitor.
    pub visitor: Unit,
    /// The unit of whoever signed in.
    pub user: Unit,
    /// When they were first seen together.
    pub first_at: Timestamp,
}

/// What the requests of one track summed up to, for units in one bucket and one writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SumRow {
    /// The index of the track in [`Batch::tracks`](super::Batch::tracks).
    pub track: u32,
    /// The bucket of the units, from 0 to 1023.
    pub bucket: u16,
    /// The index of the writer in [`Batch::writers`](super::Batch::writers).
    pub writer: u32,
    /// The sums since the writer started. Of two the larger number stays, for each.
    pub sums: RequestSums,
}

/// Sums over requests in which a track was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestSums {
    /// How many requests.
    pub requests: u64,
    /// How many ended in an error: a status of 500 or more, a failure or a panic.
    pub errors: u64,
    /// How many were aborted before there was a response.
    pub aborted: u64,
    /// The sum of their durations, to the head of the response, in microseconds.
    pub duration_us: u64,
    /// The sum of the squares of their durations, in microseconds squared.
    pub duration_us_sq: u128,
}

/// How many events did not come into a sink, for a reason. Of two the larger number stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LossRow {
    /// The index of the writer in [`Batch::writers`](super::Batch::writers).
    pub writer: u32,
    /// The index of the track in [`Batch::tracks`](super::Batch::tracks), for exposures.
    pub track: Option<u32>,
    /// The index of the goal in [`Batch::goals`](super::Batch::goals), for conversions.
    pub goal: Option<u32>,
    /// The sink that did not take them.
    pub sink: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
    /// How many, since the writer started.
    pub n: u64,
}

/// An event that could not be written, kept for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideRow {
    /// When it was set aside.
    pub at: Timestamp,
    /// Why.
    pub reason: Arc<str>,
    /// What it said, as JSON, with its unit in place of its key.
    pub payload: Arc<str>,
}

/// A unit that was erased: what is known of it up to a time is gone and does not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErasedRow {
    /// The unit.
    pub unit: Unit,
    /// Up to when. Of two the latest stays.
    pub at: Timestamp,
}

/// The key of a unit, where the application chose raw units. Its `Debug` form does not show the key.
#[derive(Clone, PartialEq, Eq)]
pub struct RawUnitRow {
    /// The unit.
    pub unit: Unit,
    /// The kind of the key.
    pub kind: Arc<str>,
    /// The key.
    pub key: Arc<[u8]>,
}

impl fmt::Debug for RawUnitRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawUnitRow")
            .field("unit", &self.unit)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
