//! The reports of goals, and of sums over requests.

use serde::{Deserialize, Serialize};

use crate::stats::Scale;

use super::{
    answer::{Answer, Estimated},
    utc::{Day, Utc},
    verdict::{Compared, Judgement, VerdictKind},
};

/// The report of one goal, or of one sum over requests, with the results of each track.
///
/// ```
/// use tower_tracks::report::GoalReport;
///
/// /// Prints the values of a goal.
/// fn print(goal: &GoalReport) {
///     for track in &goal.tracks {
///         match track.value.known() {
///             Some(value) => println!("{}: {} of {} units", track.track, value.value, track.units),
///             None => println!("{}: {}", track.track, track.value.why().unwrap_or_default()),
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct GoalReport {
    /// The name in lists, unique within the phase, such as `purchase`, `purchase value` or `errors
    /// per request`.
    pub label: String,
    /// What is measured.
    pub source: GoalSource,
    /// The role of the goal in the plan.
    pub role: GoalRole,
    /// Whether a lower value is better, as for errors.
    pub less_is_better: bool,
    /// How many seconds after the first exposure conversions begin to count; `None` for sums over
    /// requests, which have no window.
    pub window_from_seconds: Option<u64>,
    /// How many seconds after the first exposure conversions cease to count; `None` for sums over
    /// requests.
    pub window_seconds: Option<u64>,
    /// The number of units that still have time to convert. Verdicts leave them out.
    pub open: u64,
    /// The time at which the window of the last of them ends; `None` if there are none.
    pub open_until: Option<Utc>,
    /// The maximum that counts of one unit, in the goal's unit; `None` without a cap.
    pub cap: Option<f64>,
    /// The percentile at which the cap is; `None` if it was set before.
    pub cap_at: Option<f64>,
    /// How far before the first exposure the same total was summed, to adjust the comparison, in seconds; `None`
    /// if it was not.
    pub lookback_seconds: Option<u64>,
    /// The largest lift that does not matter, such as 0.02 for 2%: how much worse a guardrail may get, or the
    /// smallest lift of a primary goal that matters. `None` without one.
    pub margin: Option<f64>,
    /// The tracks, in the order of [`PhaseReport::tracks`](crate::report::PhaseReport::tracks),
    /// control first.
    pub tracks: Vec<GoalTrack>,
}

/// The quantity that a goal measures.
///
/// ```
/// use tower_tracks::report::GoalSource;
///
/// let source = GoalSource::Value { goal: "purchase".into() };
/// let json = serde_json::to_string(&source).unwrap();
/// assert_eq!(json, r#"{"value":{"goal":"purchase"}}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GoalSource {
    /// The share of units that reached a goal, from 0 to 1.
    Rate {
        /// The goal.
        goal: String,
    },
    /// The mean number of conversions of a unit.
    Count {
        /// The goal.
        goal: String,
    },
    /// The mean value of a unit's conversions, in the goal's unit.
    Value {
        /// The goal.
        goal: String,
    },
    /// A sum over all units, divided by another sum.
    Ratio {
        /// The dividend, such as `purchase value`.
        numerator: String,
        /// The divisor, such as `visit count`.
        denominator: String,
    },
    /// Requests that ended in an error, as a share of all requests.
    Errors,
    /// Requests that were aborted before a response, as a share of all requests.
    Aborts,
    /// The mean time from a request to the head of its response, in milliseconds.
    Duration,
    /// The 95th percentile of this time, in milliseconds: one of twenty requests takes longer.
    P95,
}

/// The role of a goal in the plan.
///
/// ```
/// use tower_tracks::report::{GoalReport, GoalRole, PhaseReport};
///
/// fn guardrails(phase: &PhaseReport) -> impl Iterator<Item = &GoalReport> {
///     phase.goals.iter().filter(|goal| goal.role == GoalRole::Guardrail)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoalRole {
    /// The goal that was named before the start. A plan decides on it.
    Primary,
    /// A goal that is also compared, without a level of its own: it suggests the next test, and
    /// confirms nothing.
    Exploratory,
    /// A goal that must not get worse.
    Guardrail,
}

