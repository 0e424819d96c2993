//! A set with its changes at a point in time, for the pages.

use std::{sync::Arc, time::Duration};

use crate::{assign::Set, store::Timestamp};

use super::{
    act::Act,
    change::Change,
    code::Code,
    proposal::{Proposal, Rules},
    state::{State, state},
    void::Void,
};

/// A set with its changes at a point in time.
pub(crate) struct Snapshot {
    pub(crate) set: Arc<Set>,
    is_alone: bool,
    /// The changes of the set in its phase, in the order of their numbers.
    pub(crate) changes: Vec<Change>,
    /// The time by the clock of the log.
    pub(crate) now: Timestamp,
    /// What is in force.
    pub(crate) state: State,
    rules: Rules,
}

/// What a change would do.
pub(crate) struct Outlook {
    /// What would be in force.
    pub(crate) after: State,
    pub(crate) delay: Duration,
    pub(crate) needs_approval: bool,
}

impl Snapshot {
    pub(super) fn new(
        (set, is_alone): (Arc<Set>, bool),
        known: &[Change],
        (state, now): (State, Timestamp),
        rules: Rules,
    ) -> Self {
        let is_ours = |change: &&Change| set.is_named(&change.set) && change.phase == set.phase();
        let changes: Vec<Change> = known.iter().filter(is_ours).cloned().collect();
        Self {
            set,
            is_alone,
            changes,
            now,
            state,
            rules,
        }
    }

    /// Returns a change of the set by its number.
    pub(crate) fn change(&self, number: u64) -> Option<&Change> {
        self.changes.iter().find(|change| change.number == number)
    }

    /// Returns what was in force at a time before now, or will be, by the first changes.
    pub(crate) fn state_at(&self, changes: usize, at: Timestamp) -> State {
        let changes = self.changes.get(..changes).unwrap_or(&self.changes);
        state(self.code(), changes, at)
    }

    /// Returns what the code alone says.
    pub(crate) fn in_code(&self) -> State {
        state(self.code(), &[], self.now)
    }

    /// Returns what a change by an author would do. It is refused if it would have no effect.
    pub(crate) fn outlook(&self, act: Act, author: &str) -> Result<Outlook, Void> {
        let proposal = Proposal {
            act,
            author,
            // The reason is not known before the author has seen what the change does.
            reason: "to be given",
            rules: self.rules,
        };
        let proposed = proposal.draft(self.code(), &self.changes, self.now)?;
        Ok(Outlook {
            after: proposed.after,
            delay: proposed.draft.delay,
            needs_approval: proposed.draft.needs_approval,
        })
    }

    fn code(&self) -> Code<'_> {
        Code::new(&self.set, self.is_alone)
    }
}
