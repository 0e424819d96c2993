use serde::{Deserialize, Serialize};

use super::{answer::Answer, utc::Day};

/// Whether the numbers can be trusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Health {
    /// Whether the tracks have the units that their weights say.
    pub sample_ratio: Answer<RatioCheck>,
    /// The number of units that were exposed to more than one track. All goals leave them out.
    pub crossed: u64,
    /// Their share of all units.
    pub crossed_share: f64,
    /// How many units are in tracks that never had a weight.
    pub stray: u64,
    /// The names of these tracks.
    pub stray_tracks: Vec<String>,
    /// What did not come into sinks: exposures of this phase, and conversions of its goals.
    pub lost: Vec<LostEvents>,
    /// The p-value that the store lost exposures evenly, by weights; `None` if it lost none. It is
    /// a hint, since the events of one unit are lost together.
    pub uneven_loss: Option<f64>,
    /// The halves of each track by the coin, which nothing distinguishes.
    pub coin: Coin,
    /// The fingerprints of the definitions under which units were exposed, in hexadecimal digits, the
    /// earliest first. More than one means that units of the phase may have been moved.
    pub fingerprints: Vec<String>,
    /// The day on which the weights changed, so that no goal has a verdict.
    pub weights_changed_on: Option<Day>,
}

/// Whether the tracks have the units that their weights say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RatioCheck {
    /// What is to be thought of it.
    pub state: RatioState,
    /// The p-value that is valid at every look, which decides.
    pub p: f64,
    /// That of Pearson's chi-square, for one look; `None` where it has no answer.
    pub chi_square_p: Option<f64>,
}

/// What is to be thought of a sample ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RatioState {
    /// Nothing is wrong.
    Fine,
    /// Perhaps something is wrong: `p ≤ 0.01`.
    Suspected,
    /// The sample ratio differs from the weights, and the goals are hidden: `p ≤ 0.001`.
    Mismatch,
}

/// Events that did not come into a sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct LostEvents {
    /// The sink. Only what `store` lost is missing from this report.
    pub sink: String,
    /// Why.
    pub reason: String,
    /// The track, for exposures.
    pub track: Option<String>,
    /// The goal, for conversions, of whatever set.
    pub goal: Option<String>,
    /// How many.
    pub n: u64,
}

/// The free A/A test: the halves of each track by the coin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Coin {
    /// Whether a coin was recorded for all units.
    pub known: bool,
    /// The halves that differ, which says that recording or the goal is broken.
    pub alarms: Vec<CoinAlarm>,
}

/// Halves that differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct CoinAlarm {
    /// The label of the goal.
    pub goal: String,
    /// The track.
    pub track: String,
    /// The p-value.
    pub p: f64,
}

impl Health {
    /// Returns whether there were several definitions in the phase.
    pub fn is_changed(&self) -> bool {
        self.fingerprints.len() > 1
    }

    /// Returns whether the tracks do not have the units that they should have, so that the goals are
    /// hidden.
    pub fn is_mismatch(&self) -> bool {
        let ratio = self.sample_ratio.known();
        ratio.is_some_and(|ratio| ratio.state == RatioState::Mismatch)
    }
}
