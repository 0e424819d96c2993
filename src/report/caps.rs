//! Caps at percentiles, which the totals of all tracks together decide.

use crate::store::{Attribution, Question, StoreError};

use super::plan::StatedPlan;

/// Sets the caps of a question that are at percentiles. Each answer may be one of another time, so the caps are
/// computed from the answer to the same question.
///
/// Returns the caps in the order of the metrics, as the report states them; `None` for a goal without one.
pub(super) fn set_caps(
    plan: &StatedPlan,
    question: &mut Question,
    attribute: impl Fn(&Question) -> Result<Option<Attribution>, StoreError>,
) -> Result<Vec<Option<i64>>, StoreError> {
    let metrics = plan.metrics().map(|(_, metric)| metric.own_cap_at());
    let percentiles: Vec<Option<f64>> = metrics.collect();
    if percentiles.iter().any(Option::is_some) {
        let mut sized = question.clone();
        let goals = sized.goals.drain(..).zip(&percentiles);
        let goals = goals.filter(|(_, percentile)| percentile.is_some());
        sized.goals = goals.map(|(goal, _)| goal.sizes(true)).collect();
        let answer = attribute(&sized)?.unwrap_or_default();
        let mut sizes = answer.goals.iter().map(|goal| &goal.sizes);
        for (goal, percentile) in question.goals.iter_mut().zip(&percentiles) {
            if let Some(percentile) = percentile {
                let cap = sizes.next().and_then(|sizes| sizes.quantile(*percentile));
                goal.cap = cap.map(|cap| i64::try_from(cap).unwrap_or(i64::MAX));
            }
        }
    }
    Ok(question.goals.iter().map(|goal| goal.cap).collect())
}
