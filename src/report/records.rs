//! Records of decisions: what was known when a track was shipped.

use crate::store::{StoreError, Timestamp};

use super::{DecisionRecord, PhaseReport, reporter::Reporter};

impl Reporter<'_> {
    /// Sets the record of a phase that was shipped: the one that was stored, or a new one.
    ///
    /// `then` computes the report of the phase as of a time. It is called once for a decision that is not stored.
    pub(super) fn set_record(
        &self,
        report: &mut PhaseReport,
        stored: Option<&DecisionRecord>,
        then: impl FnOnce(Timestamp) -> Result<Option<PhaseReport>, StoreError>,
    ) -> Result<(), StoreError> {
        // What is hidden now stays hidden, whatever could be read then.
        let shipped = report.shipped.clone().filter(|_| report.covered.is_none());
        let Some(shipped) = shipped else {
            return Ok(());
        };
        let stored = stored.filter(|stored| stored.shipped == shipped);
        let record = match stored {
            Some(stored) => Some(stored.clone()),
            // What answers instead of the store has its own time, and cannot go back.
            None if self.has_source() => Some(DecisionRecord::of(report, &shipped)),
            None => then(shipped.at.0)?.map(|then| DecisionRecord::of(&then, &shipped)),
        };
        report.record = record.map(Box::new);
        Ok(())
    }
}
