//! The effect by day since the first exposure.

use serde::{Deserialize, Serialize};

use super::part::PartGoalTrack;

/// The primary goal on one day after the first exposure, over the units for which this day has ended.
///
/// An effect that is large on the first days and then wears off is one of novelty. One that grows has to be learnt. The
/// intervals hold at every look, but each day has one of its own: with several days, one of them differs by chance more
/// often.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// fn print(phase: &PhaseReport) {
///     for age in &phase.by_age {
///         let reached = age.tracks.iter().map(|track| track.converters);
///         println!("day {}: {:?}", age.day, reached.collect::<Vec<_>>());
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct AgeReport {
    /// The number of whole days since the first exposure, from 0.
    pub day: u32,
    /// The tracks, in the order of those of the phase.
    pub tracks: Vec<PartGoalTrack>,
}
