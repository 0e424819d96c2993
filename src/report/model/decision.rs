//! Decisions of plans.

use serde::{Deserialize, Serialize};

use super::{
    goal::GoalRole,
    utc::{Day, Utc},
    verdict::VerdictKind,
};

/// The decision of a plan on its primary goal.
///
/// It depends only on the recorded facts: every report of the same facts has the same decision.
/// Facts that arrive later, or an erasure, can change it, and then the report has a notice.
///
/// ```
/// use tower_tracks::report::{Decision, VerdictKind};
///
/// /// Returns the tracks that a plan found better than control.
/// fn winners(decision: &Decision) -> Vec<&str> {
///     let tracks = decision.tracks.iter();
///     let better = tracks.filter(|track| track.verdict == VerdictKind::Better);
///     better.map(|track| &*track.track).collect()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Decision {
    /// The midnight at which the last track was decided.
    pub decided_at: Utc,
    /// The verdict on each track, sorted by name. Tracks that were switched off before are missing.
    pub tracks: Vec<DecidedTrack>,
}

/// The verdict of a plan on one track.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// fn print(phase: &PhaseReport) {
///     for track in phase.decision.iter().flat_map(|decision| &decision.tracks) {
///         let [units, of_control] = track.units;
///         println!("{} ({units} and {of_control} units): {}", track.track, track.sentence);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct DecidedTrack {
    /// The name of the track.
    pub track: String,
    /// The day that begins with the look that decided the track.
    pub day: Day,
    /// The units of the track at that look, and those of control.
    pub units: [u64; 2],
    /// The verdict.
    pub verdict: VerdictKind,
    /// The sentence.
    pub sentence: String,
}

/// The reading of a plan that version 0.1 of the stored schema kept: that of the first look, including
/// units that still had time to convert. It is shown as such.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct RecordedDecision {
    /// When it was read.
    pub as_of: Utc,
    /// The goals.
    pub goals: Vec<RecordedGoal>,
}

/// One goal of a [`RecordedDecision`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct RecordedGoal {
    /// The label.
    pub label: String,
    /// What it was for.
    pub role: GoalRole,
    /// The tracks.
    pub tracks: Vec<RecordedTrack>,
}

/// One track of a [`RecordedGoal`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct RecordedTrack {
    /// The track.
    pub track: String,
    /// The verdict; `None` for control.
    pub verdict: Option<RecordedVerdict>,
}

/// The verdict of a [`RecordedTrack`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct RecordedVerdict {
    /// The sentence.
    pub sentence: String,
}
