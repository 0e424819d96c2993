//! The periods of a phase whose weights changed, as tables.

use std::ops::Range;

use crate::report::{GoalReport, PartGoal, PeriodReport, PhaseReport};

use super::words::part_cells;

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
    let weights = weights.map(|track| format!("{} {}", track.name, track.weight));
    let weights = weights.collect::<Vec<_>>().join(", ");
    format!("From {} with the weights {weights}", period.from)
}

/// Returns a row for each track. `known` has the unit in which the values are written.
fn rows(goal: &PartGoal, period: &PeriodReport, known: &GoalReport) -> Vec<[String; 6]> {
    let tracks = goal.tracks.iter().zip(&period.tracks);
    let rows = tracks.map(|(track, of_set)| {
        let name = format!("{}, {}", known.label, of_set.name);
        part_cells(name, known, track)
    });
    rows.collect()
}
