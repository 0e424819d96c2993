use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::Set,
    event::Exposure,
    record::{PhaseName, TrackName},
};

/// A track by its place in the list of those that were met.
pub(super) type TrackId = usize;

/// The sets that a sink met, so that names are made once.
///
/// A program may build the same set twice. It is one set: its tracks are told apart by name.
#[derive(Default)]
pub(super) struct Met {
    /// By the address of the set, which is kept in its place.
    sets: HashMap<usize, MetSet>,
    tracks: Vec<TrackName>,
}

pub(super) struct MetSet {
    pub(super) set: Arc<Set>,
    pub(super) phase: PhaseName,
    tracks: Vec<TrackId>,
    /// Whether its definition is in the store.
    is_stored: bool,
    /// Whether its plan is, too.
    is_told: bool,
}

impl Met {
    /// Takes note of a set.
    pub(super) fn meet(&mut self, set: &Arc<Set>) {
        let address = Arc::as_ptr(set).addr();
        if self.sets.contains_key(&address) {
            return;
        }
        let names = set.tracks().iter().map(|track| TrackName::of(set, track));
        let met = MetSet {
            phase: PhaseName::of(set),
            tracks: names.map(|name| self.id(name)).collect(),
            set: Arc::clone(set),
            is_stored: false,
            is_told: false,
        };
        self.sets.insert(address, met);
    }

    fn id(&mut self, name: TrackName) -> TrackId {
        let is_same =
            |other: &TrackName| is_same(&other.phase, &name.phase) && other.track == name.track;
        match self.tracks.iter().position(is_same) {
            Some(id) => id,
            None => {
                self.tracks.push(name);
                self.tracks.len() - 1
            }
        }
    }

    /// Takes note of the set of an exposure, and returns its track.
    pub(super) fn track(&mut self, exposure: &Exposure) -> Option<TrackId> {
        let (set, track) = exposure.met()?;
        self.meet(set);
        let met = self.sets.get(&Arc::as_ptr(set).addr())?;
        met.tracks.get(track).copied()
    }

    pub(super) fn name(&self, track: TrackId) -> Option<&TrackName> {
        self.tracks.get(track)
    }

    /// Returns the sets whose definitions are not in the store yet, with their tracks.
    pub(super) fn not_stored(
        &self,
    ) -> impl Iterator<Item = (&MetSet, impl Iterator<Item = &TrackName>)> {
        let sets = self.sets.values().filter(|met| !met.is_stored);
        sets.map(|met| (met, met.tracks.iter().filter_map(|id| self.tracks.get(*id))))
    }

    /// Notes that all definitions are in the store.
    pub(super) fn are_stored(&mut self) {
        let sets = self.sets.values_mut();
        sets.for_each(|met| met.is_stored = true);
    }

    /// Returns the stored sets whose plans are not in the store yet, and whose changes were not
    /// looked for.
    pub(super) fn untold(&self) -> impl Iterator<Item = &MetSet> {
        let sets = self.sets.values();
        sets.filter(|met| met.is_stored && !met.is_told)
    }

    /// Notes that all stored sets are told of.
    pub(super) fn are_told(&mut self) {
        let sets = self.sets.values_mut();
        sets.for_each(|met| met.is_told = met.is_stored);
    }

    /// Returns whether a phase was met.
    pub(super) fn has(&self, phase: &PhaseName) -> bool {
        self.sets.values().any(|met| is_same(&met.phase, phase))
    }
}

fn is_same(one: &PhaseName, other: &PhaseName) -> bool {
    (&one.set, one.phase) == (&other.set, other.phase)
}
