//! The plans of a phase over time: a plan that was changed after the first exposure is no longer a
//! promise.

use std::time::Duration;

use crate::{
    assign::{MetricKind, Plan},
    store::{Phase, Timestamp},
};

use super::plan::Defined;

/// How much later than the first exposure a plan may come into force and still be of before it:
/// several nodes start, and their clocks differ.
const START: Duration = Duration::from_secs(60);

/// The plans of a phase with the times from which they were in force, the earliest first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlanLog(Vec<(Timestamp, Plan)>);

/// The parts of a plan that changed after the first exposure, with the times of the changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moved {
    /// When the number of units was set or changed.
    pub(super) units: Option<Timestamp>,
    /// When the primary metric was named or changed.
    pub(super) primary: Option<Timestamp>,
}

impl PlanLog {
    /// Reads the plans of definitions, and those that were recorded when a set came without another
    /// change. What cannot be read is left out.
    pub(super) fn of(phase: &Phase) -> Self {
        let of_definitions = phase.definitions.iter().filter_map(|known| {
            let plan = Defined::read(&known.json)?.plan?;
            Some((known.first_at, plan))
        });
        let recorded = phase.plans.iter().filter_map(|known| {
            let plan = of_entry(&known.json)?;
            Some((known.first_at, plan))
        });
        let mut plans: Vec<(Timestamp, Plan)> = of_definitions.chain(recorded).collect();
        plans.sort_by_key(|(first_at, _)| *first_at);
        Self(plans)
    }

    /// Returns the goals that the plans name, those among them that others are divided by.
    pub(super) fn goals(&self) -> impl Iterator<Item = &str> {
        let metrics = self.0.iter().flat_map(|(_, plan)| plan.metrics());
        metrics.flat_map(|metric| {
            let other = match metric.kind() {
                MetricKind::Ratio { goal, .. } => Some(&**goal),
                _ => None,
            };
            std::iter::once(metric.goal()).chain(other)
        })
    }

    /// Returns the plan that came last into force.
    pub(super) fn latest(&self) -> Option<&Plan> {
        self.0.last().map(|(_, plan)| plan)
    }

    /// Returns the plan that came first into force; of several nodes that started together, the
    /// last of theirs.
    pub(super) fn first(&self) -> Option<&Plan> {
        let (first, _) = self.0.first()?;
        self.at_start(*first)
    }

    /// Returns when the time zone was changed after the first plan.
    pub(super) fn moved_time_zone(&self) -> Option<Timestamp> {
        let first = self.first()?.named_time_zone();
        let begun = self.0.first()?.0.plus(START);
        let mut later = self.0.iter().filter(|(at, _)| *at > begun);
        let moved = later.find(|(_, plan)| plan.named_time_zone() != first)?;
        Some(moved.0)
    }

    /// Returns the plan that was in force at the first exposure.
    pub(super) fn at_start(&self, first_exposure: Timestamp) -> Option<&Plan> {
        let until = first_exposure.plus(START);
        let before = self.0.iter().take_while(|(at, _)| *at <= until);
        before.last().map(|(_, plan)| plan)
    }

    /// Returns what was changed after the first exposure, at its first change.
    pub(super) fn moved(&self, first_exposure: Option<Timestamp>) -> Moved {
        let Some(first_exposure) = first_exposure else {
            return Moved::default();
        };
        let until = first_exposure.plus(START);
        let start = self.at_start(first_exposure);
        let later = || self.0.iter().filter(|(at, _)| *at > until);
        let units = start.and_then(Plan::planned_units);
        let primary = start.and_then(Plan::primary_metric);
        let moved_units = later().find(|(_, plan)| plan.planned_units() != units);
        let moved_primary = later().find(|(_, plan)| {
            let is_other = plan.primary_metric() != primary;
            let start = start.unwrap_or(plan);
            let window = |of: &Plan| of.primary_metric().map(|metric| of.window_of(metric));
            // Another window counts other conversions, so it makes another goal.
            is_other || window(plan) != window(start)
        });
        Moved {
            units: moved_units.map(|(at, _)| *at),
            primary: moved_primary.map(|(at, _)| *at),
        }
    }
}

/// Reads an entry of the log of plans; `None` if it has the former names of a set without a plan.
fn of_entry(json: &str) -> Option<Plan> {
    let entry: serde_json::Value = serde_json::from_str(json).ok()?;
    let fields = entry.as_object()?;
    let has_plan = fields.is_empty() || fields.keys().any(|field| field != "formerly");
    has_plan.then(|| serde_json::from_value(entry).ok())?
}
