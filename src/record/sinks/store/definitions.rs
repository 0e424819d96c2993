//! The definitions and plans of the sets that units were exposed under.

use serde::{Deserialize, Serialize};

use crate::{
    assign::Plan,
    store::{DefinitionRow, Kinds, Phase, PlanRow, StoreError, Timestamp, sentence},
    warn::warn,
};

use super::{
    draft::Draft,
    met::{MetSet, SetId, is_same},
    sink::StoreSink,
};

impl StoreSink {
    /// Adds the definitions and plans of the sets whose first exposures are in the draft.
    pub(super) fn add_definitions(&self, draft: &mut Draft) {
        let sets = std::mem::take(&mut draft.sets);
        let phases = self.phases_with_plans(sets.keys().filter_map(|set| self.met.set(*set)));
        for (set, first_at) in &sets {
            let Some(met) = self.met.set(*set) else {
                continue;
            };
            for track in self.met.names(met) {
                draft.batch.track(track);
            }
            add_definition(draft, met, *first_at);
            add_plan(draft, met, *first_at, &phases);
        }
        draft.sets = sets;
    }

    /// Returns what the store knows of phases, if one of the sets has a plan or was renamed.
    ///
    /// Where that cannot be read, plans are written that may be there: a log may have repetitions, but
    /// no gaps.
    fn phases_with_plans<'m>(&self, mut sets: impl Iterator<Item = &'m MetSet>) -> Vec<Phase> {
        match sets.any(|met| met.set.plan().is_some() || is_renamed(met)) {
            true => self.store.phases().unwrap_or_default(),
            false => Vec::new(),
        }
    }

    /// Returns whether the phase of a set is about another unit than the set, and warns once of it:
    /// who is of another kind belongs into a phase of its own. It is
    /// an error where the store cannot be read.
    pub(super) fn is_of_other_unit(&mut self, set: SetId) -> Result<bool, StoreError> {
        if let Some(known) = self.met.is_of_other_unit(set) {
            return Ok(known);
        }
        if self.met.kinds.is_none() {
            // Where the store was replaced, reading does not make it anew.
            self.follow()?;
            let kinds = Kinds::of(&self.store.phases()?);
            self.met.take_kinds(kinds);
        }
        let other = self.met.learn_unit(set);
        if let Some((phase, kind)) = &other {
            warn(format_args!(
                "{}, so exposures of the set are not recorded; begin the next phase",
                sentence(phase, kind)
            ));
        }
        Ok(other.is_some())
    }

    /// Warns once of phases that have had several definitions: their units may have been moved.
    pub(super) fn warn_of_changes(&mut self) -> Result<(), StoreError> {
        if !self.met.has_unchecked() {
            return Ok(());
        }
        for phase in self.store.phases()? {
            if phase.definitions.len() > 1 && self.met.has(&phase.name) {
                warn(format_args!(
                    "set {:?}: its salt, tracks or weights were changed within phase {}, which \
                     moves units to other tracks; begin the next phase",
                    phase.name.set, phase.name.phase
                ));
            }
        }
        self.met.are_checked();
        Ok(())
    }
}

/// Adds the definition of a set, as JSON with its fingerprint.
fn add_definition(draft: &mut Draft, met: &MetSet, first_at: Timestamp) {
    let row = DefinitionRow {
        phase: draft.batch.phase(&met.definition.phase),
        fingerprint: met.definition.fingerprint,
        // A definition that was built can be written.
        json: serde_json::to_string(&*met.set).unwrap_or_default().into(),
        first_at,
    };
    draft.batch.definitions.push(row);
}

/// Adds the plan of a set, unless it is in force already.
fn add_plan(draft: &mut Draft, met: &MetSet, first_at: Timestamp, phases: &[Phase]) {
    let name = &met.definition.phase;
    let phase = phases.iter().find(|phase| is_same(&phase.name, name));
    if met.set.plan().is_none() && !is_renamed(met) {
        return;
    }
    let entry = Entry {
        plan: met.set.plan().cloned().unwrap_or_default(),
        formerly: met.set.former_names().to_vec(),
    };
    if phase.is_some_and(|phase| entry.is_in_force(phase, first_at)) {
        return;
    }
    let row = PlanRow {
        phase: draft.batch.phase(name),
        first_at,
        // What is written into a definition can be written.
        json: serde_json::to_string(&entry).unwrap_or_default().into(),
    };
    draft.batch.plans.push(row);
}

fn is_renamed(met: &MetSet) -> bool {
    !met.set.former_names().is_empty()
}

/// An entry of the log of plans. It has the former names too: a definition of the same fingerprint may be
/// stored without them, and the first one stays.
#[derive(PartialEq, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    plan: Plan,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    formerly: Vec<String>,
}

impl Entry {
    /// Returns whether the latest entry that is not after a time is this one. Another version of this crate
    /// may have written it with other fields.
    fn is_in_force(&self, phase: &Phase, at: Timestamp) -> bool {
        let before = phase.plans.partition_point(|entry| entry.first_at <= at);
        let entry = phase.plans[..before].last();
        let latest = entry.and_then(|entry| serde_json::from_str(&entry.json).ok());
        latest.as_ref() == Some(self)
    }
}
