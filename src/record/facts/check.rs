use crate::record::{StoreError, StoreErrorKind};

use super::Batch;

impl Batch {
    /// Returns an error if a row refers to what is not listed: no store can write that.
    pub(in crate::record) fn check(&self) -> Result<(), StoreError> {
        let (writers, tracks) = (self.writers().len(), self.tracks().len());
        let (phases, goals) = (self.phases().len(), self.goals().len());
        let is_listed = self.definitions.iter().all(|row| is_in(row.phase, phases))
            && self
                .exposures
                .iter()
                .all(|row| is_in(row.track, tracks) && is_in(row.writer, writers))
            && self
                .conversions
                .iter()
                .all(|row| is_in(row.goal, goals) && is_in(row.writer, writers))
            && self
                .sums
                .iter()
                .all(|row| is_in(row.track, tracks) && is_in(row.writer, writers))
            && self.losses.iter().all(|row| {
                is_in(row.writer, writers)
                    && row.track.is_none_or(|track| is_in(track, tracks))
                    && row.goal.is_none_or(|goal| is_in(goal, goals))
            });
        match is_listed {
            true => Ok(()),
            false => Err(not_listed()),
        }
    }
}

fn is_in(index: u32, count: usize) -> bool {
    (index as usize) < count
}

fn not_listed() -> StoreError {
    let message = "a row of a batch refers to what the batch does not list: \
                   its indices are those of another batch";
    StoreError::new(StoreErrorKind::Refused, message)
}
