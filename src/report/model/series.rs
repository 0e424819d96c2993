use serde::{Deserialize, Serialize};

use super::{answer::Limits, utc::Day};

/// The primary goal over all units that were first exposed up to a day: one point of a chart.
///
/// Results are cumulative. At most 92 days are in a series: of more, every second, third and so on
/// is left out, and the last one stays.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Returns the lift of the second track by day.
/// fn lifts(phase: &PhaseReport) -> Vec<(String, f64)> {
///     let days = phase.series.iter();
///     days.filter_map(|day| Some((day.day.to_string(), day.tracks.get(1)?.lift?))).collect()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SeriesDay {
    /// The day.
    pub day: Day,
    /// The tracks, in the order of the phase's.
    pub tracks: Vec<SeriesPoint>,
}

/// The primary goal of one track up to a day.
///
/// ```
/// use tower_tracks::report::SeriesPoint;
///
/// /// Returns the height of the band, if it is bounded.
/// fn height(point: &SeriesPoint) -> Option<f64> {
///     let band = point.band?;
///     Some(band.upper? - band.lower)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SeriesPoint {
    /// The units first exposed up to the day.
    pub units: u64,
    /// The rate, the mean or the ratio; `None` if it cannot be computed.
    pub value: Option<f64>,
    /// The lift over control: 0.1 is 10% more. `None` for control, and if it cannot be computed.
    pub lift: Option<f64>,
    /// The interval of the lift. It is valid at every look, or at the looks of a plan.
    pub band: Option<Limits>,
}
