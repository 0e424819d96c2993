//! What was recorded of a goal, to plan the next test by.

use std::fmt;

use serde::Serialize;

use crate::{
    cli::{failure::Failure, session::Session},
    figures::{count, number, percent, span},
    report::{GoalReport, PhaseReport, Reporter},
    store::Timestamp,
};

/// A goal in the control of the latest phase of a set.
#[derive(Debug, Serialize)]
pub(super) struct Recorded {
    pub(super) set: String,
    pub(super) goal: String,
    /// The rate, or the mean or ratio.
    pub(super) value: f64,
    /// The standard deviation of a unit, after an adjustment; `None` for a rate.
    pub(super) deviation: Option<f64>,
    /// The number of new units per day.
    pub(super) daily: f64,
    /// How long a unit has to reach the goal, in seconds.
    pub(super) window_seconds: u64,
}

impl Recorded {
    /// Reads the report of a set.
    pub(super) fn of(
        set: &str,
        goal: Option<&str>,
        session: &Session<'_>,
    ) -> Result<Self, Failure> {
        let (store, changes) = (session.store()?, session.log(None)?.after(0)?.changes);
        let report = Reporter::new(&*store, Timestamp::now()).changes(changes);
        let report = report.set(set).compute()?;
        let phase = report.phases.iter().max_by_key(|phase| phase.phase);
        let phase = phase.ok_or_else(|| Failure::new(format!("no records of set {set:?}")))?;
        if let Some(why) = &phase.covered {
            return Err(Failure::new(format!(
                "the results of {set} are hidden: {why}"
            )));
        }
        let found = match goal {
            Some(label) => phase.goals.iter().find(|goal| goal.label == label),
            None => phase.primary(),
        };
        let found = found.ok_or_else(|| unknown(phase, goal))?;
        let control = found.tracks.first();
        let value = control.and_then(|control| control.value.known());
        let value = value.ok_or_else(|| {
            Failure::new(format!(
                "no unit of {set} has had its time for {} yet",
                found.label
            ))
        })?;
        Ok(Self {
            set: phase.name(),
            goal: found.label.clone(),
            value: value.value,
            deviation: deviation(found)?,
            daily: phase.daily_units(),
            window_seconds: found.window_seconds.unwrap_or_default(),
        })
    }
}

impl Recorded {
    /// Returns the window in days, rounded up.
    pub(super) fn window_days(&self) -> u32 {
        u32::try_from(self.window_seconds.div_ceil(86_400)).unwrap_or(u32::MAX)
    }
}

/// Returns the deviation of a mean; an error if all units are alike.
fn deviation(goal: &GoalReport) -> Result<Option<f64>, Failure> {
    if goal.is_share() {
        return Ok(None);
    }
    let deviation = goal.tracks.iter().rev().find_map(|track| track.deviation);
    let none = || Failure::new(format!("all units have the same {}", goal.label));
    deviation.map(Some).ok_or_else(none)
}

fn unknown(phase: &PhaseReport, goal: Option<&str>) -> Failure {
    let labels: Vec<&str> = phase.goals.iter().map(|goal| &*goal.label).collect();
    let labels = labels.join(", ");
    Failure::new(match goal {
        Some(goal) => format!("{} has no goal {goal:?}, but: {labels}", phase.set),
        None => format!(
            "{} has no primary goal; name one with --goal: {labels}",
            phase.set
        ),
    })
}

impl fmt::Display for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match self.deviation {
            None => percent(self.value),
            Some(deviation) => format!(
                "{} with deviation {}",
                number(self.value),
                number(deviation)
            ),
        };
        let (daily, window) = (count(self.daily.round() as u64), span(self.window_seconds));
        writeln!(
            f,
            "like {}, {}: {value}; {daily} units a day, each with {window} to reach it",
            self.set, self.goal
        )
    }
}
