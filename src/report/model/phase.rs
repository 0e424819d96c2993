//! The report of one phase.

#[cfg(feature = "dashboard")]
use std::{collections::HashSet, ops::Range};

use serde::{Deserialize, Serialize};

use super::{
    age::AgeReport,
    change::{ChangeReport, ShippedReport},
    decision::{Decision, RecordedDecision},
    goal::{GoalReport, GoalRole, GoalTrack},
    health::Health,
    intent::Intent,
    period::PeriodReport,
    record::DecisionRecord,
    segment::SegmentsReport,
    series::SeriesDay,
    utc::{Day, Utc},
};

/// The kind of notices about a set whose unit changed within its phase.
pub(crate) const OTHER_UNIT: &str = "other-unit";

/// The report of one phase of a set.
///
/// Read [`covered`](Self::covered) first, then [`notices`](Self::notices), and then
/// [`goals`](Self::goals). The first track is the one with which the others are compared.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints the verdicts of the primary goal.
/// fn print(phase: &PhaseReport) {
///     if let Some(reason) = &phase.covered {
///         return println!("{}: {reason}", phase.name());
///     }
///     for track in phase.primary().iter().flat_map(|goal| &goal.tracks) {
///         if let Some(verdict) = &track.verdict {
///             println!("{}: {}: {}", phase.name(), track.track, verdict.sentence);
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PhaseReport {
    /// The name of the set.
    pub set: String,
    /// The former names of the set under which the phase has facts, which are a part of this report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
    /// The number of the phase, from 1.
    pub phase: u32,
    /// The kind of key that the set is about, such as `visitor`.
    pub unit: String,
    /// The time up to which facts count.
    pub as_of: Utc,
    /// The time zone of all days, by its IANA name, such as `UTC` or `Europe/Berlin`.
    #[serde(default = "crate::report::time_zone::utc")]
    pub time_zone: String,
    /// The day of the first exposure; `None` before it.
    pub first_day: Option<Day>,
    /// The day of the latest first exposure; `None` before it.
    #[serde(default)]
    pub last_day: Option<Day>,
    /// The time of the latest first exposure of a unit; `None` before the first one, and in reports that
    /// an earlier version stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_exposure: Option<Utc>,
    /// The days from the first exposure to now.
    pub days: f64,
    /// The units of all tracks together, without those that were exposed to several tracks.
    pub units: u64,
    /// The new units of the day before [`as_of`](Self::as_of); `None` if the phase began later.
    #[serde(default)]
    pub yesterday: Option<NewUnits>,
    /// The new units of each day, at most the last 28 days. The last one is the day of
    /// [`as_of`](Self::as_of), which is not over. Empty before the first exposure, and in reports that an
    /// earlier version stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub daily: Vec<NewUnits>,
    /// The owner, the hypothesis and the progress of the plan.
    pub intent: Intent,
    /// The tracks as they are defined, control first. Without a control, the others are compared
    /// with the first.
    pub tracks: Vec<TrackReport>,
    /// Whether the numbers can be trusted.
    pub health: Health,
    /// The reason why the goals are hidden: the numbers of units differ from the weights. Counts
    /// remain, and comparisons are missing. `None` if the goals may be read.
    pub covered: Option<String>,
    /// The notices, the most serious first.
    pub notices: Vec<Notice>,
    /// The goals: the primary one, then guardrails, then exploratory ones.
    pub goals: Vec<GoalReport>,
    /// The decision of the plan; `None` without a plan, and while it is undecided. Guardrails are
    /// compared further.
    pub decision: Option<Decision>,
    /// The day at whose midnight the plan decided.
    pub decided_on: Option<Day>,
    /// The reading of the plan that version 1 of the stored schema kept.
    pub recorded_decision: Option<RecordedDecision>,
    /// Errors, aborts and durations of requests. [`REQUESTS`](Self::REQUESTS) describes what they cover.
    pub requests: Vec<GoalReport>,
    /// The primary goal by the day of the first exposure, for a chart. Empty without a primary
    /// goal, and if results are hidden.
    pub series: Vec<SeriesDay>,
    /// The phase by definition, if the weights changed; otherwise empty.
    pub periods: Vec<PeriodReport>,
    /// The primary goal by day since the first exposure, at most seven days; empty if its window is shorter than two
    /// days, or if the results are hidden.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_age: Vec<AgeReport>,
    /// The parts by segment; `None` if no unit has a segment, or if the results are hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<SegmentsReport>,
    /// The changes of the running test, by the time at which they came into force.
    #[serde(default)]
    pub changes: Vec<ChangeReport>,
    /// The track that was shipped, which ended the test; `None` if none was.
    #[serde(default)]
    pub shipped: Option<ShippedReport>,
    /// What was known when the track was shipped; `None` without one, and in reports that an earlier version
    /// stored. A [`Reporter`](crate::report::Reporter) sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<DecisionRecord>>,
}

