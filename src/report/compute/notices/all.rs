//! The notices of a phase, in their order.

use crate::{
    report::{
        GoalSource, Health, Notice,
        compute::{Draft, busiest::busiest, recorded::RecordedGoals},
    },
    stats::Warning,
};

use super::warning::of_warning;

impl Draft<'_> {
    /// Returns the notices, the most serious first. Those about a single goal come last.
    pub(in crate::report::compute) fn notices(&self, health: &Health) -> Vec<Notice> {
        let warnings = self.readout.warnings.iter();
        let warnings = warnings.filter(|warning| !self.is_of_durations(warning));
        let warnings = warnings.map(|warning| of_warning(warning, &self.measured));
        let mut notices: Vec<Notice> = warnings.collect();
        notices.extend(busiest(self.facts, health));
        notices.extend(self.of_definitions(health));
        notices.extend(self.of_recording(health));
        notices.extend(self.of_changes());
        notices.extend(self.of_plan());
        let recorded = RecordedGoals::of(self.facts);
        for (index, goal) in self.measured.iter().enumerate() {
            notices.extend(self.of_goal(index, &goal.report, &recorded));
        }
        // The sort is stable, so the most serious stay first.
        notices.sort_by_key(|notice| notice.goal.is_some());
        notices
    }

    /// Returns whether a warning is that durations differ a lot. The layer measures them, so no goal can be wrong,
    /// and a test of a slow page makes them differ by any factor.
    fn is_of_durations(&self, warning: &Warning) -> bool {
        let Warning::TooGood { goal, .. } = warning else {
            return false;
        };
        let goal = self.measured.get(*goal);
        goal.is_some_and(|goal| {
            matches!(goal.report.source, GoalSource::Duration | GoalSource::P95)
        })
    }
}
