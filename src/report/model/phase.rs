use serde::{Deserialize, Serialize};

use super::{Day, GoalReport, GoalRole, Health, Intent, Notice, SeriesDay, TrackReport, Utc};

/// What is known of one phase of a set.
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
    /// The day of UTC of the first exposure.
    pub first_day: Option<Day>,
    /// How many days are behind the phase since the first of them ended.
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
    /// What is to be known besides, the gravest first.
    pub notices: Vec<Notice>,
    /// The goals: the primary one, guardrails, and what is exploratory.
    pub goals: Vec<GoalReport>,
    /// When the goals were read for good: a plan is read once, when it is reached. `None` while it
    /// is not, and where there is none.
    pub decided_at: Option<Utc>,
    /// Errors, aborts and durations of requests. [`REQUESTS`](Self::REQUESTS) says what they are of.
    pub requests: Vec<GoalReport>,
    /// The primary goal by the day of the first exposure.
    pub series: Vec<SeriesDay>,
}

impl PhaseReport {
    /// What is to be known of sums over requests.
    pub const REQUESTS: &'static str = "Over all requests that read the track, also of units that \
        met several tracks; units that were erased cannot be subtracted.";

    /// Returns the goal that decides.
    pub fn primary(&self) -> Option<&GoalReport> {
        let is_primary = |goal: &&GoalReport| goal.role == GoalRole::Primary;
        self.goals.iter().find(is_primary)
    }

    /// Returns the set, and from the second phase on `@` and its number.
    pub fn name(&self) -> String {
        match self.phase {
            1 => self.set.clone(),
            phase => format!("{}@{phase}", self.set),
        }
    }
}
