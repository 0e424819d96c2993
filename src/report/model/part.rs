//! What a part of a phase has: a period, or a segment.

use serde::{Deserialize, Serialize};

use super::{answer::Answer, verdict::Compared};

/// A track in a part of a phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PartTrack {
    /// The name.
    pub name: String,
    /// The weight.
    pub weight: u64,
    /// The units exposed to it alone.
    pub units: u64,
}

/// A goal in a part of a phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PartGoal {
    /// The label of the goal.
    pub label: String,
    /// The tracks, in the order of those of the part.
    pub tracks: Vec<PartGoalTrack>,
}

/// A goal in one track, in a part of a phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PartGoalTrack {
    /// The units whose windows are over.
    pub units: u64,
    /// How many of them reached the goal.
    pub converters: u64,
    /// The rate, the mean or the ratio.
    pub value: Answer<f64>,
    /// The comparison with control, valid at every look; `None` for control.
    pub compared: Option<Answer<Compared>>,
}