/// A track and the number of units in it.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints the expected and the observed share of each track.
/// fn shares(phase: &PhaseReport) {
///     for track in &phase.tracks {
///         let share = track.units as f64 / phase.units.max(1) as f64;
///         println!("{}: {share:.3} instead of {:?}", track.name, track.expected_share);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct TrackReport {
    /// The name.
    pub name: String,
    /// Whether it is control.
    pub control: bool,
    /// Its weight in the definition in force; `None` if no definition can be read.
    pub weight: Option<u64>,
    /// The share of the units by the weights, from 0 to 1.
    pub expected_share: Option<f64>,
    /// The day on which its weight became 0; `None` if it has a weight, or never had one.
    pub switched_off_on: Option<Day>,
    /// The units that were exposed to this track alone.
    pub units: u64,
    /// The units that were first exposed to this track, and later to another.
    pub crossed: u64,
}

/// The units that were first exposed on a day.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Returns the number of units that a week would have at the pace of the last day.
/// fn in_a_week(phase: &PhaseReport) -> Option<u64> {
///     Some(7 * phase.yesterday?.units)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct NewUnits {
    /// The day, in the time zone of the report.
    pub day: Day,
    /// The number of units.
    pub units: u64,
}

/// A remark about a phase or a goal, beside the verdicts.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Returns the notices that have to be resolved before a track is rolled out.
/// fn blocking(phase: &PhaseReport) -> Vec<&str> {
///     let notices = phase.notices.iter().filter(|notice| notice.blocks);
///     notices.map(|notice| &*notice.sentence).collect()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Notice {
    /// The kind, such as `mismatch`, `crossed` or `less-than-a-week`. New kinds may be added.
    pub kind: String,
    /// The label of the goal, if it is about one.
    pub goal: Option<String>,
    /// The name of the track, if it is about one.
    pub track: Option<String>,
    /// The sentence, in lower case and without a full stop.
    pub sentence: String,
    /// Whether it questions the validity of the results, so that no track is ready to be rolled out
    /// before it is resolved.
    pub blocks: bool,
}

impl PhaseReport {
    /// The note that belongs beside sums over requests.
    pub const REQUESTS: &'static str = "Over all requests that read the track, also of units that \
        met several tracks; units that were erased cannot be subtracted.";

    /// Returns the primary goal: the one that was named before the start, on which a plan decides.
    ///
    /// ```
    /// use tower_tracks::report::PhaseReport;
    ///
    /// fn converters(phase: &PhaseReport) -> u64 {
    ///     let tracks = phase.primary().into_iter().flat_map(|goal| &goal.tracks);
    ///     tracks.filter_map(|track| track.converters).sum()
    /// }
    /// ```
    pub fn primary(&self) -> Option<&GoalReport> {
        let is_primary = |goal: &&GoalReport| goal.role == GoalRole::Primary;
        self.goals.iter().find(is_primary)
    }

    /// Returns the number of new units per day, from the first exposure to the last.
    #[cfg(any(feature = "cli", feature = "dashboard"))]
    pub(crate) fn daily_units(&self) -> f64 {
        let days = self.first_day.zip(self.last_day);
        let days = days.map_or(0, |(Day(first), Day(last))| {
            i64::from(last) - i64::from(first)
        });
        self.units as f64 / (days.max(0) + 1) as f64
    }

