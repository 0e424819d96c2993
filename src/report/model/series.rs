use serde::{Deserialize, Serialize};

use super::{answer::Limits, utc::Day};

/// The primary goal over all units that were first exposed up to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SeriesDay {
    /// The day.
    pub day: Day,
    /// The tracks, in the order of the phase's.
    pub tracks: Vec<SeriesPoint>,
}

/// One track up to a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SeriesPoint {
    /// The units first exposed up to the day.
    pub units: u64,
    /// The rate, the mean or the ratio.
    pub value: Option<f64>,
    /// The lift over control: 0.1 is 10% more. `None` for control, and where there is none.
    pub lift: Option<f64>,
    /// What the lift may be in truth, valid at every look.
    pub band: Option<Limits>,
}
