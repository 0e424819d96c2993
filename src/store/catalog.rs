use std::{fmt, sync::Arc};

use super::{
    facts::{PhaseName, TrackName},
    timestamp::Timestamp,
};
use crate::{event::Goal, unit::Unit};

/// A phase in a store.
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
    /// The plans that were in force, the earliest first, then by JSON. A plan that returned occurs
    /// again, and there may be repetitions.
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct PlanEntry {
    /// The time of the first recorded exposure of a set with this plan.
    pub first_at: Timestamp,
    /// The [plan](crate::Plan) as JSON.
    pub json: Arc<str>,
}

impl PlanEntry {
    /// Returns an entry from a time on.
    pub fn new(first_at: Timestamp, json: Arc<str>) -> Self {
        Self { first_at, json }
    }
}

/// The number of events that a sink lost for a reason, over all writers.
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
    /// Returns a number of lost events, without a track and a goal.
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
    /// Returns a number of units that were first exposed to a track in a second.
    pub fn new(at: Timestamp, track: TrackName, units: u64) -> Self {
        Self { at, track, units }
    }
}

/// All facts of one unit. Its `Debug` form does not show the key.
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

fn cut<T>(facts: &mut Vec<T>, from: usize, limit: usize) {
    facts.drain(..from.min(facts.len()));
    facts.truncate(limit);
}

/// A result of a phase that was computed in the background and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
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
