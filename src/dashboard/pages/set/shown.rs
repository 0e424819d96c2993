use std::ops::Range;

use crate::report::count;

/// The most goals on one page.
const MOST: usize = 50;

/// Which goals of a phase are on a page, in the order of the report: planned ones come first.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) range: Range<usize>,
    all: usize,
}

impl Shown {
    /// Returns the page of goals that begins with one; the last page if it would begin later.
    pub(super) fn of(from: usize, all: usize) -> Self {
        let last = all.saturating_sub(1) / MOST * MOST;
        let from = from.min(last);
        Self {
            range: from..from.saturating_add(MOST).min(all),
            all,
        }
    }

    /// Returns which goals are shown, where not all are.
    pub(super) fn sentence(&self) -> Option<String> {
        let Range { start, end } = self.range;
        (end - start < self.all).then(|| {
            let [first, last, all] = [start + 1, end, self.all].map(|n| count(n as u64));
            format!("Goals {first} to {last} of {all}.")
        })
    }

    /// Returns with which goal the page before begins.
    pub(super) fn earlier(&self) -> Option<usize> {
        let start = self.range.start;
        (start > 0).then(|| start.saturating_sub(MOST))
    }

    /// Returns with which goal the next page begins.
    pub(super) fn later(&self) -> Option<usize> {
        Some(self.range.end).filter(|end| *end < self.all)
    }
}
