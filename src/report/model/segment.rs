//! A phase in parts, one for each segment.

use serde::{Deserialize, Serialize};

use super::{
    answer::Answer,
    part::{PartGoal, PartTrack},
};

/// The parts of a phase by segment, such as `mobile` and `desktop`.
///
/// They are exploratory: a set has many segments and goals, and one of them looks like a finding by chance. The
/// adjusted p-values of a goal count all of its comparisons (Benjamini and Hochberg 1995).
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints whether the effect on the first goal is the same in all segments.
/// fn print(phase: &PhaseReport) {
///     let Some(segments) = &phase.segments else { return };
///     for same in segments.goals.iter().take(1).flat_map(|goal| &goal.same) {
///         match same.as_ref().and_then(|same| same.known()) {
///             Some(same) => println!("p = {}", same.p),
///             None => println!("too early"),
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SegmentsReport {
    /// The name of the dimension, such as `device`; `None` if no stored definition has one.
    pub dimension: Option<String>,
    /// The segments with the most units first; at most eight, and `other`.
    pub segments: Vec<SegmentReport>,
    /// The number of units that have no segment, since the set had none at their first exposure.
    pub without: u64,
    /// Whether the effect is the same in all segments, in the order of the goals of the phase. At most the first 20
    /// goals are read by segment.
    pub goals: Vec<SegmentedGoal>,
}

/// The part of a phase whose units have one segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SegmentReport {
    /// The name.
    pub name: String,
    /// The tracks, in the order of those of the phase.
    pub tracks: Vec<PartTrack>,
    /// The p-value of the sample ratio, valid at every look. It is unknown if the weights changed within the phase.
    pub sample_ratio_p: Answer<f64>,
    /// The goals, over the units whose windows have ended.
    pub goals: Vec<PartGoal>,
}

/// Whether the effect on a goal is the same in all segments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SegmentedGoal {
    /// The label of the goal.
    pub label: String,
    /// One for each track, in the order of those of the phase; `None` for control.
    pub same: Vec<Option<Answer<SameEffect>>>,
}

/// The result of a test of whether an effect is the same in all segments.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SameEffect {
    /// The p-value, valid at one look: if it is read again and again, it is small by chance more often than it says.
    pub p: f64,
    /// The number of segments that were compared. The others have too few units.
    pub segments: u32,
}

#[cfg(feature = "dashboard")]
impl SegmentsReport {
    /// Returns the segments with some of the goals alone.
    pub(super) fn part(&self, goals: std::ops::Range<usize>) -> Self {
        let of = |count: usize| goals.start.min(count)..goals.end.min(count);
        let segment = |segment: &SegmentReport| SegmentReport {
            name: segment.name.clone(),
            tracks: segment.tracks.clone(),
            sample_ratio_p: segment.sample_ratio_p.clone(),
            goals: segment.goals[of(segment.goals.len())].to_vec(),
        };
        Self {
            dimension: self.dimension.clone(),
            segments: self.segments.iter().map(segment).collect(),
            without: self.without,
            goals: self.goals[of(self.goals.len())].to_vec(),
        }
    }
}
