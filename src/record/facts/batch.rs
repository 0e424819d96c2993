use std::{collections::HashMap, hash::Hash};

use crate::event::Goal;

use super::{
    AliasRow, AsideRow, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow, PhaseName,
    RawUnitRow, SumRow, TrackName, WriterRow,
};

/// Facts that go into a store together: all of them, or none.
///
/// What rows refer to is listed once, and the rows have its index. So facts go from one store to
/// another by what they are known by everywhere; ids stay at home.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    writers: Listed<WriterRow>,
    phases: Listed<PhaseName>,
    tracks: Listed<TrackName>,
    goals: Listed<Goal>,
    /// Definitions that were in force.
    pub definitions: Vec<DefinitionRow>,
    /// Who met which track.
    pub exposures: Vec<ExposureRow>,
    /// Who reached which goal.
    pub conversions: Vec<ConversionRow>,
    /// Which visitor is who.
    pub aliases: Vec<AliasRow>,
    /// What requests summed up to.
    pub sums: Vec<SumRow>,
    /// What did not come into sinks.
    pub losses: Vec<LossRow>,
    /// Who was erased.
    pub erased: Vec<ErasedRow>,
    /// Keys of units.
    pub raw_units: Vec<RawUnitRow>,
    /// What could not be written.
    pub aside: Vec<AsideRow>,
}

/// A list without repetitions.
#[derive(Debug, Clone)]
struct Listed<T> {
    items: Vec<T>,
    indices: HashMap<T, u32>,
}

impl Batch {
    /// Returns the index of a writer, which is listed if it is not yet.
    pub fn writer(&mut self, writer: &WriterRow) -> u32 {
        self.writers.index(writer)
    }

    /// Returns the index of a phase, which is listed if it is not yet.
    pub fn phase(&mut self, phase: &PhaseName) -> u32 {
        self.phases.index(phase)
    }

    /// Returns the index of a track, which is listed if it is not yet, with its phase.
    pub fn track(&mut self, track: &TrackName) -> u32 {
        self.phases.index(&track.phase);
        self.tracks.index(track)
    }

    /// Returns the index of a goal, which is listed if it is not yet.
    pub fn goal(&mut self, goal: &Goal) -> u32 {
        self.goals.index(goal)
    }

    /// Returns the writers, by index.
    pub fn writers(&self) -> &[WriterRow] {
        &self.writers.items
    }

    /// Returns the phases, by index.
    pub fn phases(&self) -> &[PhaseName] {
        &self.phases.items
    }

    /// Returns the tracks, by index.
    pub fn tracks(&self) -> &[TrackName] {
        &self.tracks.items
    }

    /// Returns the goals, by index.
    pub fn goals(&self) -> &[Goal] {
        &self.goals.items
    }

    /// Returns whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows() == 0 && self.writers.items.is_empty() && self.phases.items.is_empty()
    }

    /// Returns how many rows there are, without what is only listed.
    pub fn rows(&self) -> usize {
        self.definitions.len()
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

impl<T: Clone + Eq + Hash> Listed<T> {
    fn index(&mut self, item: &T) -> u32 {
        if let Some(index) = self.indices.get(item) {
            return *index;
        }
        let index = self.items.len() as u32;
        self.items.push(item.clone());
        self.indices.insert(item.clone(), index);
        index
    }
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            indices: HashMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_has_one_index() {
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
