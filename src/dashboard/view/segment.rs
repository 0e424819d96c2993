//! The segments of a phase, as a table for each goal.

use std::ops::Range;

use crate::{
    figures::p_value,
    report::{Answer, GoalReport, PhaseReport, SegmentReport, SegmentsReport},
};

use super::words::{or_dash, part_cells};

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
    pub(in crate::dashboard) rows: Vec<([String; 6], String)>,
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
fn rows(
    segments: &SegmentsReport,
    (index, known): (usize, &GoalReport),
) -> Vec<([String; 6], String)> {
    let mut rows = Vec::new();
    for segment in &segments.segments {
        let goal = segment.goals.get(index);
        let tracks = goal.iter().flat_map(|goal| &goal.tracks);
        for (track, of_set) in tracks.zip(&segment.tracks) {
            let compared = track.compared.as_ref().and_then(Answer::known);
            let p = compared.and_then(|compared| compared.adjusted_p);
            let name = format!("{}, {}", segment.name, of_set.name);
            rows.push((part_cells(name, known, track), or_dash(p.map(p_value))));
        }
    }
    rows
}
