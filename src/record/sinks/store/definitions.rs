//! The definitions and plans of the sets that a sink met.

use crate::record::{DefinitionRow, Readout, StoreError, Timestamp, recorder::warn};

use super::{draft::Draft, sink::StoreSink};

impl StoreSink {
    /// Adds the definitions that are not in the store yet.
    pub(super) fn add_definitions(&self, draft: &mut Draft) {
        for (met, tracks) in self.met.not_stored() {
            for track in tracks {
                draft.batch.track(track);
            }
            // A definition that was built can be written.
            let json = serde_json::to_string(&*met.set).unwrap_or_default();
            let row = DefinitionRow {
                phase: draft.batch.phase(&met.phase),
                fingerprint: *met.set.fingerprint().as_bytes(),
                json: json.into(),
                first_at: draft.now,
            };
            draft.batch.definitions.push(row);
        }
    }

    /// Does for the sets whose definitions are in the store what is besides.
    pub(super) fn tell_of_sets(&mut self) -> Result<(), StoreError> {
        if self.met.untold().next().is_some() {
            self.store_plans()?;
            self.warn_of_changes()?;
            self.met.are_told();
        }
        Ok(())
    }

    /// Stores what sets are to find out. The definition that was first in force keeps its own, and
    /// the latest counts.
    fn store_plans(&self) -> Result<(), StoreError> {
        for met in self.met.untold() {
            let Some(plan) = met.set.plan() else {
                continue;
            };
            let readout = Readout {
                phase: met.phase.clone(),
                kind: Readout::PLAN.into(),
                as_of: Timestamp::now(),
                // What is written into a definition can be written.
                json: serde_json::to_string(plan).unwrap_or_default().into(),
            };
            self.store.put_readout(&readout)?;
        }
        Ok(())
    }

    /// Says which phases have had several definitions: whoever was in them may have been moved.
    fn warn_of_changes(&self) -> Result<(), StoreError> {
        for phase in self.store.phases()? {
            if phase.definitions.len() > 1 && self.met.has(&phase.name) {
                warn(format_args!(
                    "set {:?}: its salt, tracks or weights were changed within phase {}, which \
                     moves those who are in it; begin the next phase",
                    phase.name.set, phase.name.phase
                ));
            }
        }
        Ok(())
    }
}
