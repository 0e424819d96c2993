//! The counts of one batch, by series.

use std::{collections::HashMap, sync::Arc, time::Duration};

use crate::{
    event::{Exposure, Goal},
    record::sinks::record::Record,
    store::TrackName,
};

/// The counts of a batch. Each series is then looked up once, instead of once per record.
#[derive(Default)]
pub(super) struct Counts {
    /// The readings of each track, by the address of its set and its index. The records keep the
    /// sets meanwhile, so that the addresses stay unique.
    pub(super) tracks: HashMap<(usize, usize), (TrackName, Readings)>,
    pub(super) goals: HashMap<Goal, u64>,
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
        let Some((set, index)) = exposure.met() else {
            return;
        };
        let Some(track) = set.tracks().get(index) else {
            return;
        };
        let address = Arc::as_ptr(set).addr();
        let counted = self.tracks.entry((address, index));
        let new = || (TrackName::of(set, track), Readings::default());
        let (_, readings) = counted.or_insert_with(new);
        let outcome = exposure
            .outcome()
            .map_or("none", |outcome| outcome.as_str());
        *readings.outcomes.entry(outcome).or_default() += 1;
        readings.durations.extend(exposure.duration());
    }
}
