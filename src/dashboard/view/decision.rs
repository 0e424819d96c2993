//! A decision with the numbers on which it was made.

use crate::{
    figures::{count, percent, signed},
    report::{DecisionRecord, GoalReport, GoalRole, GoalTrack, PhaseReport, Utc},
};

use super::{
    advice::state,
    lines::read,
    people::counted,
    words::{lift, or_dash},
};

/// The numbers of a decision, as a table.
#[derive(Debug)]
pub(in crate::dashboard) struct DecisionView {
    pub(in crate::dashboard) as_of: Utc,
    /// The number of units.
    pub(in crate::dashboard) size: String,
    /// The rows: metric, track, units, value, lift, interval, corrected lift and verdict.
    pub(in crate::dashboard) rows: Vec<[String; 8]>,
    /// Why there are no numbers.
    pub(in crate::dashboard) covered: Option<String>,
}

impl DecisionView {
    pub(in crate::dashboard) const COLUMNS: [&'static str; 8] = [
        "Metric",
        "Track",
        "Units",
        "Value",
        "Lift",
        "Interval",
        "Corrected lift",
        "Verdict",
    ];

    /// Returns the numbers of the record. Without one, those of the report: nobody shipped a track, so there is
    /// no such moment.
    pub(in crate::dashboard) fn of(phase: &PhaseReport) -> Self {
        // What is hidden now stays hidden, whatever could be read then.
        let hidden = phase.covered.clone();
        let (as_of, units, covered, goals) = match phase.record.as_deref() {
            Some(DecisionRecord {
                as_of,
                units,
                covered,
                goals,
                ..
            }) => (*as_of, *units, hidden.or_else(|| covered.clone()), goals),
            None => (phase.as_of, phase.units, hidden, &phase.goals),
        };
        let decisive = goals
            .iter()
            .filter(|goal| goal.role != GoalRole::Exploratory);
        Self {
            as_of,
            size: counted(units, &phase.unit),
            rows: match covered {
                Some(_) => Vec::new(),
                None => decisive.flat_map(rows).collect(),
            },
            covered,
        }
    }
}

fn rows(goal: &GoalReport) -> impl Iterator<Item = [String; 8]> {
    goal.tracks.iter().map(|track| row(goal, track))
}

fn row(goal: &GoalReport, track: &GoalTrack) -> [String; 8] {
    let [seen, limits] = lift(goal, read(track));
    let value = track.value.known();
    [
        goal.label.clone(),
        track.track.clone(),
        count(track.units),
        or_dash(value.map(|value| goal.value_in_words(value.value))),
        seen,
        limits,
        or_dash(track.corrected_lift().map(|lift| signed(percent(lift)))),
        track.verdict.as_ref().map_or_else(
            || "control".to_owned(),
            |verdict| state(verdict.kind).0.to_owned(),
        ),
    ]
}
