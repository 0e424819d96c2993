use serde::{Deserialize, Serialize};

use super::{
    answer::{Answer, Estimated},
    utc::{Day, Utc},
    verdict::{Compared, Judgement, VerdictKind},
};

/// The report of one goal, or of one sum over requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct GoalReport {
    /// What it is called in lists: unique within its phase, such as `purchase`,
    /// `purchase value` or `errors per request`.
    pub label: String,
    /// What is measured.
    pub source: GoalSource,
    /// What it is for.
    pub role: GoalRole,
    /// Whether less of it is better.
    pub less_is_better: bool,
    /// How many seconds after the first exposure conversions begin to count; `None` for sums over
    /// requests, which have no window.
    pub window_from_seconds: Option<u64>,
    /// How many seconds after the first exposure conversions cease to count; `None` for sums over
    /// requests.
    pub window_seconds: Option<u64>,
    /// The units that still have time to convert. Verdicts leave them out.
    pub open: u64,
    /// When the last of them has no more time; `None` where there are none.
    pub open_until: Option<Utc>,
    /// The most that counts of one unit, in the goal's unit.
    pub cap: Option<f64>,
    /// The tracks, in the order of the phase's.
    pub tracks: Vec<GoalTrack>,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GoalSource {
    /// The share of units that reached a goal, from 0 to 1.
    Rate {
        /// The goal.
        goal: String,
    },
    /// How often a unit reached a goal.
    Count {
        /// The goal.
        goal: String,
    },
    /// What a unit's conversions are worth, in the goal's unit.
    Value {
        /// The goal.
        goal: String,
    },
    /// A sum over all units by another.
    Ratio {
        /// What is divided, such as `purchase value`.
        numerator: String,
        /// What it is divided by, such as `visit count`.
        denominator: String,
    },
    /// Requests that ended in an error, by all requests.
    Errors,
    /// Requests that were aborted before there was a response, by all requests.
    Aborts,
    /// The duration of a request to the head of its response, in milliseconds.
    Duration,
}

/// What a goal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoalRole {
    /// The goal that was named before the start. A plan decides on it.
    Primary,
    /// It is looked at, too, and confirms nothing.
    Exploratory,
    /// It must not get worse.
    Guardrail,
}

/// The report of a goal in one track, over the units whose windows have ended. In a plan, these are the
/// units of the look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct GoalTrack {
    /// The name of the track.
    pub track: String,
    /// How many units; of sums over requests, all units that were exposed to the track alone.
    pub units: u64,
    /// How many of them reached the goal; `None` for sums over requests.
    pub converters: Option<u64>,
    /// The sum over the units, in the goal's unit; of a rate that of the converters.
    pub sum: f64,
    /// What the sum is divided by: the units, the denominator of a ratio, or the requests.
    pub by: f64,
    /// How many units the cap cut.
    pub capped: u64,
    /// The rate, the mean or the ratio.
    pub value: Answer<Estimated>,
    /// The track beside control; `None` for control itself.
    pub compared: Option<Answer<Compared>>,
    /// What may be said; `None` for control itself.
    pub verdict: Option<Judgement>,
    /// At which look of a plan the track was read; `None` without a plan, and before its first
    /// look.
    pub look: Option<PlanLook>,
    /// All units so far; `None` where hardly any still has time to convert, and after a plan was
    /// decided.
    pub so_far: Option<SoFar>,
    /// How probable it is that the track is best, for rates: a second reading, and no reason to
    /// stop.
    pub chance: Option<TrackChance>,
    /// The smallest effect that so many units would find in four of five tests; `None` for control
    /// itself.
    pub detectable: Option<Answer<Detectable>>,
}

/// A look of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PlanLook {
    /// The day that begins with the look.
    pub day: Day,
    /// The closed units of all tracks by those that are planned.
    pub information: f64,
    /// Whether the look decides: the difference crossed the boundary, or the plan was reached.
    pub decided: bool,
    /// Whether it decided before the plan was reached.
    pub early: bool,
}

/// All units of a track so far, those that still have time to convert among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SoFar {
    /// How many units.
    pub units: u64,
    /// How many of them reached the goal.
    pub converters: u64,
    /// The rate, the mean or the ratio.
    pub value: Answer<f64>,
    /// The track beside control, valid at every look; `None` for control itself.
    pub compared: Option<Answer<Compared>>,
    /// That the track is worse so far, as a sentence. It is no verdict, but a reason to look now.
    pub alarm: Option<String>,
}

/// How probable it is that a track is best, if every rate was as probable before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrackChance {
    /// The probability that its rate is the best of all: the highest, or the lowest where less is
    /// better.
    pub best: f64,
    /// The probability that its rate is better than control's; `None` for control.
    pub beats_control: Option<f64>,
    /// By how much the best rate is expected to be better than its rate, if it is chosen.
    pub expected_loss: f64,
}

/// The smallest effect that is found with a probability of 80%.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Detectable {
    /// In the goal's unit; of a rate 0.01 is one percentage point.
    pub difference: f64,
    /// Of control: 0.1 is 10% more; `None` where control is not above 0.
    pub lift: Option<f64>,
}

impl GoalReport {
    /// Returns whether it is a sum over requests, which needs no code.
    pub fn is_of_requests(&self) -> bool {
        use GoalSource::{Aborts, Duration, Errors};
        matches!(self.source, Errors | Aborts | Duration)
    }

    /// Returns whether a plan decided each track that is compared.
    pub fn is_decided(&self) -> bool {
        let is_compared = |track: &&GoalTrack| track.verdict.is_some() && !track.is_off();
        let mut compared = self.tracks.iter().filter(is_compared).peekable();
        let is_decided = |track: &GoalTrack| track.look.is_some_and(|look| look.decided);
        compared.peek().is_some() && compared.all(is_decided)
    }

    /// Returns whether its values are shares, which are written as percent.
    pub fn is_share(&self) -> bool {
        use GoalSource::{Aborts, Errors, Rate};
        matches!(self.source, Rate { .. } | Errors | Aborts)
    }
}

impl GoalTrack {
    /// Returns whether the track is worse than control.
    pub fn is_worse(&self) -> bool {
        let verdict = self.verdict.as_ref();
        verdict.is_some_and(|verdict| verdict.kind == VerdictKind::Worse)
    }

    /// Returns whether the track is switched off, so that it is no longer compared.
    pub fn is_off(&self) -> bool {
        let verdict = self.verdict.as_ref();
        verdict.is_some_and(|verdict| verdict.kind == VerdictKind::SwitchedOff)
    }
}

impl GoalRole {
    /// Returns the role as it is written, such as `primary`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Exploratory => "exploratory",
            Self::Guardrail => "guardrail",
        }
    }
}
