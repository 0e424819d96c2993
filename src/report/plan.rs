//! The plan of a phase, and the question that a store answers for it.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    assign::{DEFAULT_UNIT, Metric, MetricKind, Plan, Sum},
    event::Goal,
    store::{AskedGoal, Measure, Phase, PhaseName, Question, Timestamp},
};

use super::{GoalRole, IntentSource, plan_log::PlanLog, time_zone::TimeZone};

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The most days since the first exposure that are read one by one.
const AGES: u64 = 7;

/// How far before the first exposure totals are summed by default, if the unit is not the visitor.
const LOOKBACK: Duration = Duration::from_secs(28 * 24 * 60 * 60);

/// The plan of a phase, and its source.
///
/// It is the latest plan under which units were exposed. Without a plan, or if the plan names no
/// goal, all goals of the store are taken, as rates: a single one is the primary goal, several are
/// exploratory.
///
/// ```
/// use tower_tracks::{report::{IntentSource, StatedPlan}, store::Phase};
///
/// /// Returns whether the set of a phase has a plan with goals.
/// fn is_planned(phase: &Phase) -> bool {
///     StatedPlan::of(phase, &[]).source() == IntentSource::Plan
/// }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StatedPlan {
    plan: Plan,
    source: IntentSource,
    /// The plans that were in force, the earliest first.
    pub(super) log: PlanLog,
    /// The time zone with its calendar.
    pub(super) zone: TimeZone,
}

/// A definition, with the fields that a report needs. Unknown and missing fields are accepted,
/// since a report does not recompute tracks.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Defined {
    pub(super) tracks: Vec<DefinedTrack>,
    /// The kind of unit; definitions of earlier versions of this crate have none.
    pub(super) unit: Option<String>,
    /// The share of the units that take part in the set.
    pub(super) share: Option<f64>,
    pub(super) plan: Option<Plan>,
    pub(super) segment: Option<String>,
    #[serde(default)]
    pub(super) holdout: bool,
}

/// A track of a stored definition.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct DefinedTrack {
    pub(super) name: String,
    pub(super) weight: u64,
    pub(super) control: bool,
}

impl Defined {
    /// Returns a definition, if it can be read.
    pub(super) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Returns the latest definition of a phase that can be read.
    pub(super) fn latest(phase: &Phase) -> Option<Self> {
        let mut definitions = phase.definitions.iter().rev();
        definitions.find_map(|known| Self::read(&known.json))
    }
}

impl StatedPlan {
    /// Returns the plan of a phase; `goals` are the goals of the store, for a phase without a plan.
    ///
    /// ```
    /// use tower_tracks::{report::StatedPlan, store::{Memory, Store}};
    ///
    /// let store = Memory::default();
    /// let goals = store.goals()?;
    /// for phase in store.phases()? {
    ///     let plan = StatedPlan::of(&phase, &goals);
    ///     println!("{}: {:?}", phase.name.set, plan.plan().planned_units());
    /// }
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn of(phase: &Phase, goals: &[Goal]) -> Self {
        let log = PlanLog::of(phase);
        let (plan, source) = match log.latest() {
            Some(plan) if plan.metrics().next().is_some() => (plan.clone(), IntentSource::Plan),
            plan => {
                let plan = plan.cloned().unwrap_or_default();
                (with_goals(plan, goals), IntentSource::Goals)
            }
        };
        Self {
            zone: TimeZone::of(log.first()),
            plan,
            source,
            log,
        }
    }

    /// Returns the plan. Without one in the phase, it is a plan with all goals as rates.
    ///
    /// ```
    /// use tower_tracks::report::StatedPlan;
    ///
    /// fn planned_units(stated: &StatedPlan) -> Option<u64> {
    ///     stated.plan().planned_units()
    /// }
    /// ```
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns whether the goals come from a plan, or are those of the store.
    ///
    /// ```
    /// use tower_tracks::report::{IntentSource, StatedPlan};
    ///
    /// fn warn(stated: &StatedPlan) {
    ///     if stated.source() == IntentSource::Goals {
    ///         println!("no plan names a goal, so all recorded goals are read");
    ///     }
    /// }
    /// ```
    pub fn source(&self) -> IntentSource {
        self.source
    }

    /// Returns the IANA name of the time zone in which the days of the phase begin: that of its
    /// first plan, or `UTC`.
    ///
    /// ```
    /// use tower_tracks::report::StatedPlan;
    ///
    /// fn heading(stated: &StatedPlan) -> String {
    ///     format!("days begin at midnight in {}", stated.time_zone())
    /// }
    /// ```
    pub fn time_zone(&self) -> &str {
        &self.zone.name
    }

