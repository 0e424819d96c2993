//! The changes of the running test on a chart of days.

use crate::report::{ChangeReport, Day};

/// The distance below which two numbers would overlap, in units of the SVG.
const APART: f64 = 22.0;

/// The width that half of a number takes at most.
const HALF: f64 = 20.0;

/// A number above the chart, for one change or several that are close together.
#[derive(Debug)]
pub(in crate::dashboard) struct Mark {
    /// The horizontal places of its days.
    pub(in crate::dashboard) lines: Vec<f64>,
    /// The horizontal place of the number.
    pub(in crate::dashboard) text: f64,
    /// How the number is aligned to its place.
    pub(in crate::dashboard) anchor: &'static str,
    /// The number of the change, or the first and the last number.
    pub(in crate::dashboard) label: String,
}

/// The changes that have an effect and are on the days of a chart.
pub(super) fn on_chart(changes: &[ChangeReport], (first, last): (Day, Day)) -> Vec<&ChangeReport> {
    let with_effect = changes
        .iter()
        .filter(|change| change.without_effect.is_none());
    with_effect
        .filter(|change| (first..=last).contains(&change.day))
        .collect()
}

/// Returns the marks of changes, which are in the order of their days. `place` returns the horizontal place
/// of a day between the two `ends`.
pub(super) fn marks(
    changes: &[&ChangeReport],
    place: impl Fn(Day) -> f64,
    ends: (f64, f64),
) -> Vec<Mark> {
    let mut groups: Vec<(Vec<f64>, Vec<u64>)> = Vec::new();
    for change in changes {
        let at = place(change.day);
        match groups.last_mut() {
            Some((lines, numbers)) if lines.last().is_some_and(|last| at - last < APART) => {
                lines.push(at);
                numbers.push(change.number);
            }
            _ => groups.push((vec![at], vec![change.number])),
        }
    }
    let mark = |(lines, numbers)| mark(lines, numbers, ends);
    groups.into_iter().map(mark).collect()
}

fn mark(mut lines: Vec<f64>, mut numbers: Vec<u64>, (left, right): (f64, f64)) -> Mark {
    lines.dedup();
    numbers.sort_unstable();
    let (least, most) = (numbers.first(), numbers.last());
    let label = match least.zip(most) {
        Some((least, most)) if least != most => format!("{least}–{most}"),
        _ => least.map(ToString::to_string).unwrap_or_default(),
    };
    let ends = lines.first().zip(lines.last());
    let text = ends.map_or(left, |(first, last)| (first + last) / 2.0);
    // A number at the edge would be cut.
    let (text, anchor) = match text {
        text if text > right - HALF => (right, "end"),
        text if text < left + HALF => (left, "start"),
        text => (text, "middle"),
    };
    Mark {
        lines,
        text,
        anchor,
        label,
    }
}

/// Returns the marks in words, as a part of the words of the chart.
pub(super) fn words(changes: &[&ChangeReport]) -> String {
    let word = |change: &&ChangeReport| format!("{} on {}", change.number, change.day);
    let words: Vec<String> = changes.iter().map(word).collect();
    match words.is_empty() {
        true => String::new(),
        false => format!(" Changes, which are listed below: {}.", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(number: u64, day: i32) -> ChangeReport {
        let json = serde_json::json!({
            "number": number, "day": Day(day).to_string(), "in-force": "2026-03-01T12:00:00Z",
            "made": "2026-03-01T12:00:00Z", "act": "pause", "sentence": "the set was paused",
            "author": "ann", "reason": "errors", "shares": null, "without-effect": null,
        });
        serde_json::from_value(json).unwrap()
    }

    fn labels(changes: &[ChangeReport]) -> Vec<(String, usize, &'static str)> {
        let changes: Vec<&ChangeReport> = changes.iter().collect();
        let marks = marks(&changes, |day| 50.0 + f64::from(day.0), (50.0, 300.0));
        let label = |mark: Mark| (mark.label, mark.lines.len(), mark.anchor);
        marks.into_iter().map(label).collect()
    }

    #[test]
    fn changes_that_are_close_share_a_label() {
        let changes = [
            change(3, 100),
            change(4, 100),
            change(9, 110),
            change(10, 150),
        ];
        let expected = [
            ("3–9".to_owned(), 2, "middle"),
            ("10".to_owned(), 1, "middle"),
        ];
        assert_eq!(labels(&changes), expected);
    }

    #[test]
    fn labels_stay_within_the_chart() {
        let changes = [change(1, 0), change(2, 250)];
        let expected = [("1".to_owned(), 1, "start"), ("2".to_owned(), 1, "end")];
        assert_eq!(labels(&changes), expected);
    }

    #[test]
    fn only_changes_with_an_effect_on_a_day_of_the_chart_are_marked() {
        let mut void = change(3, 5);
        void.without_effect = Some("it waits".to_owned());
        let changes = [change(1, 0), change(2, 5), void, change(4, 9)];
        let shown = on_chart(&changes, (Day(1), Day(8)));
        assert_eq!(
            words(&shown),
            " Changes, which are listed below: 2 on 1970-01-06."
        );
        assert_eq!(words(&[]), "");
    }
}
