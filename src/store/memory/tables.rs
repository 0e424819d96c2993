//! The tables of the store in memory. Each is a sorted map by the key that makes a fact unique, so
//! writing is an insertion or a comparison, and reading comes in order.
//!
//! Names are the keys, instead of ids: a row has the texts of its set and track in `Arc`s. A phase
//! is known by set and number, and its kind is a value.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    event::Goal,
    store::{
        catalog::{PlanEntry, Readout},
        facts::{AsideRow, PhaseName, RequestSums, TrackName, WriterRow},
        timestamp::Timestamp,
    },
    unit::Unit,
};

/// The set and the number of a phase, by which it is known; not its kind.
pub(super) type PhaseKey = (Arc<str>, u32);

/// When a definition came into force, and its JSON.
pub(super) type Defined = (Timestamp, Arc<str>);

/// The tables of `Memory`, by what their rows are known by everywhere.
#[derive(Default)]
pub(super) struct Tables {
    /// How units are made.
    pub(super) units: Option<String>,
    /// By their random id.
    pub(super) writers: BTreeMap<[u8; 16], WriterRow>,
    /// The kinds.
    pub(super) phases: BTreeMap<PhaseKey, Arc<str>>,
    /// Whether a track changes nothing.
    pub(super) tracks: BTreeMap<(PhaseKey, Arc<str>), bool>,
    /// All goals that a batch has listed.
    pub(super) goals: BTreeSet<Goal>,
    pub(super) segments: BTreeSet<Arc<str>>,
    /// Without a value where only exposures name it.
    pub(super) definitions: BTreeMap<(PhaseKey, [u8; 32]), Option<Defined>>,
    /// The log of plans; each entry stays.
    pub(super) plans: BTreeSet<(PhaseKey, PlanEntry)>,
    /// By phase, then by unit and track.
    pub(super) exposures: BTreeMap<PhaseKey, BTreeMap<(Unit, Arc<str>), Exposed>>,
    /// By goal, then by unit and the id that recognises repetitions.
    pub(super) conversions: BTreeMap<Goal, BTreeMap<(Unit, [u8; 16]), Reached>>,
    /// By visitor and user.
    pub(super) aliases: BTreeMap<(Unit, Unit), Timestamp>,
    /// By phase, track, bucket and writer.
    pub(super) sums: BTreeMap<(PhaseKey, Arc<str>, u16, [u8; 16]), RequestSums>,
    /// The number of lost events of each writer.
    pub(super) losses: BTreeMap<LossKey, u64>,
    /// The time up to which a unit is erased.
    pub(super) erased: BTreeMap<Unit, Timestamp>,
    /// The kind and the key of raw units.
    pub(super) raw_units: BTreeMap<Unit, (Arc<str>, Arc<[u8]>)>,
    /// In the order in which they were set aside; rows that are equal occur once.
    pub(super) aside: Vec<AsideRow>,
    /// By phase and kind.
    pub(super) readouts: BTreeMap<(PhaseKey, Arc<str>), Readout>,
}

/// The first exposure of a unit to a track.
#[derive(Clone)]
pub(super) struct Exposed {
    /// The time of the first exposure.
    pub(super) first_at: Timestamp,
    pub(super) coin: Option<bool>,
    /// The fingerprint of a definition of the same phase.
    pub(super) definition: Option<[u8; 32]>,
    pub(super) segment: Option<Arc<str>>,
    /// The id of the writer, which is in the table of writers.
    pub(super) writer: [u8; 16],
}

/// A conversion.
#[derive(Clone, Copy)]
pub(super) struct Reached {
    pub(super) at: Timestamp,
    /// The value in millionths.
    pub(super) value: i64,
    pub(super) writer: [u8; 16],
}

/// What a number of lost events is counted by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LossKey {
    pub(super) sink: Arc<str>,
    pub(super) reason: Arc<str>,
    pub(super) track: Option<(PhaseKey, Arc<str>)>,
    pub(super) goal: Option<Goal>,
    pub(super) writer: [u8; 16],
}

impl Exposed {
    /// Returns whether it replaces another one of the same unit and track.
    pub(super) fn is_before(&self, other: &Self) -> bool {
        self.order() < other.order()
    }

    /// What is not known comes last, but for the coin.
    fn order(&self) -> impl Ord {
        let (definition, segment) = (&self.definition, &self.segment);
        let (is_undefined, is_unsegmented) = (definition.is_none(), segment.is_none());
        let definition = (is_undefined, *definition);
        let segment = (is_unsegmented, segment.clone());
        (self.first_at, self.coin, definition, segment)
    }
}

impl Tables {
    /// Returns the name of a phase, with the kind that was learned first.
    pub(super) fn phase_name(&self, key: &PhaseKey) -> PhaseName {
        PhaseName {
            set: Arc::clone(&key.0),
            phase: key.1,
            kind: self.phases.get(key).cloned().unwrap_or_default(),
        }
    }

    /// Returns the name of a track, with what was learned first about control.
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

/// Returns the key of a phase, which leaves out its kind.
pub(super) fn key(phase: &PhaseName) -> PhaseKey {
    (Arc::clone(&phase.set), phase.phase)
}