    /// Returns the question that a store answers for the phase, as of a time, by
    /// [`Attribute::attribute`](crate::store::Attribute::attribute).
    ///
    /// Its goals are the metrics of the plan: the primary one, then guardrails, then the others. A
    /// metric whose goal has an invalid name is left out.
    ///
    /// ```
    /// use tower_tracks::{
    ///     report::StatedPlan,
    ///     store::{Attribute, Attribution, Phase, Store, StoreError, Timestamp},
    /// };
    ///
    /// fn attribution(store: &dyn Store, phase: &Phase) -> Result<Option<Attribution>, StoreError> {
    ///     let plan = StatedPlan::of(phase, &store.goals()?);
    ///     store.attribute(&plan.question(&phase.name, Timestamp::now()))
    /// }
    /// ```
    pub fn question(&self, phase: &PhaseName, as_of: Timestamp) -> Question {
        let question = Question::new(phase.clone(), as_of).calendar(self.zone.calendar.clone());
        let asked = self.metrics().filter_map(|(_, metric)| {
            let lookback = lookback(metric, phase).unwrap_or_default();
            Some(self.asked(metric)?.lookback(lookback))
        });
        asked.fold(question, Question::goal)
    }

    /// Returns the primary goal, without a lookback.
    pub(super) fn primary(&self) -> Option<(AskedGoal, &Metric)> {
        let metric = self.plan.primary_metric()?;
        Some((self.asked(metric)?, metric))
    }

    /// Returns the primary goal once for each whole day of its window, at most seven, each counted on that day since
    /// the first exposure alone. It is empty if the window is shorter than two days, or begins later.
    ///
    /// ```
    /// use tower_tracks::{report::StatedPlan, store::{Phase, PhaseName}};
    ///
    /// let name = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// let plan = StatedPlan::of(&Phase::new(name), &["purchase".try_into()?]);
    /// assert_eq!(plan.by_age().len(), 7);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_age(&self) -> Vec<AskedGoal> {
        let Some((asked, metric)) = self.primary() else {
            return Vec::new();
        };
        let days = self.plan.window_of(metric).as_secs() / DAY.as_secs();
        let days = match u32::try_from(days.min(AGES)) {
            Ok(days) if days >= 2 && metric.own_window_from().is_zero() => days,
            _ => return Vec::new(),
        };
        let of_day = |day: u32| asked.clone().window_from(day * DAY).window((day + 1) * DAY);
        (0..days).map(of_day).collect()
    }

    /// Returns the metrics in the order of the question: the primary one, guardrails, and the rest. Metrics
    /// with an invalid name of a goal are left out.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (GoalRole, &Metric)> {
        let plan = &self.plan;
        let with = |role| move |metric| (role, metric);
        let primary = plan
            .primary_metric()
            .into_iter()
            .map(with(GoalRole::Primary));
        let guardrails = plan.guardrails().iter().map(with(GoalRole::Guardrail));
        let others = plan
            .exploratory_metrics()
            .iter()
            .map(with(GoalRole::Exploratory));
        let all = primary.chain(guardrails).chain(others);
        all.filter(|(_, metric)| self.asked(metric).is_some())
    }

    /// Returns the question for one metric; `None` if the name of its goal is invalid.
    fn asked(&self, metric: &Metric) -> Option<AskedGoal> {
        let measure = match metric.kind() {
            MetricKind::Rate => Measure::Rate,
            MetricKind::Count => Measure::Total(Sum::Count),
            MetricKind::Value => Measure::Total(Sum::Value),
            MetricKind::Ratio {
                numerator,
                goal,
                denominator,
            } => Measure::Ratio {
                numerator: *numerator,
                goal: Goal::new(goal).ok()?,
                denominator: *denominator,
            },
        };
        let asked = AskedGoal::new(Goal::new(metric.goal()).ok()?, measure)
            .window_from(metric.own_window_from())
            .window(self.plan.window_of(metric))
            .cap(metric.most());
        Some(asked)
    }
}

/// Returns how far before the first exposure totals of a unit are summed; `None` if they are not.
pub(super) fn lookback(metric: &Metric, phase: &PhaseName) -> Option<Duration> {
    let is_total = matches!(metric.kind(), MetricKind::Count | MetricKind::Value);
    let lookback = match metric.own_lookback() {
        Some(lookback) => lookback,
        // Most visitors are new, and have no history.
        None if *phase.kind == *DEFAULT_UNIT => Duration::ZERO,
        None => LOOKBACK,
    };
    Some(lookback).filter(|lookback| is_total && !lookback.is_zero())
}

/// Adds the goals of the store to a plan without goals.
fn with_goals(plan: Plan, goals: &[Goal]) -> Plan {
    let rate = |goal: &Goal| Metric::rate(goal.as_str().to_owned());
    match goals {
        [goal] => plan.primary(rate(goal)),
        goals => goals.iter().map(rate).fold(plan, Plan::exploratory),
    }
}
