use serde::{Deserialize, Serialize};

use super::utc::Day;

/// A track, and who is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct TrackReport {
    /// The name.
    pub name: String,
    /// Whether it changes nothing.
    pub control: bool,
    /// Its weight in the definition that is in force; `None` where that cannot be read.
    pub weight: Option<u64>,
    /// The share of the units that it should have.
    pub expected_share: Option<f64>,
    /// The day on which its weight became 0; `None` where it has one, or never had.
    pub switched_off_on: Option<Day>,
    /// The units exposed to it alone.
    pub units: u64,
    /// The units first exposed to it that were exposed to another track, too.
    pub crossed: u64,
}
