//! The sets and tracks of exposures, by small numbers.

use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::Set,
    event::Exposure,
    record::SetDigest,
    store::{DefinitionName, Kinds, PhaseName, TrackName},
};

/// A track, as an index into the known ones.
pub(super) type TrackId = usize;

/// A set, as an index into the known ones.
pub(super) type SetId = usize;

/// A track by its set, its phase and its own name.
pub(super) type TrackKey = (Arc<str>, u32, Arc<str>);

/// The number of sets that are known by their addresses: a program may build one per request.
const ADDRESSES: usize = 1_000;

/// The number of definitions that are known when a batch begins.
const SETS: usize = 10_000;

/// The number of tracks that are known when a batch begins.
const TRACKS: usize = 50_000;

/// The sets of the exposures that a sink was given, so that names are made once.
///
/// A program may build the same set twice: sets are identified by their definitions and plans, and
/// tracks by name. Both are bounded: a batch begins with at most [`SETS`] and [`TRACKS`].
#[derive(Default)]
pub(super) struct Met {
    /// The sets by address. The set is kept, so that no other set gets its address.
    addresses: HashMap<usize, (Arc<Set>, SetId)>,
    ids: HashMap<SetDigest, SetId>,
    sets: Vec<MetSet>,
    tracks: Vec<TrackName>,
    track_ids: HashMap<TrackKey, TrackId>,
    /// Whether a phase has another unit than the set; for phases that were checked.
    is_of_other_unit: HashMap<PhaseName, bool>,
    /// The unit of each phase, as read for the current batch. Reading it for each set would cost
    /// the square of their number.
    pub(super) kinds: Option<Kinds>,
}

/// A known set.
pub(super) struct MetSet {
    pub(super) set: Arc<Set>,
    pub(super) definition: DefinitionName,
    tracks: Vec<TrackId>,
    /// Whether its definition and plan are in the store.
    pub(super) is_stored: bool,
    /// Whether changes within its phase were checked since.
    is_checked: bool,
}

impl Met {
    /// Returns the set and the track of an exposure.
    pub(super) fn meet(&mut self, exposure: &Exposure) -> Option<(SetId, TrackId)> {
        let (set, track) = exposure.met()?;
        let id = match self.addresses.get(&Arc::as_ptr(set).addr()) {
            Some((_, id)) => *id,
            None => self.find(set),
        };
        let track = self.sets.get(id)?.tracks.get(track);
        track.map(|track| (id, *track))
    }

    /// Returns the set of this definition, and remembers it by its address.
    fn find(&mut self, set: &Arc<Set>) -> SetId {
        let digest = SetDigest::of(set);
        let id = match self.ids.get(&digest).copied() {
            Some(id) => self.again(id),
            None => self.add(set, digest),
        };
        // Only the addresses: the ids stay, so that a set that comes again is found by its digest.
        if self.addresses.len() >= ADDRESSES {
            self.addresses.clear();
        }
        let address = Arc::as_ptr(set).addr();
        self.addresses.insert(address, (Arc::clone(set), id));
        id
    }

    /// Notes that a set was built again. Its plan may have to be written again, if another one came
    /// into force meanwhile.
    fn again(&mut self, id: SetId) -> SetId {
        if let Some(met) = self.sets.get_mut(id) {
            met.is_stored &= met.set.plan().is_none();
        }
        id
    }

    /// Adds a set with its tracks.
    fn add(&mut self, set: &Arc<Set>, digest: SetDigest) -> SetId {
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
        self.ids.insert(digest, id);
        id
    }

    /// Returns the number of a track, which is added if it is new. The same track of two
    /// definitions has one number.
    fn track_id(&mut self, name: TrackName) -> TrackId {
        let key = key_of(&name);
        let next = self.tracks.len();
        let id = *self.track_ids.entry(key).or_insert(next);
        if id == next {
            self.tracks.push(name);
        }
        id
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.sets.len()
    }

    /// Returns whether there are so many sets or tracks that all are forgotten before the next
    /// batch.
    pub(super) fn is_full(&self) -> bool {
        self.sets.len() >= SETS || self.tracks.len() >= TRACKS
    }

    /// Returns a known set.
    pub(super) fn set(&self, set: SetId) -> Option<&MetSet> {
        self.sets.get(set)
    }

    /// Returns whether the phase of a set is about another unit, if that is known.
    pub(super) fn is_of_other_unit(&self, set: SetId) -> Option<bool> {
        let phase = &self.set(set)?.definition.phase;
        self.is_of_other_unit.get(phase).copied()
    }

    /// Takes the units of phases from the store. For a phase that the store does not know yet, the
    /// unit that was met first stays.
    pub(super) fn take_kinds(&mut self, mut kinds: Kinds) {
        let known = self.is_of_other_unit.iter();
        for (phase, _) in known.filter(|(_, is_other)| !**is_other) {
            kinds.learn(phase);
        }
        self.kinds = Some(kinds);
    }

    /// Notes whether the phase of a set is about another unit than the set, and returns its phase
    /// and that unit, if it is.
    pub(super) fn learn_unit(&mut self, set: SetId) -> Option<(PhaseName, Arc<str>)> {
        let phase = &self.sets.get(set)?.definition.phase;
        let kind = self.kinds.as_mut()?.learn(phase);
        let is_other = *kind != phase.kind;
        self.is_of_other_unit.insert(phase.clone(), is_other);
        is_other.then(|| (phase.clone(), Arc::clone(kind)))
    }

    /// Returns the name of a track.
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
        self.kinds = None;
    }

    /// Returns whether there are stored sets of whose phases no changes were looked for.
    pub(super) fn has_unchecked(&self) -> bool {
        let is_unchecked = |met: &MetSet| met.is_stored && !met.is_checked;
        self.sets.iter().any(is_unchecked)
    }

    /// Notes that the phases of all stored sets were checked for changes.
    pub(super) fn are_checked(&mut self) {
        let sets = self.sets.iter_mut();
        sets.for_each(|met| met.is_checked = met.is_stored);
    }

    /// Returns whether a set of this phase is known.
    pub(super) fn has(&self, phase: &PhaseName) -> bool {
        let mut sets = self.sets.iter();
        sets.any(|met| is_same(&met.definition.phase, phase))
    }
}

/// Returns the key of a track, which does not depend on the kind of units or on control.
pub(super) fn key_of(track: &TrackName) -> TrackKey {
    let TrackName { phase, track, .. } = track;
    (Arc::clone(&phase.set), phase.phase, Arc::clone(track))
}

/// Returns whether two names are of the same phase, by set and number. The kind of units is not
/// part of it.
pub(super) fn is_same(one: &PhaseName, other: &PhaseName) -> bool {
    (&one.set, one.phase) == (&other.set, other.phase)
}
