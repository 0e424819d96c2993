//! What was recorded of goals, to plan the next test by.

use crate::{
    figures::{self, count, number, percent},
    report::{GoalReport, GoalRole, PhaseReport, Report},
};

use super::or_dash;

/// The most goals that the planner lists.
const MOST: usize = 50;

/// The seconds of a day.
const DAY: f64 = 86_400.0;

/// A goal of a phase, with what it was in control.
#[derive(Debug)]
pub(in crate::dashboard) struct RecordedGoal {
    /// The set and its phase, and the query that leads to them.
    pub(in crate::dashboard) phase: String,
    pub(in crate::dashboard) link: String,
    pub(in crate::dashboard) label: String,
    /// The value of control, the standard deviation, the units a day, and the window, in words.
    pub(in crate::dashboard) cells: [String; 4],
    /// What was found.
    pub(in crate::dashboard) verdict: String,
    /// The fields of the form.
    pub(in crate::dashboard) query: String,
}

impl RecordedGoal {
    /// Returns the goals of all phases, the primary ones first, the latest phase first.
    pub(in crate::dashboard) fn all(report: &Report) -> Vec<Self> {
        let mut phases: Vec<&PhaseReport> = report.phases.iter().collect();
        phases.sort_by_key(|phase| std::cmp::Reverse((phase.last_day, phase.phase)));
        let of_role = |is_primary: bool| {
            let goals = phases
                .iter()
                .flat_map(|phase| phase.goals.iter().map(move |goal| (*phase, goal)));
            goals.filter(move |(_, goal)| (goal.role == GoalRole::Primary) == is_primary)
        };
        let goals = of_role(true).chain(of_role(false));
        let goals = goals.filter_map(|(phase, goal)| Self::of(phase, goal));
        goals.take(MOST).collect()
    }

    /// Returns `None` for a goal without a value, or of which a page hides the results.
    fn of(phase: &PhaseReport, goal: &GoalReport) -> Option<Self> {
        let control = goal.tracks.first().filter(|_| phase.covered.is_none())?;
        let value = control.value.known()?.value;
        // Of the track whose comparison is adjusted, if there is one.
        let deviation = goal.tracks.iter().rev().find_map(|track| track.deviation);
        let daily = phase.daily_units();
        let window = goal.window_seconds.unwrap_or_default();
        let (baseline, is_rate) = match goal.is_share() {
            true => (value * 100.0, true),
            false => (value, false),
        };
        let verdicts = goal.tracks.iter().filter_map(|track| {
            let verdict = track.verdict.as_ref()?;
            Some(format!("{}: {}", track.track, verdict.sentence))
        });
        Some(Self {
            phase: phase.name(),
            link: format!(
                "name={}&phase={}",
                crate::dashboard::responses::encoded(&phase.set),
                phase.phase
            ),
            label: goal.label.clone(),
            cells: [
                match is_rate {
                    true => percent(value),
                    false => number(value),
                },
                or_dash(deviation.filter(|_| !is_rate).map(number)),
                count(daily.round() as u64),
                figures::span(window),
            ],
            verdict: verdicts.collect::<Vec<_>>().join("; "),
            query: format!(
                "baseline={}&deviation={}&lift=&tracks={}&daily={}&window={}",
                plain(baseline),
                deviation
                    .filter(|_| !is_rate)
                    .map(plain)
                    .unwrap_or_default(),
                goal.tracks.len().saturating_sub(1).max(1),
                plain(daily),
                plain((window as f64 / DAY).ceil()),
            ),
        })
    }
}

/// Returns a number as a form has it: with four digits, and no separators.
fn plain(value: f64) -> String {
    let magnitude = value.abs().log10().floor().clamp(-9.0, 3.0);
    let digits = (3.0 - magnitude) as usize;
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_form_have_four_digits() {
        let texts = [12.0, 0.012_345_6, 1_234_567.8, 0.0, 99.999_9, 7.5].map(plain);
        assert_eq!(texts, ["12", "0.01235", "1234568", "0", "100", "7.5"]);
    }
}
