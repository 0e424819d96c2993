//! How the goals of a phase are read: by the looks of a plan, or valid at every look.

use crate::{
    report::{GoalRole, facts::PhaseFacts, plan::lookback, plan_log::Moved},
    stats::{NoAnswer, Test},
    store::Timestamp,
};

use super::{ALPHA, goals::Asked};

/// How the goals of a phase are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// The planned number of units, if the plan decides by its looks.
    pub(super) planned: Option<u64>,
    /// The time of the last look: the change of the planned number, if it changed.
    pub(super) until: Timestamp,
    /// The parts of the plan that changed after the first exposure.
    pub(super) moved: Moved,
    /// The day whose midnight decided the plan. Exploratory goals are read as of it.
    pub(super) decided: Option<i32>,
    /// The number of units at which intervals that are valid at every look are narrowest.
    pub(super) tuned_for: u64,
}

impl Reading {
    /// A plan decides by its looks where its units and its primary metric were set before the first
    /// exposure, as long as they do not change. Else nothing is decided, and
    /// each look is valid by itself.
    pub(super) fn of(facts: &PhaseFacts) -> Self {
        let first_exposure = facts.attribution.exposed.map(|(first, _)| first);
        let log = &facts.plan.log;
        let moved = log.moved(first_exposure);
        // Intervals that were tuned on data would no longer hold.
        let start = match first_exposure {
            Some(first) => log.at_start(first).cloned().unwrap_or_default(),
            // Before the first exposure, any change of the plan is allowed.
            None => facts.plan.plan().clone(),
        };
        let is_promise = moved.primary.is_none() && start.primary_metric().is_some();
        Self {
            planned: start.planned_units().filter(|_| is_promise),
            until: moved.units.unwrap_or(Timestamp::MAX),
            tuned_for: start.tuned_for(),
            moved,
            decided: None,
        }
    }

    /// Returns the test of goals that are read without looks.
    pub(super) fn test(&self) -> Result<Test, NoAnswer> {
        Ok(Test::always_valid(ALPHA)?.tuned_for(self.tuned_for))
    }

    /// Returns the goals with their roles: a primary metric that was named or changed after the
    /// first exposure is exploratory.
    pub(super) fn asked<'a>(&self, facts: &'a PhaseFacts) -> impl Iterator<Item = Asked<'a>> {
        let is_late = self.moved.primary.is_some();
        // A store answers in the order of the question, which is that of the metrics.
        let goals = facts.plan.metrics().zip(&facts.attribution.goals);
        let caps = facts.caps.iter().map(Some).chain(std::iter::repeat(None));
        goals
            .zip(caps)
            .map(move |(((role, metric), cells), cap)| Asked {
                role: match role {
                    GoalRole::Primary if is_late => GoalRole::Exploratory,
                    role => role,
                },
                metric,
                window: facts.plan.plan().window_of(metric),
                lookback: lookback(metric, &facts.phase.name),
                cap: cap.copied().unwrap_or_else(|| metric.most()),
                cells,
            })
    }
}
