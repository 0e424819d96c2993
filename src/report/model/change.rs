//! Changes of the running test, as a report shows them.

use serde::{Deserialize, Serialize};

use super::utc::{Day, Utc};

/// A change of the running test, on the day on which it came into force.
///
/// Each step of a ramp that has begun is listed as well, with the number of the ramp.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Prints what people changed while the test ran.
/// fn print(phase: &PhaseReport) {
///     for change in &phase.changes {
///         println!("{}: change {}: {}", change.day, change.number, change.sentence);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ChangeReport {
    /// The number in the log of changes.
    pub number: u64,
    /// The day on which it came into force.
    pub day: Day,
    /// When it came into force.
    pub in_force: Utc,
    /// When it was made.
    pub made: Utc,
    /// The name of the act, such as `share`.
    pub act: String,
    /// What it did, in lower case and without a full stop, such as `the set was paused`.
    pub sentence: String,
    /// Who made it.
    pub author: String,
    /// Why it was made.
    pub reason: String,
    /// The share of the units that took part before and since, from 0 to 1; `None` if it is the same.
    pub shares: Option<[f64; 2]>,
    /// Why it has no effect, if it has none.
    pub without_effect: Option<String>,
}

/// The track that was shipped, which ended the test.
///
/// ```
/// use tower_tracks::report::Report;
///
/// /// Returns the shipped track of each set that has one.
/// fn shipped(report: &Report) -> Vec<(&str, &str)> {
///     let shipped = report.phases.iter().filter_map(|phase| {
///         let shipped = phase.shipped.as_ref()?;
///         Some((&*phase.set, &*shipped.track))
///     });
///     shipped.collect()
/// }
/// assert!(shipped(&Report::default()).is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ShippedReport {
    /// The name of the track.
    pub track: String,
    /// When it was shipped.
    pub at: Utc,
    /// The number of the change.
    pub change: u64,
    /// Who shipped it.
    pub author: String,
    /// Why it was shipped.
    pub reason: String,
}
