//! The effect by day since the first exposure, as a table.

use crate::{
    figures::count,
    report::{Answer, PhaseReport},
};

use super::words::{lift, or_dash};

/// Returns the rows: day and track, units, converters, value, lift, and the interval of the lift.
pub(in crate::dashboard) fn ages(phase: &PhaseReport) -> Vec<[String; 6]> {
    let Some(goal) = phase.primary() else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    for age in phase.telling_ages() {
        for (track, of_set) in age.tracks.iter().zip(&phase.tracks) {
            let [lift, limits] = lift(goal, track.compared.as_ref().and_then(Answer::known));
            let value = track.value.known();
            rows.push([
                format!("{}, {}", age.day, of_set.name),
                count(track.units),
                count(track.converters),
                or_dash(value.map(|value| goal.value_in_words(*value))),
                lift,
                limits,
            ]);
        }
    }
    rows
}
