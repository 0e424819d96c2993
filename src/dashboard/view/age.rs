//! The effect by day since the first exposure, as a table.

use crate::report::PhaseReport;

use super::words::part_cells;

/// Returns the rows: day and track, units, converters, value, lift, and the interval of the lift.
pub(in crate::dashboard) fn ages(phase: &PhaseReport) -> Vec<[String; 6]> {
    let Some(goal) = phase.primary() else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for age in phase.telling_ages() {
        for (track, of_set) in age.tracks.iter().zip(&phase.tracks) {
            let name = format!("{}, {}", age.day, of_set.name);
            rows.push(part_cells(name, goal, track));
        }
    }
    rows
}
