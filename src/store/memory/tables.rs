//! The tables of the store in memory. Each is a sorted map by the key that makes a fact unique, so
//! writing is an insertion or a comparison, and reading comes in order.
//!
//! Keys have names instead of ids, so that the order of a table is that of the names. A phase is known by
//! set and number, without its kind. The values are rows of a batch, whose indices are those of
//! [`Tables::names`].

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    event::Goal,
    store::{
        catalog::{Loss, PlanEntry, Readout},
        facts::{
            AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow,
            LatencyRow, LossRow, PhaseName, PlanRow, RawUnitRow, SumRow, TrackName,
        },
        timestamp::Timestamp,
    },
    unit::Unit,
};

/// The set and the number of a phase, by which it is known; not its kind.
pub(super) type PhaseKey = (Arc<str>, u32);

/// The phase and the name of a track, by which it is known.
pub(super) type TrackKey = (PhaseKey, Arc<str>);

/// The tables of `Memory`, by what their rows are known by everywhere.
#[derive(Default)]
pub(super) struct Tables {
    /// How units are made.
    pub(super) units: Option<String>,
    /// All names that a batch has listed, with what was learned first of each. It has no rows.
    pub(super) names: Batch,
    /// The index of each writer, by its random id.
    pub(super) writers: BTreeMap<[u8; 16], u32>,
    /// The index of each phase.
    pub(super) phases: BTreeMap<PhaseKey, u32>,
    /// The index of each track.
    pub(super) tracks: BTreeMap<TrackKey, u32>,
    /// Without definitions that only exposures name.
    pub(super) definitions: BTreeMap<(PhaseKey, [u8; 32]), DefinitionRow>,
    /// The log of plans; each entry stays.
    pub(super) plans: BTreeMap<(PhaseKey, PlanEntry), PlanRow>,
    /// By phase, then by unit and track.
    pub(super) exposures: BTreeMap<PhaseKey, BTreeMap<(Unit, Arc<str>), ExposureRow>>,
    /// By goal, then by unit and the id that recognises repetitions.
    pub(super) conversions: BTreeMap<Goal, BTreeMap<(Unit, [u8; 16]), ConversionRow>>,
    /// By visitor and user.
    pub(super) aliases: BTreeMap<(Unit, Unit), AliasRow>,
    /// By track, bucket and writer.
    pub(super) sums: BTreeMap<(TrackKey, u16, u32), SumRow>,
    /// By track, group, bin and writer.
    pub(super) latencies: BTreeMap<(TrackKey, u8, u8, u32), LatencyRow>,
    /// By a loss of 0 events, and by writer.
    pub(super) losses: BTreeMap<(Loss, u32), LossRow>,
    /// By unit.
    pub(super) erased: BTreeMap<Unit, ErasedRow>,
    /// By unit.
    pub(super) raw_units: BTreeMap<Unit, RawUnitRow>,
    /// In the order in which they were set aside; rows that are equal occur once.
    pub(super) aside: Vec<AsideRow>,
    /// By phase and kind.
    pub(super) readouts: BTreeMap<(PhaseKey, Arc<str>), Readout>,
}

impl Tables {
    /// Returns the track of an exposure.
    pub(super) fn track_of(&self, row: &ExposureRow) -> &TrackName {
        &self.names.tracks()[row.track as usize]
    }

    /// Returns whether a unit was erased at a time or later.
    pub(super) fn is_erased(&self, unit: Unit, at: Timestamp) -> bool {
        self.erased.get(&unit).is_some_and(|erased| at <= erased.at)
    }
}

/// Returns the key of a phase, which leaves out its kind.
pub(super) fn key(phase: &PhaseName) -> PhaseKey {
    (Arc::clone(&phase.set), phase.phase)
}

/// Returns the key of a track: that of its phase, and its name.
pub(super) fn track_key(track: &TrackName) -> TrackKey {
    (key(&track.phase), Arc::clone(&track.track))
}
