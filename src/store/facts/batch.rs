use std::sync::Arc;

use crate::event::Goal;

use super::{
    listed::Listed,
    names::{DefinitionName, PhaseName, TrackName},
    rows::{
        AliasRow, AsideRow, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow, PlanRow,
        RawUnitRow, SumRow, WriterRow,
    },
};

/// Facts that are written together: all of them, or none.
///
/// Names that rows refer to are listed once, and rows have their index. So facts can be copied between
/// stores by names; the ids of a store stay private.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    writers: Listed<WriterRow>,
    phases: Listed<PhaseName>,
    tracks: Listed<TrackName>,
    goals: Listed<Goal>,
    definition_names: Listed<DefinitionName>,
    segments: Listed<Arc<str>>,
    /// Definitions that were in force.
    pub definitions: Vec<DefinitionRow>,
    /// Plans of sets, by when they came into force.
    pub plans: Vec<PlanRow>,
    /// The first exposures of units to tracks.
    pub exposures: Vec<ExposureRow>,
    /// Conversions of units.
    pub conversions: Vec<ConversionRow>,
    /// Visitors and their users.
    pub aliases: Vec<AliasRow>,
    /// Sums over requests.
    pub sums: Vec<SumRow>,
    /// Lost events.
    pub losses: Vec<LossRow>,
    /// Erased units.
    pub erased: Vec<ErasedRow>,
    /// Keys of units.
    pub raw_units: Vec<RawUnitRow>,
    /// Events that could not be written.
    pub aside: Vec<AsideRow>,
}

impl Batch {
    /// Returns the index of a writer, and lists it if necessary.
    pub fn writer(&mut self, writer: &WriterRow) -> u32 {
        self.writers.index(writer)
    }

    /// Returns the index of a phase, and lists it if necessary.
    pub fn phase(&mut self, phase: &PhaseName) -> u32 {
        self.phases.index(phase)
    }

    /// Returns the index of a track, and lists it, with its phase, if necessary.
    pub fn track(&mut self, track: &TrackName) -> u32 {
        self.phases.index(&track.phase);
        self.tracks.index(track)
    }

    /// Returns the index of a goal, and lists it if necessary.
    pub fn goal(&mut self, goal: &Goal) -> u32 {
        self.goals.index(goal)
    }

    /// Returns the index of a definition, and lists it, with its phase, if necessary.
    ///
    /// Its JSON is a [`DefinitionRow`], in this batch or another.
    pub fn definition(&mut self, definition: &DefinitionName) -> u32 {
        self.phases.index(&definition.phase);
        self.definition_names.index(definition)
    }

    /// Returns the index of a segment, and lists it if necessary.
    pub fn segment(&mut self, segment: &Arc<str>) -> u32 {
        self.segments.index(segment)
    }

    /// Returns the writers, by index.
    pub fn writers(&self) -> &[WriterRow] {
        self.writers.items()
    }

    /// Returns the phases, by index.
    pub fn phases(&self) -> &[PhaseName] {
        self.phases.items()
    }

    /// Returns the tracks, by index.
    pub fn tracks(&self) -> &[TrackName] {
        self.tracks.items()
    }

    /// Returns the goals, by index.
    pub fn goals(&self) -> &[Goal] {
        self.goals.items()
    }

    /// Returns the definitions that exposures refer to, by index.
    pub fn definition_names(&self) -> &[DefinitionName] {
        self.definition_names.items()
    }

    /// Returns the segments, by index.
    pub fn segments(&self) -> &[Arc<str>] {
        self.segments.items()
    }

    /// Returns whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows() == 0 && self.writers().is_empty() && self.phases().is_empty()
    }

    /// Returns the number of rows, without the lists of names.
    pub fn rows(&self) -> usize {
        self.definitions.len()
            + self.plans.len()
            + self.exposures.len()
            + self.conversions.len()
            + self.aliases.len()
            + self.sums.len()
            + self.losses.len()
            + self.erased.len()
            + self.raw_units.len()
            + self.aside.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_listed_item_has_one_index() {
        let mut batch = Batch::default();
        let phase = PhaseName {
            set: "delay".into(),
            phase: 1,
            kind: "visitor".into(),
        };
        let track = |name: &str| TrackName {
            phase: phase.clone(),
            track: name.into(),
            control: name == "control",
        };
        let indices = ["control", "long", "control"].map(|name| batch.track(&track(name)));
        assert_eq!(indices, [0, 1, 0]);
        assert_eq!((batch.tracks().len(), batch.phases().len()), (2, 1));
        assert!(!batch.is_empty() && batch.rows() == 0);
    }
}
