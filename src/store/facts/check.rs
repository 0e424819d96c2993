//! The checks that each store makes before it writes a batch. They find the mistakes of a program
//! that mixes the indices of two batches, before anything is written.

use super::names::PhaseName;
use crate::{
    assign::{SET_RULE, is_set_name},
    store::error::{StoreError, StoreErrorKind},
};

use super::{batch::Batch, rows::ExposureRow};

impl Batch {
    /// Checks what no store may write: a row that refers to an unlisted item or to a definition of another
    /// phase, and a kind that is not a valid name.
    ///
    /// An implementation of [`Store::write`](crate::store::Store::write) calls it first.
    ///
    /// # Errors
    ///
    /// [`Refused`](StoreErrorKind::Refused), with the reason.
    pub fn check(&self) -> Result<(), StoreError> {
        self.check_kinds()?;
        let is_listed = self.has_phases() && self.has_tracks() && self.has_goals();
        match is_listed && self.exposures.iter().all(|row| self.has_definition(row)) {
            true => Ok(()),
            false => Err(not_listed()),
        }
    }

    /// Checks that the kinds of phases and of raw units are names of units.
    fn check_kinds(&self) -> Result<(), StoreError> {
        let of_phases = self.phases().iter().map(|phase| &*phase.kind);
        let mut kinds = of_phases.chain(self.raw_units.iter().map(|row| &*row.kind));
        match kinds.find(|kind| !is_set_name(kind)) {
            None => Ok(()),
            Some(kind) => {
                let message = format!("a batch has the kind {kind:?}: a kind is {SET_RULE}");
                Err(StoreError::new(StoreErrorKind::Refused, message))
            }
        }
    }

    /// Returns whether definitions and plans refer to listed phases.
    fn has_phases(&self) -> bool {
        let phases = self.phases().len();
        let definitions = self.definitions.iter().map(|row| row.phase);
        let mut all = definitions.chain(self.plans.iter().map(|row| row.phase));
        all.all(|phase| is_in(phase, phases))
    }

    /// Returns whether exposures and sums refer to listed tracks and writers.
    fn has_tracks(&self) -> bool {
        let (writers, tracks) = (self.writers().len(), self.tracks().len());
        let exposures = self.exposures.iter().map(|row| (row.track, row.writer));
        let sums = self.sums.iter().map(|row| (row.track, row.writer));
        let mut all = exposures.chain(sums);
        all.all(|(track, writer)| is_in(track, tracks) && is_in(writer, writers))
    }

    /// Returns whether conversions refer to listed goals and writers, and losses to what is listed.
    fn has_goals(&self) -> bool {
        let (writers, goals) = (self.writers().len(), self.goals().len());
        let tracks = self.tracks().len();
        let mut conversions = self.conversions.iter();
        let mut losses = self.losses.iter();
        conversions.all(|row| is_in(row.goal, goals) && is_in(row.writer, writers))
            && losses.all(|row| {
                is_in(row.writer, writers)
                    && row.track.is_none_or(|track| is_in(track, tracks))
                    && row.goal.is_none_or(|goal| is_in(goal, goals))
            })
    }

    /// Returns whether the definition and the segment of an exposure are listed, and the definition
    /// is one of the phase of its track.
    fn has_definition(&self, row: &ExposureRow) -> bool {
        let track = self.tracks().get(row.track as usize);
        let has_phase = |index: u32| {
            let definition = self.definition_names().get(index as usize);
            let phases = definition.zip(track);
            phases.is_some_and(|(definition, track)| is_same(&definition.phase, &track.phase))
        };
        let segments = self.segments().len();
        row.definition.is_none_or(has_phase)
            && row.segment.is_none_or(|segment| is_in(segment, segments))
    }
}

/// Compares addresses before texts: the names of a batch mostly share them.
fn is_same(one: &PhaseName, other: &PhaseName) -> bool {
    one.phase == other.phase
        && (std::sync::Arc::ptr_eq(&one.set, &other.set) || one.set == other.set)
}

/// Returns whether an index is one of a list of this length.
fn is_in(index: u32, count: usize) -> bool {
    (index as usize) < count
}

fn not_listed() -> StoreError {
    let message = "a row of a batch refers to what the batch does not list, or to a definition of \
                   another phase: its indices are those of another batch";
    StoreError::new(StoreErrorKind::Refused, message)
}