    /// Returns the report with some of the goals alone, and without the notices about the others.
    #[cfg(feature = "dashboard")]
    pub(crate) fn part(&self, goals: Range<usize>) -> Self {
        // Field by field: a clone of a report with thousands of goals would be made for a few of
        // them.
        let periods = self.periods.iter();
        Self {
            set: self.set.clone(),
            former_names: self.former_names.clone(),
            unit: self.unit.clone(),
            time_zone: self.time_zone.clone(),
            intent: self.intent.clone(),
            tracks: self.tracks.clone(),
            health: self.health.clone(),
            covered: self.covered.clone(),
            notices: self.notices_without(&goals),
            daily: self.daily.clone(),
            goals: self.goals.get(goals.clone()).unwrap_or_default().to_vec(),
            decision: self.decision.clone(),
            recorded_decision: self.recorded_decision.clone(),
            requests: self.requests.clone(),
            series: self.series.clone(),
            periods: periods.map(|period| period.part(goals.clone())).collect(),
            by_age: self.by_age.clone(),
            segments: self.segments.as_ref().map(|all| all.part(goals.clone())),
            changes: self.changes.clone(),
            shipped: self.shipped.clone(),
            record: self.record.clone(),
            ..*self
        }
    }

    /// Returns the notices, but for those about the other goals.
    #[cfg(feature = "dashboard")]
    fn notices_without(&self, goals: &Range<usize>) -> Vec<Notice> {
        let others = self.goals.iter().enumerate();
        let others = others.filter(|(index, _)| !goals.contains(index));
        let others: HashSet<&str> = others.map(|(_, goal)| &*goal.label).collect();
        let is_kept = |goal: &str| !others.contains(goal);
        let notices = self.notices.iter();
        let kept = notices.filter(|notice| notice.goal.as_deref().is_none_or(is_kept));
        kept.cloned().collect()
    }

    /// Returns the guardrails on which a track is worse than control, with the name of the track.
    /// They include errors, aborts and durations of requests.
    ///
    /// ```
    /// use tower_tracks::report::PhaseReport;
    ///
    /// fn page_the_owner(phase: &PhaseReport) {
    ///     for (goal, track) in phase.worse_guardrails() {
    ///         println!("{}: {track} is worse: {}", phase.name(), goal.label);
    ///     }
    /// }
    /// ```
    pub fn worse_guardrails(&self) -> impl Iterator<Item = (&GoalReport, &str)> {
        let guardrails = self.goals.iter().chain(&self.requests);
        let guardrails = guardrails.filter(|goal| goal.role == GoalRole::Guardrail);
        guardrails.flat_map(|goal| {
            let keeps_margin = |track: &GoalTrack| {
                let verdict = track.verdict.as_ref();
                verdict.is_some_and(|verdict| verdict.within_margin)
            };
            let worse = goal.tracks.iter().filter(|track| track.is_worse());
            let worse = worse.filter(move |track| !keeps_margin(track));
            worse.map(move |track| (goal, &*track.track))
        })
    }

    /// Returns the goals on which a track is worse so far, with the name of the track and the
    /// sentence.
    ///
    /// An alarm is no verdict: units still have time to convert. Guardrails are not among them,
    /// since they have verdicts; see [`worse_guardrails`](Self::worse_guardrails).
    ///
    /// ```
    /// use tower_tracks::report::PhaseReport;
    ///
    /// fn alarms(phase: &PhaseReport) -> Vec<String> {
    ///     let alarms = phase.alarms();
    ///     alarms.map(|(goal, track, why)| format!("{}, {track}: {why}", goal.label)).collect()
    /// }
    /// ```
    pub fn alarms(&self) -> impl Iterator<Item = (&GoalReport, &str, &str)> {
        let goals = self.goals.iter();
        let goals = goals.filter(|goal| goal.role != GoalRole::Guardrail);
        goals.flat_map(|goal| {
            goal.tracks.iter().filter_map(move |track| {
                let alarm = track.so_far.as_ref()?.alarm.as_deref()?;
                Some((goal, &*track.track, alarm))
            })
        })
    }

    /// Returns the name of the set, followed by `@` and the number of the phase from the second
    /// phase on: `delay`, then `delay@2`.
    ///
    /// ```
    /// use tower_tracks::report::{PhaseReport, Report};
    ///
    /// fn names(report: &Report) -> Vec<String> {
    ///     report.phases.iter().map(PhaseReport::name).collect()
    /// }
    /// ```
    pub fn name(&self) -> String {
        match self.phase {
            1 => self.set.clone(),
            phase => format!("{}@{phase}", self.set),
        }
    }
}
