use std::time::Duration;

use crate::{
    figures::{count, plural},
    report::{Answer, Compared, GoalReport, PartGoalTrack},
    store::Timestamp,
};

/// Returns a cell of a table, which has a dash if the value is missing.
pub(in crate::dashboard) fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "–".to_owned())
}

/// Returns the lift of a comparison, and its interval; or the difference, if that says more.
pub(super) fn lift(goal: &GoalReport, compared: Option<&Compared>) -> [String; 2] {
    let cells = compared.map(|compared| goal.effect_in_words(compared));
    cells.unwrap_or_default().map(or_dash)
}

/// Returns the cells of a goal in a part of a phase: name, units, converters, value, lift, and the interval of the lift.
pub(super) fn part_cells(name: String, goal: &GoalReport, track: &PartGoalTrack) -> [String; 6] {
    let [lift, limits] = lift(goal, track.compared.as_ref().and_then(Answer::known));
    let value = track.value.known();
    [
        name,
        count(track.units),
        count(track.converters),
        or_dash(value.map(|value| goal.value_in_words(*value))),
        lift,
        limits,
    ]
}

/// Returns a sentence with a capital letter and a full stop.
pub(super) fn begun(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// Returns how long ago a time is, in the largest unit there is one of.
pub(in crate::dashboard) fn ago(at: Timestamp, now: Timestamp) -> String {
    // The clock of the server that made the report may be ahead of this one.
    let micros = now.as_micros().saturating_sub(at.as_micros()).max(0);
    let seconds = Duration::from_micros(micros.unsigned_abs()).as_secs();
    let (number, what) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", plural(number, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_people() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let written = [-5, 59, 60, 7200, 200_000].map(|seconds| ago(at(0), at(seconds)));
        let words = [
            "just now",
            "just now",
            "1 minute ago",
            "2 hours ago",
            "2 days ago",
        ];
        assert_eq!(written, words);
    }
}
