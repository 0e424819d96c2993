//! A phase in parts, one for each definition.

use serde::{Deserialize, Serialize};

use super::{
    part::{PartGoal, PartTrack},
    utc::Utc,
};

/// The part of a phase that one definition served.
///
/// If the weights changed within a phase, its goals have no verdict. Each period has its own
/// comparison then.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints the weights of each period.
/// fn print(phase: &PhaseReport) {
///     for period in &phase.periods {
///         let tracks = period.tracks.iter();
///         let weights: Vec<_> = tracks.map(|track| (&track.name, track.weight)).collect();
///         println!("{} to {}: {weights:?}", period.from, period.until);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct PeriodReport {
    /// The fingerprint of the definition, in hexadecimal digits.
    pub fingerprint: String,
    /// The first exposure under the definition.
    pub from: Utc,
    /// The last first exposure of a unit under the definition.
    pub until: Utc,
    /// The tracks with the weights of the definition.
    pub tracks: Vec<PartTrack>,
    /// The goals, over the units whose windows have ended.
    pub goals: Vec<PartGoal>,
}

#[cfg(feature = "dashboard")]
impl PeriodReport {
    /// Returns the period with some of the goals alone.
    pub(super) fn part(&self, goals: std::ops::Range<usize>) -> Self {
        Self {
            fingerprint: self.fingerprint.clone(),
            tracks: self.tracks.clone(),
            goals: self.goals.get(goals).unwrap_or_default().to_vec(),
            ..*self
        }
    }
}