/// The report of a goal in one track, over the units whose windows have ended. In a plan, these are
/// the units of the look.
///
/// The fields of comparisons are `None` for control. If a number cannot be computed, an [`Answer`]
/// has the reason.
///
/// ```
/// use tower_tracks::report::{GoalTrack, VerdictKind};
///
/// /// Returns the lift of a track that is better than control, such as 0.1 for 10%.
/// fn gain(track: &GoalTrack) -> Option<f64> {
///     let verdict = track.verdict.as_ref()?;
///     let compared = track.compared.as_ref()?.known()?;
///     let is_better = verdict.kind == VerdictKind::Better;
///     is_better.then(|| compared.lift.known().copied())?
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct GoalTrack {
    /// The name of the track.
    pub track: String,
    /// The number of units. For sums over requests, it is the number of units that were exposed to
    /// this track alone.
    pub units: u64,
    /// The number of units that reached the goal; `None` for sums over requests.
    pub converters: Option<u64>,
    /// The sum over the units, in the goal's unit. For a rate, it is the number of converters. For a
    /// percentile, which is no sum, it is 0.
    pub sum: f64,
    /// The divisor of the sum: the number of units, the denominator of a ratio, or the number of
    /// requests.
    pub by: f64,
    /// The number of units whose sum was cut by the cap.
    pub capped: u64,
    /// The rate, the mean or the ratio, with its interval.
    pub value: Answer<Estimated>,
    /// The comparison with control; `None` for control.
    pub compared: Option<Answer<Compared>>,
    /// The verdict; `None` for control.
    pub verdict: Option<Judgement>,
    /// The look of the plan at which the track was read; `None` without a plan, and before the
    /// first look.
    pub look: Option<PlanLook>,
    /// The same over all units so far. `None` if hardly any unit still has time to convert, and
    /// after a plan has decided.
    pub so_far: Option<SoFar>,
    /// The probability that the track is the best, for rates. It is a second view of the same data,
    /// and no reason to stop.
    pub chance: Option<TrackChance>,
    /// The smallest effect that a test with this number of units finds with a probability of 80%;
    /// `None` for control.
    pub detectable: Option<Answer<Detectable>>,
    /// The percentiles of the durations of requests, if the goal is one of them.
    pub percentiles: Option<Percentiles>,
    /// The standard deviation of a unit, by which a test is planned: of a mean or a ratio; `None` for a rate, whose
    /// deviation follows from its value. Of a track whose comparison is adjusted, it is what the adjustment leaves.
    pub deviation: Option<f64>,
}

/// Percentiles of the time from a request to the head of its response, in milliseconds.
///
/// They are read from counts of bins, each 9% longer than the one before, from 0.1 ms to 2 minutes. An interval
/// lacks its upper limit if there are too few requests.
///
/// ```
/// use tower_tracks::report::{GoalTrack, Percentiles};
///
/// fn median(track: &GoalTrack) -> Option<f64> {
///     let Percentiles { p50, .. } = track.percentiles?;
///     Some(p50.value)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Percentiles {
    /// The median: half of the requests took longer.
    pub p50: Estimated,
    /// One of twenty requests took longer.
    pub p95: Estimated,
    /// One of a hundred requests took longer.
    pub p99: Estimated,
}

/// A look of a plan: the midnight at which the primary goal was read.
///
/// ```
/// use tower_tracks::report::{GoalTrack, PlanLook};
///
/// /// Describes how far the plan was when a track was read.
/// fn describe(track: &GoalTrack) -> Option<String> {
///     let PlanLook { day, information, decided, .. } = track.look?;
///     let state = if decided { "decided" } else { "read" };
///     Some(format!("{state} on {day}, at {:.0}% of the plan", 100.0 * information))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PlanLook {
    /// The day that begins with the look.
    pub day: Day,
    /// The number of closed units of all tracks, divided by the planned number. The plan is reached
    /// at 1.
    pub information: f64,
    /// Whether the look decides: the difference crossed the boundary, or the plan was reached.
    pub decided: bool,
    /// Whether it decided before the plan was reached.
    pub early: bool,
}

/// All units of a track so far, including those that still have time to convert.
///
/// ```
/// use tower_tracks::report::GoalReport;
///
/// /// Returns the tracks that need a look now.
/// fn alarming(goal: &GoalReport) -> Vec<&str> {
///     let tracks = goal.tracks.iter().filter(|track| {
///         track.so_far.as_ref().is_some_and(|so_far| so_far.alarm.is_some())
///     });
///     tracks.map(|track| &*track.track).collect()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SoFar {
    /// The number of units.
    pub units: u64,
    /// The number of units that reached the goal.
    pub converters: u64,
    /// The rate, the mean or the ratio.
    pub value: Answer<f64>,
    /// The comparison with control, valid at every look; `None` for control.
    pub compared: Option<Answer<Compared>>,
    /// The sentence that the track is worse so far, if it is. It is no verdict, but a reason to
    /// look at the track now.
    pub alarm: Option<String>,
}

/// The probability that a track is the best, if all rates were equally probable before the test (a
/// uniform prior).
///
/// ```
/// use tower_tracks::report::{GoalTrack, TrackChance};
///
/// fn describe(track: &GoalTrack) -> Option<String> {
///     let TrackChance { best, expected_loss, .. } = track.chance?;
///     Some(format!("best with {:.0}%, at an expected loss of {expected_loss:.4}", 100.0 * best))
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TrackChance {
    /// The probability that its rate is the best of all: the highest, or the lowest where less is
    /// better.
    pub best: f64,
    /// The probability that its rate is better than control's; `None` for control.
    pub beats_control: Option<f64>,
    /// The expected difference to the best rate, if this track is chosen. Small values mean that
    /// the choice costs little.
    pub expected_loss: f64,
}

