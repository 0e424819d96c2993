use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::Set,
    event::Exposure,
    record::{DefinitionName, Kinds, PhaseName, TrackName},
};

/// A track by its place in the list of those that were met.
pub(super) type TrackId = usize;

/// A set by its place in the list of those that were met.
pub(super) type SetId = usize;

/// The sets of the exposures that a sink was given, so that names are made once.
///
/// A program may build the same set twice. Its tracks are told apart by name, so they are the same.
#[derive(Default)]
pub(super) struct Met {
    /// By the address of the set, which is kept in its place.
    ids: HashMap<usize, SetId>,
    sets: Vec<MetSet>,
    tracks: Vec<TrackName>,
    /// Whether the phases of sets are about another unit; of those that were looked for.
    is_of_other_unit: HashMap<PhaseName, bool>,
}

pub(super) struct MetSet {
    pub(super) set: Arc<Set>,
    pub(super) definition: DefinitionName,
    tracks: Vec<TrackId>,
    /// Whether its definition and its plan are in the store.
    pub(super) is_stored: bool,
    /// Whether changes within its phase were looked for since.
    is_checked: bool,
}

impl Met {
    /// Returns the set and the track of an exposure.
    pub(super) fn meet(&mut self, exposure: &Exposure) -> Option<(SetId, TrackId)> {
        let (set, track) = exposure.met()?;
        let id = match self.ids.get(&Arc::as_ptr(set).addr()) {
            Some(id) => *id,
            None => self.add(set),
        };
        let track = self.sets.get(id)?.tracks.get(track);
        track.map(|track| (id, *track))
    }

    fn add(&mut self, set: &Arc<Set>) -> SetId {
        let names = set.tracks().iter().map(|track| TrackName::of(set, track));
        let met = MetSet {
            definition: DefinitionName::of(set),
            tracks: names.map(|name| self.track_id(name)).collect(),
            set: Arc::clone(set),
            is_stored: false,
            is_checked: false,
        };
        let id = self.sets.len();
        self.sets.push(met);
        self.ids.insert(Arc::as_ptr(set).addr(), id);
        id
    }

    fn track_id(&mut self, name: TrackName) -> TrackId {
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

    pub(super) fn set(&self, set: SetId) -> Option<&MetSet> {
        self.sets.get(set)
    }

    /// Returns whether the phase of a set is about another unit, if that is known.
    pub(super) fn is_of_other_unit(&self, set: SetId) -> Option<bool> {
        let phase = &self.set(set)?.definition.phase;
        self.is_of_other_unit.get(phase).copied()
    }

    /// Notes whether the phase of a set is about another unit than the set, and returns its phase
    /// and that unit, if it is. What was met here first counts where the store knows nothing yet.
    pub(super) fn learn_unit(
        &mut self,
        set: SetId,
        mut kinds: Kinds,
    ) -> Option<(PhaseName, Arc<str>)> {
        let known = self.is_of_other_unit.iter();
        for (phase, _) in known.filter(|(_, is_other)| !**is_other) {
            kinds.learn(phase);
        }
        let phase = &self.sets.get(set)?.definition.phase;
        let kind = kinds.learn(phase);
        let is_other = *kind != phase.kind;
        self.is_of_other_unit.insert(phase.clone(), is_other);
        is_other.then(|| (phase.clone(), Arc::clone(kind)))
    }

    pub(super) fn name(&self, track: TrackId) -> Option<&TrackName> {
        self.tracks.get(track)
    }

    /// Returns the tracks of a set.
    pub(super) fn names(&self, set: &MetSet) -> impl Iterator<Item = &TrackName> {
        set.tracks.iter().filter_map(|id| self.tracks.get(*id))
    }

    /// Notes that the definitions and plans of these sets are in the store.
    pub(super) fn are_stored(&mut self, sets: impl Iterator<Item = SetId>) {
        for set in sets {
            if let Some(met) = self.sets.get_mut(set) {
                met.is_stored = true;
            }
        }
    }

    /// Notes that the store has no definitions and plans.
    pub(super) fn are_gone(&mut self) {
        for met in &mut self.sets {
            (met.is_stored, met.is_checked) = (false, false);
        }
        self.is_of_other_unit.clear();
    }

    /// Returns whether there are stored sets of whose phases no changes were looked for.
    pub(super) fn has_unchecked(&self) -> bool {
        let mut sets = self.sets.iter();
        sets.any(|met| met.is_stored && !met.is_checked)
    }

    /// Notes that changes were looked for in the phases of all stored sets.
    pub(super) fn are_checked(&mut self) {
        let sets = self.sets.iter_mut();
        sets.for_each(|met| met.is_checked = met.is_stored);
    }

    /// Returns whether a phase was met.
    pub(super) fn has(&self, phase: &PhaseName) -> bool {
        let mut sets = self.sets.iter();
        sets.any(|met| is_same(&met.definition.phase, phase))
    }
}

pub(super) fn is_same(one: &PhaseName, other: &PhaseName) -> bool {
    (&one.set, one.phase) == (&other.set, other.phase)
}
