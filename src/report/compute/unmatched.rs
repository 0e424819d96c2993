use crate::report::{PhaseFacts, plan::Defined};

/// The least unmatched conversions that are worth a notice.
const LEAST: u64 = 10;

/// Returns how many conversions of a goal belong to no unit that was exposed before them, if that
/// is more than half of those that should.
///
/// Conversions are counted from the day after the first exposure on, and all matched ones are taken
/// away from them, so that the number is rather too small. Where a part of the units takes part, as
/// many of the conversions are expected to match.
pub(super) fn unmatched(facts: &PhaseFacts, goal: usize) -> Option<u64> {
    // Conversions are counted by days of UTC, whatever the days of the report.
    let (first_exposure, _) = facts.attribution.exposed?;
    let first_day = first_exposure.day();
    let asked = facts.plan.question(&facts.phase.name, facts.as_of);
    let name = &asked.goals.get(goal)?.goal;
    let later = (name.clone(), first_day.checked_add(1)?)..=(name.clone(), i32::MAX);
    let all: u64 = facts.conversions.range(later).map(|(_, n)| n).sum();
    let matched = facts.attribution.goals.get(goal)?.matched;
    let share = Defined::latest(&facts.phase).and_then(|defined| defined.share);
    let expected = all as f64 * share.unwrap_or(1.0).clamp(0.0, 1.0);
    let unmatched = all.saturating_sub(matched);
    (unmatched >= LEAST && (matched as f64) < expected / 2.0).then_some(unmatched)
}
