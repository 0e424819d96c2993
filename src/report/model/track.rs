use serde::{Deserialize, Serialize};

use super::utc::Day;

/// A track and the number of units in it.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints the expected and the observed share of each track.
/// fn shares(phase: &PhaseReport) {
///     for track in &phase.tracks {
///         let share = track.units as f64 / phase.units.max(1) as f64;
///         println!("{}: {share:.3} instead of {:?}", track.name, track.expected_share);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct TrackReport {
    /// The name.
    pub name: String,
    /// Whether it is control.
    pub control: bool,
    /// Its weight in the definition in force; `None` if no definition can be read.
    pub weight: Option<u64>,
    /// The share of the units by the weights, from 0 to 1.
    pub expected_share: Option<f64>,
    /// The day on which its weight became 0; `None` if it has a weight, or never had one.
    pub switched_off_on: Option<Day>,
    /// The units that were exposed to this track alone.
    pub units: u64,
    /// The units that were first exposed to this track, and later to another.
    pub crossed: u64,
}
