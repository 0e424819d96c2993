//! Parts of long lists: which items a page has, and which page is next.

use std::ops::Range;

use axum::response::Response;

use crate::{dashboard::responses::linked, figures::count, report::PhaseReport};

/// The items of a list that are on a page.
///
/// No page has a list that is longer than its part.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    /// The number of items of the list.
    all: usize,
    /// The maximum number of items of a part.
    most: usize,
}

impl Part {
    /// Returns the part that begins with an item; the last part if it would begin later.
    pub(super) fn of(from: usize, all: usize, most: usize) -> Self {
        // A list may have become shorter since its page was loaded: then its links lead to the last
        // page, and not to an empty one.
        let last = all.saturating_sub(1) / most * most;
        Self::from(from.min(last), all, most)
    }

    /// Returns the part that begins with an item, for programs that follow links: it is empty after
    /// the last item.
    pub(super) fn from(from: usize, all: usize, most: usize) -> Self {
        let from = from.min(all);
        let range = from..from.saturating_add(most).min(all);
        Self { range, all, most }
    }

    /// Ends the part before the phase that would be beyond a number of goals. One phase always
    /// fits.
    pub(super) fn with_goals(mut self, phases: &[PhaseReport], most: usize) -> Self {
        let mut goals = 0;
        let is_beyond = |phase: &PhaseReport| {
            goals += phase.goals.len();
            goals > most
        };
        let part = phases.iter().skip(self.range.start);
        if let Some(fit) = part.take(self.range.len()).position(is_beyond) {
            // A part without a phase would have itself as its next part, and a program that follows
            // the links would never end.
            self.range.end = self.range.start + fit.max(1);
        }
        self
    }

    /// Returns a sentence such as "Goals 51 to 100 of 120."; `None` if all items are shown.
    pub(super) fn sentence(&self, items: &str) -> Option<String> {
        let Range { start, end } = self.range;
        (end - start < self.all).then(|| {
            let [first, last, all] = [start + 1, end, self.all].map(|n| count(n as u64));
            format!("{items} {first} to {last} of {all}.")
        })
    }

    /// Returns the index of the first item of the previous part.
    pub(super) fn earlier(&self) -> Option<usize> {
        let start = self.range.start;
        (start > 0).then(|| start.saturating_sub(self.most))
    }

    /// Returns the index of the first item of the next part.
    pub(super) fn later(&self) -> Option<usize> {
        Some(self.range.end).filter(|end| *end < self.all)
    }

    /// Adds the address of the next part to a response. The address ends where the first item is
    /// added to it.
    pub(super) fn linked(&self, address: &str, response: Response) -> Response {
        let next = self.later();
        linked(response, next.map(|from| format!("{address}from={from}")))
    }
}
