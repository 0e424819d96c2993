use serde::Deserialize;

use crate::{
    assign::{Metric, MetricKind, Plan, Sum},
    event::Goal,
    record::{Amount, AskedGoal, Measure, Phase, PhaseName, Question, Timestamp},
};

use super::{GoalRole, IntentSource};

/// What a phase is to find out, and where that comes from.
///
/// The first of these that there is:
///
/// 1. the latest plan that units were exposed under;
/// 2. the plan in the definition that is in force, as it was first stored;
/// 3. all goals that the store knows, as rates: one alone is the primary one, several are
///    exploratory.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedPlan {
    plan: Plan,
    source: IntentSource,
}

/// A definition, as far as a report looks at it. It is read leniently: what decides a track is not
/// recomputed here.
#[derive(Debug, Deserialize)]
pub(super) struct Defined {
    pub(super) tracks: Vec<DefinedTrack>,
    #[serde(default)]
    plan: Option<Plan>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DefinedTrack {
    pub(super) name: String,
    pub(super) weight: u64,
    pub(super) control: bool,
}

impl Defined {
    /// Returns the definition that came last into force in a phase, if it can be read.
    pub(super) fn in_force(phase: &Phase) -> Option<Self> {
        let latest = phase.definitions.last()?;
        serde_json::from_str(&latest.json).ok()
    }
}

impl StatedPlan {
    /// Returns what a phase is to find out: `stored` is the latest of its plans,
    /// `goals` are those that the store knows.
    pub fn of(phase: &Phase, stored: Option<Plan>, goals: &[Goal]) -> Self {
        let defined = || Defined::in_force(phase)?.plan;
        let (plan, source) = match (stored, defined) {
            (Some(plan), _) => (plan, IntentSource::Plan),
            (None, defined) => match defined() {
                Some(plan) => (plan, IntentSource::Definition),
                None => (of_goals(goals), IntentSource::Goals),
            },
        };
        Self { plan, source }
    }

    /// Returns the plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns where it comes from.
    pub fn source(&self) -> IntentSource {
        self.source
    }

    /// Returns what to ask a store of the phase, as of a time.
    pub fn question(&self, phase: &PhaseName, as_of: Timestamp) -> Question {
        let question = Question::new(phase.clone(), as_of);
        let asked = self.metrics().filter_map(|(_, metric)| self.asked(metric));
        asked.fold(question, Question::goal)
    }

    /// Returns what is asked, in the order of the question: the primary metric, guardrails, and
    /// the rest. Those whose goals have no names that goals can have are left out.
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
            window: self.plan.window_of(metric),
            cap: metric.most(),
            ..AskedGoal::new(Goal::new(metric.goal()).ok()?, measure)
        })
    }
}

fn of_goals(goals: &[Goal]) -> Plan {
    let rate = |goal: &Goal| Metric::rate(goal.as_str().to_owned());
    match goals {
        [goal] => Plan::default().primary(rate(goal)),
        goals => goals.iter().map(rate).fold(Plan::default(), Plan::also),
    }
}

fn amount(sum: Sum) -> Amount {
    match sum {
        Sum::Count => Amount::Count,
        Sum::Value => Amount::Value,
    }
}
