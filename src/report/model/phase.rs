#[cfg(feature = "dashboard")]
use std::{collections::HashSet, ops::Range};

use serde::{Deserialize, Serialize};

use super::{
    decision::{Decision, RecordedDecision},
    goal::{GoalReport, GoalRole},
    health::Health,
    intent::Intent,
    notice::Notice,
    period::PeriodReport,
    series::SeriesDay,
    track::TrackReport,
    utc::{Day, Utc},
};

/// The report of one phase of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PhaseReport {
    /// The name of the set.
    pub set: String,
    /// The number of the phase, from 1.
    pub phase: u32,
    /// The kind of key that the set is about, such as `visitor`.
    pub unit: String,
    /// Up to when facts count.
    pub as_of: Utc,
    /// The time zone of all days, by its IANA name.
    #[serde(default = "crate::report::time_zone::utc")]
    pub time_zone: String,
    /// The day of the first exposure.
    pub first_day: Option<Day>,
    /// The days from the first exposure to now.
    pub days: f64,
    /// The units of all tracks of the set together, without the crossed ones.
    pub units: u64,
    /// What the set is to find out.
    pub intent: Intent,
    /// The tracks as they are defined, control first. Where there is no control, the first is
    /// what the others are compared with.
    pub tracks: Vec<TrackReport>,
    /// Whether the numbers can be trusted.
    pub health: Health,
    /// Why the goals must not be read: the tracks do not have the units that they should have. The
    /// counts stay, and comparisons are hidden. `None` when they may be read.
    pub covered: Option<String>,
    /// The notices, the most serious first.
    pub notices: Vec<Notice>,
    /// The goals: the primary one, guardrails, and what is exploratory.
    pub goals: Vec<GoalReport>,
    /// What a plan decided; `None` while it is not, and where there is none. Guardrails go on.
    pub decision: Option<Decision>,
    /// The day at whose midnight the plan decided.
    #[serde(default)]
    pub decided_on: Option<Day>,
    /// What version 1 of the stored schema kept of the plan.
    pub recorded_decision: Option<RecordedDecision>,
    /// Errors, aborts and durations of requests. [`REQUESTS`](Self::REQUESTS) describes what they cover.
    pub requests: Vec<GoalReport>,
    /// The primary goal by the day of the first exposure.
    pub series: Vec<SeriesDay>,
    /// The phase by definition, where the weights changed; else empty.
    pub periods: Vec<PeriodReport>,
}

impl PhaseReport {
    /// The note on sums over requests.
    pub const REQUESTS: &'static str = "Over all requests that read the track, also of units that \
        met several tracks; units that were erased cannot be subtracted.";

    /// Returns the primary goal.
    pub fn primary(&self) -> Option<&GoalReport> {
        let is_primary = |goal: &&GoalReport| goal.role == GoalRole::Primary;
        self.goals.iter().find(is_primary)
    }

    /// Returns the report with some of the goals alone, and without the notices about the others.
    #[cfg(feature = "dashboard")]
    pub(crate) fn part(&self, goals: Range<usize>) -> Self {
        let periods = self.periods.iter();
        Self {
            set: self.set.clone(),
            unit: self.unit.clone(),
            time_zone: self.time_zone.clone(),
            intent: self.intent.clone(),
            tracks: self.tracks.clone(),
            health: self.health.clone(),
            covered: self.covered.clone(),
            notices: self.notices_without(&goals),
            goals: self.goals.get(goals.clone()).unwrap_or_default().to_vec(),
            decision: self.decision.clone(),
            recorded_decision: self.recorded_decision.clone(),
            requests: self.requests.clone(),
            series: self.series.clone(),
            periods: periods.map(|period| period.part(goals.clone())).collect(),
            ..*self
        }
    }

    /// Returns the notices, but for those about the other goals.
    #[cfg(feature = "dashboard")]
    fn notices_without(&self, goals: &Range<usize>) -> Vec<Notice> {
        let others = self.goals.iter().enumerate();
        let others = others.filter(|(index, _)| !goals.contains(index));
        let others: HashSet<&str> = others.map(|(_, goal)| &*goal.label).collect();
        let is_others = |goal: &str| others.contains(goal);
        let notices = self.notices.iter();
        let kept = notices.filter(|notice| !notice.goal.as_deref().is_some_and(is_others));
        kept.cloned().collect()
    }

    /// Returns the guardrails on which a track is worse than control, with the track.
    pub fn worse_guardrails(&self) -> impl Iterator<Item = (&GoalReport, &str)> {
        let guardrails = self.goals.iter().chain(&self.requests);
        let guardrails = guardrails.filter(|goal| goal.role == GoalRole::Guardrail);
        guardrails.flat_map(|goal| {
            let worse = goal.tracks.iter().filter(|track| track.is_worse());
            worse.map(move |track| (goal, &*track.track))
        })
    }

    /// Returns the goals on which a track is worse so far, with the track and the sentence. Those of
    /// guardrails are verdicts, and not among them.
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

    /// Returns the set, and from the second phase on `@` and its number.
    pub fn name(&self) -> String {
        match self.phase {
            1 => self.set.clone(),
            phase => format!("{}@{phase}", self.set),
        }
    }
}
