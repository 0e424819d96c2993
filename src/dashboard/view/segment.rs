//! The segments of a phase, as a table for each goal.

use std::ops::Range;

use crate::{
    figures::{count, p_value},
    report::{Answer, GoalReport, PhaseReport, SegmentReport, SegmentsReport},
};

use super::words::{lift, or_dash};

/// The parts of a phase by segment.
#[derive(Debug)]
pub(in crate::dashboard) struct SegmentsView {
    pub(in crate::dashboard) title: String,
    pub(in crate::dashboard) preface: String,
    /// What is wrong with single segments.
    pub(in crate::dashboard) warnings: Vec<String>,
    pub(in crate::dashboard) goals: Vec<SegmentedGoalView>,
}

/// A goal in all segments.
#[derive(Debug)]
pub(in crate::dashboard) struct SegmentedGoalView {
    pub(in crate::dashboard) label: String,
    /// Whether each track has the same effect in all of them.
    pub(in crate::dashboard) same: Vec<String>,
    /// The rows: segment and track, units, converters, value, lift, its interval, and the adjusted p-value.
    pub(in crate::dashboard) rows: Vec<[String; 7]>,
}

impl SegmentsView {
    /// Returns the segments with some of the goals; `None` if the phase has no segments.
    pub(in crate::dashboard) fn of(phase: &PhaseReport, shown: &Range<usize>) -> Option<Self> {
        let segments = phase.segments.as_ref()?;
        let goals = phase.goals.iter().enumerate();
        let goals = goals.skip(shown.start).take(shown.len());
        let view = |(index, goal): (usize, &GoalReport)| SegmentedGoalView {
            label: goal.label.clone(),
            same: segments.same_in_words(index, phase),
            rows: rows(segments, (index, goal)),
        };
        let warnings = segments.segments.iter();
        Some(Self {
            title: segments.title(),
            preface: segments.preface(),
            warnings: warnings
                .filter_map(SegmentReport::mismatch_in_words)
                .collect(),
            goals: goals.map(view).collect(),
        })
    }
}

/// Returns a row for each segment and track.
fn rows(segments: &SegmentsReport, (index, known): (usize, &GoalReport)) -> Vec<[String; 7]> {
    let mut rows = Vec::new();
    for segment in &segments.segments {
        let goal = segment.goals.get(index);
        let tracks = goal.iter().flat_map(|goal| &goal.tracks);
        for (track, of_set) in tracks.zip(&segment.tracks) {
            let compared = track.compared.as_ref().and_then(Answer::known);
            let [lift, limits] = lift(known, compared);
            let value = track.value.known();
            let p = compared.and_then(|compared| compared.adjusted_p);
            rows.push([
                format!("{}, {}", segment.name, of_set.name),
                count(track.units),
                count(track.converters),
                or_dash(value.map(|value| known.value_in_words(*value))),
                lift,
                limits,
                or_dash(p.map(p_value)),
            ]);
        }
    }
    rows
}
