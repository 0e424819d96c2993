use std::{fmt, sync::Arc};

use crate::{
    event::{Goal, Unit},
    record::{PhaseName, Timestamp, TrackName},
};

/// A phase as a store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// What it is known by.
    pub name: PhaseName,
    /// Its tracks, sorted by name, control first.
    pub tracks: Vec<TrackName>,
    /// The definitions that units were exposed under, the earliest first, then by fingerprint. More
    /// than one means that the hashed part of a running phase was changed.
    pub definitions: Vec<Definition>,
    /// The plans that were in force, the earliest first, then by JSON. A plan that came back is there
    /// again, and repetitions may be, too.
    pub plans: Vec<PlanEntry>,
}

/// A definition as a store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What of it is hashed.
    pub fingerprint: [u8; 32],
    /// The set as JSON, as it was then.
    pub json: Arc<str>,
    /// The time of the first recorded exposure under it.
    pub first_at: Timestamp,
}

/// An entry of the log of plans of a phase.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanEntry {
    /// The time of the first recorded exposure of a set with this plan.
    pub first_at: Timestamp,
    /// The [plan](crate::Plan) as JSON.
    pub json: Arc<str>,
}

/// How many events did not come into a sink, for a reason, over all writers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// The sink that did not take them.
    pub sink: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
    /// The track, for exposures.
    pub track: Option<TrackName>,
    /// The goal, for conversions.
    pub goal: Option<Goal>,
    /// How many.
    pub n: u64,
}

/// How many rows of a table have a name or a text that is not allowed. As text it is a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidRows {
    /// The table.
    pub table: &'static str,
    /// How many rows.
    pub rows: u64,
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

/// Units of a phase that other parts of a store are about, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overlap {
    /// How many of them were exposed in the previous phase of the set, less than a window before
    /// their first exposure in this one.
    pub of_previous_phase: u64,
    /// How many users were exposed to more than one track, through several visitors that they are
    /// known by. Visitors that crossed by themselves are not among them.
    pub users_in_several_tracks: u64,
}

/// The second in which the most units were first exposed to one track of a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusiestSecond {
    /// When the second begins.
    pub at: Timestamp,
    /// The track.
    pub track: TrackName,
    /// How many units were first exposed to it then.
    pub units: u64,
}

/// All that is known of one unit. Its `Debug` form does not show the key.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Which tracks it met, when first, and its coin; by time, then by track.
    pub exposures: Vec<(Timestamp, TrackName, Option<bool>)>,
    /// Which goals it reached, when, and what that was worth in millionths; by time, then by goal.
    pub conversions: Vec<(Timestamp, Goal, i64)>,
    /// The units that it was seen together with, on either side, and when first; by time.
    pub aliases: Vec<(Timestamp, Unit)>,
    /// Its kind and key, where the application chose raw units.
    pub raw: Option<(Arc<str>, Arc<[u8]>)>,
    /// When it was last erased.
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
    /// Returns what is left after the first `from` of each kind of facts, at most `limit` of each.
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

/// Something that was computed of a phase in the background, and stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readout {
    /// What it is of.
    pub phase: PhaseName,
    /// What it is.
    pub kind: Arc<str>,
    /// Of when the facts are.
    pub as_of: Timestamp,
    /// What was computed, as JSON.
    pub json: Arc<str>,
}
