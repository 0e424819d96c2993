//! The counts of one batch, by series.

use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

use crate::{
    assign::Set,
    event::{Exposure, Goal},
    record::sinks::record::Record,
    store::TrackName,
};

/// The counts of a batch. Each series is then looked up once, instead of once per record.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) tracks: HashMap<Met, Readings>,
    pub(super) goals: HashMap<Goal, u64>,
}

/// A track, by the address of its set and its index. The set is kept, so that the address stays
/// unique.
#[derive(Clone)]
pub(super) struct Met {
    set: Arc<Set>,
    track: usize,
}

/// The readings of a track, by the outcome of the request, with the durations.
#[derive(Default)]
pub(super) struct Readings {
    pub(super) outcomes: HashMap<&'static str, u64>,
    pub(super) durations: Vec<Duration>,
}

impl Counts {
    /// Counts a batch. Aliases have no metric.
    pub(super) fn of(records: &[Record]) -> Self {
        let mut counts = Self::default();
        for record in records {
            match record {
                Record::Exposure { exposure, .. } => counts.add(exposure),
                Record::Conversion { conversion, .. } => {
                    *counts.goals.entry(conversion.goal().clone()).or_default() += 1;
                }
                Record::Alias { .. } => {}
            }
        }
        counts
    }

    /// Counts an exposure.
    fn add(&mut self, exposure: &Exposure) {
        let Some((set, track)) = exposure.met() else {
            return;
        };
        let set = Arc::clone(set);
        let readings = self.tracks.entry(Met { set, track }).or_default();
        let outcome = exposure
            .outcome()
            .map_or("none", |outcome| outcome.as_str());
        *readings.outcomes.entry(outcome).or_default() += 1;
        readings.durations.extend(exposure.duration());
    }
}

impl Met {
    /// Returns the name of the track.
    pub(super) fn name(&self) -> Option<TrackName> {
        let track = self.set.tracks().get(self.track)?;
        Some(TrackName::of(&self.set, track))
    }

    /// Returns the identity of the track: comparing addresses is cheaper than comparing names.
    fn id(&self) -> (usize, usize) {
        (Arc::as_ptr(&self.set).addr(), self.track)
    }
}

impl PartialEq for Met {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Met {}

impl Hash for Met {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}
