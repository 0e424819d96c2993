use serde::{Deserialize, Serialize};

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
    /// The units first exposed to it, without the crossed ones.
    pub units: u64,
}
