//! The changes of a phase, as a list beside the charts of its days.

use crate::{
    figures::plural,
    report::{ChangeReport, Day, PhaseReport},
};

use super::words::begun;

/// The maximum number of changes on a page, the latest ones.
const MOST: usize = 100;

/// The latest changes of a phase.
#[derive(Debug)]
pub(in crate::dashboard) struct ChangesView {
    pub(in crate::dashboard) shown: Vec<ChangeView>,
    /// The number of earlier changes, in words, if there are any.
    pub(in crate::dashboard) earlier: Option<String>,
}

/// A change in words.
#[derive(Debug)]
pub(in crate::dashboard) struct ChangeView {
    pub(in crate::dashboard) number: u64,
    pub(in crate::dashboard) day: Day,
    pub(in crate::dashboard) what: String,
    pub(in crate::dashboard) without_effect: Option<String>,
    /// The author, the time and the reason.
    pub(in crate::dashboard) by: String,
}

impl ChangesView {
    /// Returns the changes of a phase, by the time at which they came into force.
    pub(in crate::dashboard) fn of(phase: &PhaseReport) -> Self {
        let earlier = phase.changes.len().saturating_sub(MOST);
        let shown = phase.changes.iter().skip(earlier);
        Self {
            shown: shown.map(ChangeView::of).collect(),
            earlier: (earlier > 0).then(|| plural(earlier as u64, "earlier change")),
        }
    }

    pub(in crate::dashboard) fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
}

impl ChangeView {
    fn of(change: &ChangeReport) -> Self {
        let (author, at, reason) = (&change.author, change.in_force, &change.reason);
        Self {
            number: change.number,
            day: change.day,
            what: begun(&change.sentence),
            without_effect: change.without_effect.clone(),
            by: format!("By {author}, in force at {at}: {reason}"),
        }
    }
}
