use serde::{Deserialize, Serialize};

use super::{
    goal::GoalRole,
    utc::{Day, Utc},
    verdict::VerdictKind,
};

/// The decision of a plan. It depends only on the recorded facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Decision {
    /// The midnight after which no track was open any more.
    pub decided_at: Utc,
    /// The verdict on each track, by name. One that was switched off before is not among them.
    pub tracks: Vec<DecidedTrack>,
}

/// The verdict of a plan on one track.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct DecidedTrack {
    /// The track.
    pub track: String,
    /// The day that begins with the look that decided.
    pub day: Day,
    /// The units of the track that the look was of, and those of control.
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
