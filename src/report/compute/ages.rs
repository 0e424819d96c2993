//! The effect by day since the first exposure: whether it wears off, or takes its time.

use crate::{
    report::{AgeReport, GoalRole},
    store::{AskedGoal, AttributedGoal, StoreError},
};

use super::{Draft, goals::Asked, parts::Part};

/// Returns the primary goal for each day since the first exposure; nothing without such a goal.
pub(super) fn ages(draft: &Draft<'_>) -> Result<Vec<AgeReport>, StoreError> {
    let facts = draft.facts;
    let Some(metric) = facts.plan.plan().primary_metric() else {
        return Ok(Vec::new());
    };
    let days = facts.plan.by_age().into_iter().zip(&facts.by_age).zip(0..);
    let of_day = |((goal, cells), day): ((AskedGoal, &AttributedGoal), u32)| {
        let asked = Asked {
            role: GoalRole::Exploratory,
            metric,
            window: goal.window,
            lookback: None,
            cap: facts.caps.first().copied().flatten().or(goal.cap),
            cells,
        };
        let part = Part::of(asked, draft, |_| true)?;
        Ok(AgeReport {
            day,
            tracks: part.tracks(&mut std::iter::empty()),
        })
    };
    days.map(of_day).collect()
}
