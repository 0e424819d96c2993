//! The checks of a phase: whether its numbers can be trusted.

use serde::{Deserialize, Serialize};

use super::{answer::Answer, utc::Day};

/// The checks of a phase: whether its numbers can be trusted.
///
/// ```
/// use tower_tracks::report::Health;
///
/// fn is_sound(health: &Health) -> bool {
///     !health.is_mismatch() && !health.is_changed() && health.coin.alarms.is_empty()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Health {
    /// Whether the numbers of units agree with the weights of the tracks.
    pub sample_ratio: Answer<RatioCheck>,
    /// The number of units that were exposed to more than one track. All goals leave them out.
    pub crossed: u64,
    /// Their share of all units.
    pub crossed_share: f64,
    /// The number of units in tracks that never had a weight.
    pub stray: u64,
    /// The names of these tracks.
    pub stray_tracks: Vec<String>,
    /// The events that sinks lost: exposures of this phase, and conversions of its goals.
    pub lost: Vec<LostEvents>,
    /// The p-value that the store lost exposures evenly, by weights; `None` if it lost none. It is
    /// a hint, since the events of one unit are lost together.
    pub uneven_loss: Option<f64>,
    /// The comparison of the halves of each track by the coin, which should not differ.
    pub coin: Coin,
    /// The fingerprints of the definitions under which units were exposed, in hexadecimal digits, the
    /// earliest first. More than one means that units of the phase may have been moved.
    pub fingerprints: Vec<String>,
    /// The day on which the weights changed, so that no goal has a verdict.
    pub weights_changed_on: Option<Day>,
}

/// The test of whether the numbers of units agree with the weights.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// fn describe(phase: &PhaseReport) -> String {
///     match phase.health.sample_ratio.known() {
///         Some(ratio) => format!("{:?}, p = {:.4}", ratio.state, ratio.p),
///         None => "the weights are not known".to_owned(),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RatioCheck {
    /// The result.
    pub state: RatioState,
    /// The p-value that is valid at every look, and that decides.
    pub p: f64,
    /// The p-value of Pearson's chi-squared test, which is valid at a single look; `None` if it
    /// cannot be computed.
    pub chi_square_p: Option<f64>,
}

/// The result of the test of the sample ratio.
///
/// ```
/// use tower_tracks::report::RatioState;
///
/// assert_eq!(serde_json::to_string(&RatioState::Mismatch).unwrap(), r#""mismatch""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RatioState {
    /// The units agree with the weights.
    Fine,
    /// The units may differ from the weights: `p ≤ 0.01`.
    Suspected,
    /// The sample ratio differs from the weights, and the goals are hidden: `p ≤ 0.001`.
    Mismatch,
}

/// A number of events that a sink lost, of one track or goal.
///
/// ```
/// use tower_tracks::report::Health;
///
/// /// Returns the number of exposures that the store lost, so that the report does not have them.
/// fn missing(health: &Health) -> u64 {
///     let lost = health.lost.iter().filter(|lost| lost.sink == "store" && lost.track.is_some());
///     lost.map(|lost| lost.n).sum()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct LostEvents {
    /// The name of the sink. Only events that `store` lost are missing from this report.
    pub sink: String,
    /// The reason, such as `queue-full`.
    pub reason: String,
    /// The track, for exposures.
    pub track: Option<String>,
    /// The goal, for conversions. They may belong to any set.
    pub goal: Option<String>,
    /// The number of events.
    pub n: u64,
}

/// The A/A test that every set has: the halves of each track by the coin.
///
/// ```
/// use tower_tracks::report::Coin;
///
/// fn print(coin: &Coin) {
///     for alarm in &coin.alarms {
///         println!("halves of {} differ in {}: p = {}", alarm.track, alarm.goal, alarm.p);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Coin {
    /// Whether a coin was recorded for all units.
    pub known: bool,
    /// The halves that differ. An alarm means that the recording, or the goal, is faulty.
    pub alarms: Vec<CoinAlarm>,
}

/// Two halves of a track that differ in a goal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct CoinAlarm {
    /// The label of the goal.
    pub goal: String,
    /// The name of the track.
    pub track: String,
    /// The p-value of the difference.
    pub p: f64,
}

impl Health {
    /// Returns whether units were exposed under several definitions within the phase, so that some
    /// may have been moved to another track.
    ///
    /// ```
    /// use tower_tracks::report::PhaseReport;
    ///
    /// fn fingerprints(phase: &PhaseReport) -> &[String] {
    ///     match phase.health.is_changed() {
    ///         true => &phase.health.fingerprints,
    ///         false => &[],
    ///     }
    /// }
    /// ```
    pub fn is_changed(&self) -> bool {
        self.fingerprints.len() > 1
    }

    /// Returns whether there is a sample ratio mismatch: the numbers of units differ from the
    /// weights with `p ≤ 0.001`, so that the goals are hidden.
    ///
    /// ```
    /// use tower_tracks::report::Report;
    ///
    /// fn mismatches(report: &Report) -> usize {
    ///     let phases = report.phases.iter();
    ///     phases.filter(|phase| phase.health.is_mismatch()).count()
    /// }
    /// ```
    pub fn is_mismatch(&self) -> bool {
        let ratio = self.sample_ratio.known();
        ratio.is_some_and(|ratio| ratio.state == RatioState::Mismatch)
    }
}
