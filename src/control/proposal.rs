//! From what a person asks for to the change that is appended.

use std::time::Duration;

use crate::store::Timestamp;

use super::{
    act::Act,
    change::{Change, Draft},
    code::Code,
    reach::raises,
    state::{State, state},
    void::Void,
};

/// What a service has decided about changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// How often each node reads the log.
    pub(crate) every: Duration,
    /// Whether a change that enrols more units needs another person.
    pub(crate) two_people: bool,
}

/// A change that a person asks for.
pub(crate) struct Proposal<'a> {
    pub(crate) act: Act,
    pub(crate) author: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) rules: Rules,
}

/// A change that would be made, and what it would do.
pub(crate) struct Proposed {
    pub(crate) draft: Draft,
    /// The number of the last change before it.
    pub(crate) previous: u64,
    /// What would be in force if it had no delay and needed no approval.
    #[cfg(feature = "dashboard")]
    pub(crate) after: State,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(2),
            two_people: false,
        }
    }
}

impl Proposal<'_> {
    /// Returns the change with the delay and the approval that it needs. It is refused if it would have no
    /// effect.
    pub(crate) fn draft(
        self,
        code: Code<'_>,
        known: &[Change],
        now: Timestamp,
    ) -> Result<Proposed, Void> {
        let (name, phase) = (code.set().name(), code.set().phase());
        let mut draft = Draft::new(name, phase, self.act, self.author, self.reason);
        let before = state(code, known, now);
        let after = tried(code, known, &draft, now)?;
        let is_approval = matches!(draft.act, Act::Approve { .. });
        let is_ramp = matches!(begun(&draft.act, known), Act::Ramp { .. });
        if is_ramp || raises(code, &before, &after) {
            // Two readings, since one may just have been missed, and a second for the writing.
            draft.delay = 2 * self.rules.every + Duration::from_secs(1);
            draft.needs_approval = self.rules.two_people && !is_approval;
        }
        Ok(Proposed {
            draft,
            previous: before.last,
            #[cfg(feature = "dashboard")]
            after,
        })
    }
}

/// Returns the state if the change were in force already.
fn tried(code: Code<'_>, known: &[Change], draft: &Draft, now: Timestamp) -> Result<State, Void> {
    // After all others, with a number that none of them has.
    let change = draft.numbered(u64::MAX, now);
    let changes: Vec<Change> = known.iter().cloned().chain([change]).collect();
    let after = state(code, &changes, now);
    match after.void.iter().find(|(number, _)| *number == u64::MAX) {
        Some((_, void)) => Err(*void),
        None => Ok(after),
    }
}

/// Returns the act that a change puts in force: that of the approved change, if it is an approval.
fn begun<'a>(act: &'a Act, known: &'a [Change]) -> &'a Act {
    let Act::Approve { change: number } = act else {
        return act;
    };
    let approved = known.iter().find(|change| change.number == *number);
    approved.map_or(act, |change| &change.act)
}
