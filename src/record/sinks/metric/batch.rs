use std::{collections::HashMap, hash::Hash, sync::Arc, time::Duration};

use crate::{
    assign::Set,
    event::{Exposure, Goal},
    record::sinks::record::Record,
    store::TrackName,
};

/// What is counted of a batch, so that each series is looked up once.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) tracks: HashMap<Met, Readings>,
    pub(super) goals: HashMap<Goal, u64>,
}

/// A track, by the address of its set, and its index.
#[derive(Clone)]
pub(super) struct Met {
    set: Arc<Set>,
    track: usize,
}

/// How often a track was read.
#[derive(Default)]
pub(super) struct Readings {
    pub(super) outcomes: HashMap<&'static str, u64>,
    pub(super) durations: Vec<Duration>,
}

impl Counts {
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
    pub(super) fn name(&self) -> Option<TrackName> {
        let track = self.set.tracks().get(self.track)?;
        Some(TrackName::of(&self.set, track))
    }

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
