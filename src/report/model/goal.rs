use serde::{Deserialize, Serialize};

use super::{Answer, Compared, Estimated, Judgement};

/// What is known of one goal, or of one sum over requests.
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
    /// For how many seconds after the first exposure conversions count; `None` for sums over
    /// requests, which have no window.
    pub window_seconds: Option<u64>,
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
    /// It decides.
    Primary,
    /// It is looked at, too, and confirms nothing.
    Exploratory,
    /// It must not get worse.
    Guardrail,
}

/// What is known of a goal in one track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct GoalTrack {
    /// The name of the track.
    pub track: String,
    /// How many units; for sums over requests these are with the crossed ones, as far as known.
    pub units: u64,
    /// How many of them reached the goal; `None` for sums over requests.
    pub converters: Option<u64>,
    /// The sum over the units, in the goal's unit; of a rate that of the converters.
    pub sum: f64,
    /// What the sum is divided by: the units, the denominator of a ratio, or the requests.
    pub by: f64,
    /// How many units the cap cut.
    pub capped: u64,
    /// How many units still have time to reach the goal.
    pub unfinished: u64,
    /// The rate, the mean or the ratio.
    pub value: Answer<Estimated>,
    /// The track beside control; `None` for control itself.
    pub compared: Option<Answer<Compared>>,
    /// What may be said; `None` for control itself.
    pub verdict: Option<Judgement>,
    /// How probable it is that the track is best, for rates: a second reading, and no reason to
    /// stop.
    pub chance: Option<TrackChance>,
    /// The smallest effect that so many units would find in four of five tests; `None` for control
    /// itself.
    pub detectable: Option<Answer<Detectable>>,
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

/// The smallest effect that is found with a probability of 80 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Detectable {
    /// In the goal's unit; of a rate 0.01 is one percentage point.
    pub difference: f64,
    /// Of control: 0.1 is 10 % more; `None` where control is not above 0.
    pub lift: Option<f64>,
}

impl GoalReport {
    /// Returns whether it is a sum over requests, which needs no code.
    pub fn is_of_requests(&self) -> bool {
        use GoalSource::{Aborts, Duration, Errors};
        matches!(self.source, Errors | Aborts | Duration)
    }

    /// Returns whether its values are shares, which are written as percent.
    pub fn is_share(&self) -> bool {
        use GoalSource::{Aborts, Errors, Rate};
        matches!(self.source, Rate { .. } | Errors | Aborts)
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