/// The smallest effect that a test finds with a probability of 80%.
///
/// ```
/// use tower_tracks::report::{Answer, GoalTrack};
///
/// /// Returns the smallest lift that the track's number of units detects, such as 0.1 for 10%.
/// fn smallest_lift(track: &GoalTrack) -> Option<f64> {
///     track.detectable.as_ref().and_then(Answer::known)?.lift
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Detectable {
    /// The difference, in the goal's unit. For a rate, 0.01 is one percentage point.
    pub difference: f64,
    /// The difference as a share of control's value: 0.1 is 10% more. `None` if the value of
    /// control is not above 0.
    pub lift: Option<f64>,
}

impl GoalReport {
    /// Returns whether it is about requests: errors, aborts or durations, which are measured without any
    /// code.
    ///
    /// ```
    /// use tower_tracks::report::{GoalReport, PhaseReport};
    ///
    /// fn measured_without_code(phase: &PhaseReport) -> usize {
    ///     phase.requests.iter().filter(|goal| goal.is_of_requests()).count()
    /// }
    /// ```
    pub fn is_of_requests(&self) -> bool {
        use GoalSource::{Aborts, Duration, Errors, P95};
        matches!(self.source, Errors | Aborts | Duration | P95)
    }

    /// Returns whether a plan decided each track that is compared. Tracks that are switched off do
    /// not count.
    ///
    /// ```
    /// use tower_tracks::report::PhaseReport;
    ///
    /// fn decided(phase: &PhaseReport) -> Vec<&str> {
    ///     let goals = phase.goals.iter().filter(|goal| goal.is_decided());
    ///     goals.map(|goal| &*goal.label).collect()
    /// }
    /// ```
    pub fn is_decided(&self) -> bool {
        let is_compared = |track: &&GoalTrack| track.verdict.is_some() && !track.is_off();
        let mut compared = self.tracks.iter().filter(is_compared).peekable();
        let is_decided = |track: &GoalTrack| track.look.is_some_and(|look| look.decided);
        compared.peek().is_some() && compared.all(is_decided)
    }

    /// Returns whether its values are shares from 0 to 1, which are written as percent: rates,
    /// errors and aborts.
    ///
    /// ```
    /// use tower_tracks::report::GoalReport;
    ///
    /// fn write(goal: &GoalReport, value: f64) -> String {
    ///     match goal.is_share() {
    ///         true => format!("{:.1}%", 100.0 * value),
    ///         false => format!("{value:.2}"),
    ///     }
    /// }
    /// ```
    pub fn is_share(&self) -> bool {
        use GoalSource::{Aborts, Errors, Rate};
        matches!(self.source, Rate { .. } | Errors | Aborts)
    }
}

impl GoalReport {
    /// Returns the unit of differences between its values.
    pub(in crate::report) fn scale(&self) -> Scale {
        match self.source {
            GoalSource::Duration | GoalSource::P95 => Scale::Milliseconds,
            _ if self.is_share() => Scale::Points,
            _ => Scale::Absolute,
        }
    }
}

impl GoalTrack {
    /// Returns whether the verdict is that the track is worse than control.
    ///
    /// ```
    /// use tower_tracks::report::GoalReport;
    ///
    /// fn is_harmful(goal: &GoalReport) -> bool {
    ///     goal.tracks.iter().any(|track| track.is_worse())
    /// }
    /// ```
    pub fn is_worse(&self) -> bool {
        let verdict = self.verdict.as_ref();
        verdict.is_some_and(|verdict| verdict.kind == VerdictKind::Worse)
    }

    /// Returns whether the track is switched off: its weight is 0, and it is no longer compared.
    ///
    /// ```
    /// use tower_tracks::report::GoalReport;
    ///
    /// fn compared(goal: &GoalReport) -> usize {
    ///     let tracks = goal.tracks.iter().skip(1);
    ///     tracks.filter(|track| !track.is_off()).count()
    /// }
    /// ```
    pub fn is_off(&self) -> bool {
        let verdict = self.verdict.as_ref();
        verdict.is_some_and(|verdict| verdict.kind == VerdictKind::SwitchedOff)
    }
}

impl GoalRole {
    /// Returns the role as it is written: `primary`, `exploratory` or `guardrail`.
    ///
    /// ```
    /// use tower_tracks::report::GoalRole;
    ///
    /// assert_eq!(GoalRole::Guardrail.as_str(), "guardrail");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Exploratory => "exploratory",
            Self::Guardrail => "guardrail",
        }
    }
}
