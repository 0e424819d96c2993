use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::Set,
    event::Exposure,
    record::{PhaseName, TrackName},
};

/// A track by the address of its set, which is kept in its place, and its index.
pub(super) type TrackId = (usize, usize);

/// The sets that a sink met, so that names are made once.
#[derive(Default)]
pub(super) struct Met(HashMap<usize, MetSet>);

pub(super) struct MetSet {
    pub(super) set: Arc<Set>,
    pub(super) phase: PhaseName,
    pub(super) tracks: Vec<TrackName>,
    /// Whether its definition is in the store.
    pub(super) is_stored: bool,
}

impl Met {
    /// Takes note of a set.
    pub(super) fn meet(&mut self, set: &Arc<Set>) {
        let address = Arc::as_ptr(set).addr();
        self.0.entry(address).or_insert_with(|| MetSet {
            phase: PhaseName::of(set),
            tracks: set
                .tracks()
                .iter()
                .map(|track| TrackName::of(set, track))
                .collect(),
            set: Arc::clone(set),
            is_stored: false,
        });
    }

    /// Takes note of the set of an exposure, and returns its track.
    pub(super) fn track(&mut self, exposure: &Exposure) -> Option<TrackId> {
        let (set, track) = exposure.met()?;
        self.meet(set);
        Some((Arc::as_ptr(set).addr(), track))
    }

    pub(super) fn name(&self, (set, track): TrackId) -> Option<&TrackName> {
        self.0.get(&set)?.tracks.get(track)
    }

    /// Returns the sets whose definitions are not in the store yet.
    pub(super) fn not_stored(&self) -> impl Iterator<Item = &MetSet> {
        self.0.values().filter(|met| !met.is_stored)
    }

    /// Notes that all definitions are in the store; returns whether there were new ones.
    pub(super) fn are_stored(&mut self) -> bool {
        let mut new = false;
        for met in self.0.values_mut() {
            new |= !met.is_stored;
            met.is_stored = true;
        }
        new
    }

    /// Returns the phases.
    pub(super) fn phases(&self) -> impl Iterator<Item = &PhaseName> {
        self.0.values().map(|met| &met.phase)
    }
}
