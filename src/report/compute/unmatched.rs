//! Conversions that belong to no exposed unit: often a misspelt goal, or a missing alias.

use crate::{
    report::{facts::PhaseFacts, plan::Defined, total::total},
    store::AskedGoal,
};

/// The number of unmatched conversions from which there is a notice.
const LEAST: u64 = 10;

/// The goals of a phase, to count their unmatched conversions.
pub(super) struct Unmatched<'a> {
    facts: &'a PhaseFacts,
    pub(super) asked: Vec<AskedGoal>,
    /// The share of the units that take part in the set: of the conversions, no more can match.
    share: f64,
}

impl<'a> Unmatched<'a> {
    /// Returns the goals of a phase. The share is that of the latest definition that can be read.
    pub(super) fn of(facts: &'a PhaseFacts) -> Self {
        let share = Defined::latest(&facts.phase).and_then(|defined| defined.share);
        Self {
            facts,
            asked: facts.plan.question(&facts.phase.name, facts.as_of).goals,
            share: share.unwrap_or(1.0).clamp(0.0, 1.0),
        }
    }

    /// Returns how many conversions of a goal belong to no unit that was exposed before them, if
    /// that is more than half of those that should.
    ///
    /// Conversions are counted from the day after the first exposure on, and all matched ones are
    /// taken away from them, so that the number is rather too small. Where a part of the units takes
    /// part, as many of the conversions are expected to match.
    pub(super) fn count(&self, goal: usize) -> Option<u64> {
        // Conversions are counted by days of UTC, whatever the days of the report.
        let (first_exposure, _) = self.facts.attribution.exposed?;
        let first_day = first_exposure.day();
        let name = &self.asked.get(goal)?.goal;
        let later = (name.clone(), first_day.checked_add(1)?)..=(name.clone(), i32::MAX);
        let all = total(self.facts.conversions.range(later).map(|(_, n)| *n));
        let matched = self.facts.attribution.goals.get(goal)?.matched;
        let expected = all as f64 * self.share;
        let unmatched = all.saturating_sub(matched);
        (unmatched >= LEAST && (matched as f64) < expected / 2.0).then_some(unmatched)
    }
}
