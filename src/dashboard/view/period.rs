//! The periods of a phase whose weights changed, as tables.

use std::ops::Range;

use crate::{
    figures::{count, percent, signed},
    report::{Answer, GoalReport, PeriodGoal, PeriodGoalTrack, PeriodReport, PhaseReport},
};

/// A period of a phase whose weights changed, as a table.
#[derive(Debug)]
pub(in crate::dashboard) struct PeriodView {
    pub(in crate::dashboard) title: String,
    /// The rows: goal and track, units, converters, value, lift, and the interval of the lift.
    pub(in crate::dashboard) rows: Vec<[String; 6]>,
}

impl PeriodView {
    /// Returns the periods with some of the goals.
    pub(in crate::dashboard) fn of(phase: &PhaseReport, shown: &Range<usize>) -> Vec<Self> {
        let view = |period: &PeriodReport| Self {
            title: title(period),
            rows: period
                .goals
                .iter()
                .zip(&phase.goals)
                .skip(shown.start)
                .take(shown.len())
                .flat_map(|(goal, known)| rows(goal, period, known))
                .collect(),
        };
        phase.periods.iter().map(view).collect()
    }
}

/// Returns the start of the period and its weights.
fn title(period: &PeriodReport) -> String {
    let weights = period.tracks.iter();
    let weights: Vec<String> = weights
        .map(|track| format!("{} {}", track.name, track.weight))
        .collect();
    format!(
        "From {} with the weights {}",
        period.from,
        weights.join(", ")
    )
}

/// Returns a row for each track. `known` has the unit in which the values are written.
fn rows(goal: &PeriodGoal, period: &PeriodReport, known: &GoalReport) -> Vec<[String; 6]> {
    let row = |(track, of_set): (&PeriodGoalTrack, &crate::report::PeriodTrack)| {
        let compared = track.compared.as_ref().and_then(Answer::known);
        let lift = compared.and_then(|compared| compared.lift.known());
        let limits = compared.and_then(|compared| compared.lift_interval.known());
        let dash = || "–".to_owned();
        [
            format!("{}, {}", known.label, of_set.name),
            count(track.units),
            count(track.converters),
            track
                .value
                .known()
                .map_or_else(dash, |value| known.value_in_words(*value)),
            lift.map_or_else(dash, |lift| signed(percent(*lift))),
            limits.map_or_else(dash, |limits| limits.lift_in_words()),
        ]
    };
    goal.tracks.iter().zip(&period.tracks).map(row).collect()
}
