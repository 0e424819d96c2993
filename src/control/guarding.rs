//! What the guard needs of controls: what is in force for a set, a change, and an alert.

use std::sync::PoisonError;

use super::{
    alert::Alert,
    change::{Change, Draft},
    controls::Controls,
    error::ControlError,
    state::State,
};

impl Controls {
    /// Returns the phase of a set in this program, and what is in force for it; `None` if no layer has the
    /// set.
    pub(crate) fn in_program(&self, set: &str) -> Option<(u32, State)> {
        let dials = self.shared.dials();
        let mut codes = dials.iter().flat_map(|dials| dials.codes());
        let code = codes.find(|code| code.set().is_named(set))?;
        Some((code.set().phase(), self.shared.state(code)))
    }

    /// Returns the number of the last change of a set and phase under this name; 0 if there is none.
    pub(crate) fn last_of(&self, set: &str, phase: u32) -> u64 {
        self.shared.known().last_of(set, phase)
    }

    /// Adds a change after the last one that its author knew.
    pub(crate) fn append(&self, draft: &Draft, previous: u64) -> Result<Change, ControlError> {
        self.shared.append(draft, previous)
    }

    /// Sends an alert to the closure of the program.
    pub(crate) fn alert(&self, alert: &Alert) {
        self.shared.alert(alert);
    }

    /// Notes whether the guard could not pause a set, and returns whether that is a new failure.
    pub(crate) fn note_failure(&self, set: &str, phase: u32, fails: bool) -> bool {
        let unguarded = &self.shared.unguarded;
        let mut unguarded = unguarded.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (set.to_owned(), phase);
        match fails {
            true => unguarded.insert(key),
            false => {
                unguarded.remove(&key);
                false
            }
        }
    }
}
