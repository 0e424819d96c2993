//! The checks that each store makes before it writes a batch. They find the mistakes of a program
//! that mixes the indices of two batches, before anything is written.

use super::names::PhaseName;
use crate::{
    assign::{SET_RULE, is_set_name},
    latency_bins::{BINS, GROUPS},
    store::error::{StoreError, StoreErrorKind},
};

use super::{
    batch::Batch,
    rows::{ExposureRow, LatencyRow, LossRow},
};

impl Batch {
    /// Checks that no row refers to an unlisted item or to a definition of another phase, that each kind is a
    /// valid name, and that each duration has a bin.
    ///
    /// An implementation of [`Store::write`](crate::store::Store::write) calls it first.
    ///
    /// # Errors
    ///
    /// [`Refused`](StoreErrorKind::Refused), with the reason.
    pub fn check(&self) -> Result<(), StoreError> {
        self.check_kinds()?;
        self.check_bins()?;
        if self.is_listed() {
            return Ok(());
        }
        let message = "a row of a batch refers to what the batch does not list, or to a definition of \
                       another phase: its indices are those of another batch";
        Err(StoreError::new(StoreErrorKind::Refused, message))
    }

    /// Checks that the kinds of phases and of raw units are names of units.
    fn check_kinds(&self) -> Result<(), StoreError> {
        // A kind that is no name of a unit would be left out when it is read, with all that refers
        // to it.
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

    /// Checks the groups and the bins of durations.
    fn check_bins(&self) -> Result<(), StoreError> {
        let is_outside = |row: &&LatencyRow| row.group >= GROUPS || row.bin >= BINS;
        match self.latencies.iter().find(is_outside) {
            None => Ok(()),
            Some(LatencyRow { group, bin, .. }) => {
                let message = format!(
                    "a batch has a duration in group {group} and bin {bin}: there are {GROUPS} groups and {BINS} \
                     bins, from 0"
                );
                Err(StoreError::new(StoreErrorKind::Refused, message))
            }
        }
    }

    /// Returns whether all rows refer to what is listed.
    fn is_listed(&self) -> bool {
        let has_phase = |index| is_in(index, self.phases());
        let has_writer = |index| is_in(index, self.writers());
        let has_track = |index| is_in(index, self.tracks());
        let has_goal = |index| is_in(index, self.goals());
        let has_names =
            |row: &LossRow| row.track.is_none_or(has_track) && row.goal.is_none_or(has_goal);
        let mut definitions = self.definitions.iter().map(|row| row.phase);
        let mut plans = self.plans.iter().map(|row| row.phase);
        let mut exposures = self.exposures.iter();
        let mut conversions = self.conversions.iter();
        let (mut sums, mut losses) = (self.sums.iter(), self.losses.iter());
        let mut latencies = self.latencies.iter();
        definitions.all(has_phase)
            && plans.all(has_phase)
            && exposures.all(|row| has_writer(row.writer) && self.has_definition(row))
            && conversions.all(|row| has_writer(row.writer) && has_goal(row.goal))
            && sums.all(|row| has_writer(row.writer) && has_track(row.track))
            && latencies.all(|row| has_writer(row.writer) && has_track(row.track))
            && losses.all(|row| has_writer(row.writer) && has_names(row))
    }

    /// Returns whether the track of an exposure is listed, with its definition and its segment, and the
    /// definition is one of the phase of the track.
    fn has_definition(&self, row: &ExposureRow) -> bool {
        let Some(track) = self.tracks().get(row.track as usize) else {
            return false;
        };
        // Databases have no foreign key here, so that nothing else would find the mistake.
        let is_of_phase = |index: u32| {
            let definition = self.definition_names().get(index as usize);
            definition.is_some_and(|definition| is_same(&definition.phase, &track.phase))
        };
        let has_segment = |index| is_in(index, self.segments());
        row.definition.is_none_or(is_of_phase) && row.segment.is_none_or(has_segment)
    }
}

/// Compares addresses before texts: the names of a batch mostly share them.
fn is_same(one: &PhaseName, other: &PhaseName) -> bool {
    one.phase == other.phase
        && (std::sync::Arc::ptr_eq(&one.set, &other.set) || one.set == other.set)
}

/// Returns whether an index is one of a list.
fn is_in<T>(index: u32, list: &[T]) -> bool {
    (index as usize) < list.len()
}
