//! Units whose totals are beyond 64 bits.

use crate::{
    figures::count,
    report::{GoalReport, total::total},
};

/// Returns a sentence about units whose totals 64 bits do not hold, where no cap cuts them before.
pub(super) fn beyond(goal: &GoalReport) -> Option<String> {
    let units = total(goal.tracks.iter().map(|track| track.capped));
    (goal.cap.is_none() && units > 0).then(|| {
        format!(
            "{} units have totals beyond ±9,223,372,036,854, and count as that; correct these \
             values, or set a cap",
            count(units)
        )
    })
}
