//! The notices about the plan.

use crate::{
    report::{
        Day, IntentSource, Notice,
        compute::{Draft, recorded::unplanned},
    },
    store::Timestamp,
};

const NO_PLAN: &str = "no goal was named before the start; this one is primary because it is the \
    only one. Name a primary goal in the plan of the next phase";

impl Draft<'_> {
    /// Returns the notices about the plan: parts that changed too late, unknown time zones, and
    /// goals without a plan.
    pub(super) fn of_plan(&self) -> Vec<Notice> {
        let (plan, moved) = (&self.facts.plan, &self.reading.moved);
        let dated = |kind, at: Option<Timestamp>, sentence: &dyn Fn(Day) -> String| {
            at.map(|at| Notice::new(kind, sentence(plan.zone.day(at))))
        };
        let what = match self.decision {
            Some(_) => "had decided, which changes nothing",
            None => "began, so no plan decides and intervals are valid at every look",
        };
        let is_alone = plan.source() == IntentSource::Goals && self.lineup.units() > 0;
        let is_alone = is_alone && plan.plan().primary_metric().is_some();
        let recorded = self.facts.recorded_decision.as_ref();
        let read_at = recorded.map(|recorded| recorded.as_of.0);
        let notices = [
            dated("plan-moved", moved.units, &|day| {
                format!(
                    "the planned number of units was set or changed on {day}, after the plan {what}"
                )
            }),
            dated("primary-moved", moved.primary, &|day| {
                format!(
                    "the primary goal was named or changed on {day}, after the first exposure, so \
                     it is exploratory; confirm it in a new phase"
                )
            }),
            plan.zone.unknown.as_deref().map(unknown_zone),
            dated("time-zone-moved", plan.log.moved_time_zone(), &|day| {
                format!(
                    "the time zone of the plan changed on {day}, after the first exposure; days \
                     stay in {} until the next phase",
                    plan.zone.name
                )
            }),
            is_alone.then(|| Notice::new("no-plan", NO_PLAN)),
            unplanned(self.facts),
            self.changed_facts(),
            dated("recorded-decision", read_at, &|day| {
                format!(
                    "an earlier version read this plan on {day}, also of units that still had time \
                     to convert; its reading is kept beside this one"
                )
            }),
        ];
        notices.into_iter().flatten().collect()
    }
}

/// Returns the notice about a time zone that the bundled database does not have.
fn unknown_zone(name: &str) -> Notice {
    let sentence = format!(
        "the time zone {name:?} of the plan is not known, so days are in UTC; name one such as \
         \"Europe/Berlin\" in the plan of the next phase"
    );
    Notice::new("unknown-time-zone", sentence)
}
