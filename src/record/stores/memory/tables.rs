use std::{collections::BTreeMap, sync::Arc};

use crate::{
    event::{Goal, Unit},
    record::{AsideRow, PhaseName, Readout, RequestSums, Timestamp, TrackName, WriterRow},
};

/// The set and the number of a phase, by which it is known; not its kind.
pub(super) type PhaseKey = (Arc<str>, u32);

/// The tables of `Memory`, by what their rows are known by everywhere.
#[derive(Default)]
pub(super) struct Tables {
    /// How units are made.
    pub(super) units: Option<String>,
    pub(super) writers: BTreeMap<[u8; 16], WriterRow>,
    /// The kinds.
    pub(super) phases: BTreeMap<PhaseKey, Arc<str>>,
    /// Whether a track changes nothing.
    pub(super) tracks: BTreeMap<(PhaseKey, Arc<str>), bool>,
    pub(super) goals: std::collections::BTreeSet<Goal>,
    pub(super) definitions: BTreeMap<(PhaseKey, [u8; 32]), (Arc<str>, Timestamp)>,
    pub(super) exposures: BTreeMap<PhaseKey, BTreeMap<(Unit, Arc<str>), Exposed>>,
    pub(super) conversions: BTreeMap<Goal, BTreeMap<(Unit, [u8; 16]), Reached>>,
    /// By visitor and user.
    pub(super) aliases: BTreeMap<(Unit, Unit), Timestamp>,
    pub(super) sums: BTreeMap<(PhaseKey, Arc<str>, u16, [u8; 16]), RequestSums>,
    pub(super) losses: BTreeMap<LossKey, u64>,
    pub(super) erased: BTreeMap<Unit, Timestamp>,
    pub(super) raw_units: BTreeMap<Unit, (Arc<str>, Arc<[u8]>)>,
    pub(super) aside: Vec<AsideRow>,
    pub(super) readouts: BTreeMap<(PhaseKey, Arc<str>), Readout>,
}

#[derive(Clone, Copy)]
pub(super) struct Exposed {
    pub(super) first_at: Timestamp,
    pub(super) coin: Option<bool>,
    pub(super) writer: [u8; 16],
}

#[derive(Clone, Copy)]
pub(super) struct Reached {
    pub(super) at: Timestamp,
    pub(super) value: i64,
    pub(super) writer: [u8; 16],
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LossKey {
    pub(super) sink: Arc<str>,
    pub(super) reason: Arc<str>,
    pub(super) track: Option<(PhaseKey, Arc<str>)>,
    pub(super) goal: Option<Goal>,
    pub(super) writer: [u8; 16],
}

impl Tables {
    pub(super) fn phase_name(&self, key: &PhaseKey) -> PhaseName {
        PhaseName {
            set: Arc::clone(&key.0),
            phase: key.1,
            kind: self.phases.get(key).cloned().unwrap_or_default(),
        }
    }

    pub(super) fn track_name(&self, key: &(PhaseKey, Arc<str>)) -> TrackName {
        TrackName {
            phase: self.phase_name(&key.0),
            track: Arc::clone(&key.1),
            control: self.tracks.get(key).copied().unwrap_or_default(),
        }
    }

    /// Returns whether a unit was erased at a time or later.
    pub(super) fn is_erased(&self, unit: Unit, at: Timestamp) -> bool {
        self.erased.get(&unit).is_some_and(|erased| at <= *erased)
    }
}

pub(super) fn key(phase: &PhaseName) -> PhaseKey {
    (Arc::clone(&phase.set), phase.phase)
}
