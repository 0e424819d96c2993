//! The kind of unit of each phase. A phase has one kind, because units of two kinds cannot be compared, and
//! a person with both would count twice.

use std::{collections::HashMap, sync::Arc};

use super::facts::PhaseName;

use super::{
    catalog::Phase,
    error::{StoreError, StoreErrorKind},
};

/// The kinds of phases, by set and number; the first one stays.
#[derive(Debug, Default)]
pub(crate) struct Kinds(HashMap<(Arc<str>, u32), Arc<str>>);

impl Kinds {
    /// Returns the kinds of the phases of a store.
    pub(crate) fn of(phases: &[Phase]) -> Self {
        let mut kinds = Self::default();
        for phase in phases {
            kinds.learn(&phase.name);
        }
        kinds
    }

    /// Returns the kind of a phase, which is learned if it was not known.
    pub(crate) fn learn(&mut self, phase: &PhaseName) -> &Arc<str> {
        let key = (Arc::clone(&phase.set), phase.phase);
        let kind = self.0.entry(key);
        kind.or_insert_with(|| Arc::clone(&phase.kind))
    }
}

/// Sees to it that two stores have the same kinds, before one is merged into the other.
pub(crate) fn check_kinds(ours: &[Phase], theirs: &[Phase]) -> Result<(), StoreError> {
    let mut kinds = Kinds::of(ours);
    for Phase { name, .. } in theirs {
        let kind = kinds.learn(name);
        if *kind != name.kind {
            let message = format!("{}; the stores cannot be merged", sentence(name, kind));
            return Err(StoreError::new(StoreErrorKind::OtherUnits, message));
        }
    }
    Ok(())
}

/// Says that a phase is of another kind.
///
/// The text has no full stop, so that a caller can add what follows from it.
pub(crate) fn sentence(name: &PhaseName, kind: &str) -> String {
    let PhaseName {
        set,
        phase,
        kind: other,
    } = name;
    format!("phase {phase} of set {set:?} is about the unit {kind:?}, and not {other:?}")
}
