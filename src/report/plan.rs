use serde::Deserialize;

use crate::{
    assign::{Metric, MetricKind, Plan, Sum},
    event::Goal,
    store::{Amount, AskedGoal, Measure, Phase, PhaseName, Question, Timestamp},
};

use super::{GoalRole, IntentSource, plan_log::PlanLog, time_zone::TimeZone};

/// What a phase is to find out, and where that comes from.
///
/// It is the latest plan that units were exposed under. Without a plan, or where the plan names no
/// goal, all goals that the store knows are taken, as rates: one alone is the primary one, several
/// are exploratory.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedPlan {
    plan: Plan,
    source: IntentSource,
    log: PlanLog,
    zone: TimeZone,
}

/// A definition, as far as a report looks at it. It is read leniently: what decides a track is not
/// recomputed here.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Defined {
    pub(super) tracks: Vec<DefinedTrack>,
    #[serde(default)]
    pub(super) unit: Option<String>,
    #[serde(default)]
    pub(super) share: Option<f64>,
    #[serde(default)]
    pub(super) plan: Option<Plan>,
}

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
    /// Returns what a phase is to find out; `goals` are those that the store knows.
    pub fn of(phase: &Phase, goals: &[Goal]) -> Self {
        let log = PlanLog::of(phase);
        let (plan, source) = match log.latest() {
            Some(plan) if plan.metrics().next().is_some() => (plan.clone(), IntentSource::Plan),
            plan => {
                let plan = plan.cloned().unwrap_or_default();
                (with_goals(plan, goals), IntentSource::Goals)
            }
        };
        let zone = TimeZone::of(log.first());
        Self {
            plan,
            source,
            log,
            zone,
        }
    }

    /// Returns the plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns where it comes from.
    pub fn source(&self) -> IntentSource {
        self.source
    }

    /// Returns the time zone in which the days of the phase begin: that of its first plan.
    pub fn time_zone(&self) -> &str {
        &self.zone.name
    }

    /// Returns the same with its calendar.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the plans that were in force, the earliest first.
    pub(super) fn log(&self) -> &PlanLog {
        &self.log
    }

    /// Returns what to ask a store of the phase, as of a time.
    pub fn question(&self, phase: &PhaseName, as_of: Timestamp) -> Question {
        let question = Question {
            calendar: self.zone.calendar.clone(),
            ..Question::new(phase.clone(), as_of)
        };
        let asked = self.metrics().filter_map(|(_, metric)| self.asked(metric));
        asked.fold(question, Question::goal)
    }

    /// Returns the metrics in the order of the question: the primary one, guardrails, and the rest. Metrics
    /// with an invalid name of a goal are left out.
    pub(super) fn metrics(&self) -> impl Iterator<Item = (GoalRole, &Metric)> {
        let plan = &self.plan;
        let primary = plan.primary_metric().into_iter();
        let primary = primary.map(|metric| (GoalRole::Primary, metric));
        let guardrails = plan.guardrails().iter();
        let guardrails = guardrails.map(|metric| (GoalRole::Guardrail, metric));
        let others = plan.other_metrics().iter();
        let others = others.map(|metric| (GoalRole::Exploratory, metric));
        let all = primary.chain(guardrails).chain(others);
        all.filter(|(_, metric)| self.asked(metric).is_some())
    }

    fn asked(&self, metric: &Metric) -> Option<AskedGoal> {
        let measure = match metric.kind() {
            MetricKind::Rate => Measure::Rate,
            MetricKind::Count => Measure::Total(Amount::Count),
            MetricKind::Value => Measure::Total(Amount::Value),
            MetricKind::Ratio {
                numerator,
                goal,
                denominator,
            } => Measure::Ratio {
                numerator: amount(*numerator),
                goal: Goal::new(goal).ok()?,
                denominator: amount(*denominator),
            },
        };
        Some(AskedGoal {
            window_from: metric.own_window_from(),
            window: self.plan.window_of(metric),
            cap: metric.most(),
            ..AskedGoal::new(Goal::new(metric.goal()).ok()?, measure)
        })
    }
}

fn with_goals(plan: Plan, goals: &[Goal]) -> Plan {
    let rate = |goal: &Goal| Metric::rate(goal.as_str().to_owned());
    match goals {
        [goal] => plan.primary(rate(goal)),
        goals => goals.iter().map(rate).fold(plan, Plan::also),
    }
}

fn amount(sum: Sum) -> Amount {
    match sum {
        Sum::Count => Amount::Count,
        Sum::Value => Amount::Value,
    }
}
