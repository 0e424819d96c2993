//! The plan of a phase as a report shows it.

use serde::{Deserialize, Serialize};

use super::{answer::Answer, utc::Utc};

/// The owner, hypothesis and progress of a set, from its plan.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// fn print(phase: &PhaseReport) {
///     if let Some(progress) = &phase.intent.progress {
///         println!("{}: {} of {} units", phase.name(), progress.units, progress.planned);
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Intent {
    /// Whether the goals come from a plan.
    pub source: IntentSource,
    /// The owner of the test; may be empty.
    pub owner: String,
    /// The hypothesis; may be empty. It is free text: escape it.
    pub hypothesis: String,
    /// The planned start of the test.
    pub start: Option<Utc>,
    /// The progress of the plan; `None` without a planned number of units, and if the plan no
    /// longer decides.
    pub progress: Option<Progress>,
    /// Whether the guard may pause the set; see
    /// [`Plan::stop_if_harmed`](crate::Plan::stop_if_harmed).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stop_if_harmed: bool,
}

/// The source of the goals of a phase.
///
/// ```
/// use tower_tracks::report::IntentSource;
///
/// assert_eq!(serde_json::to_string(&IntentSource::Plan).unwrap(), r#""plan""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntentSource {
    /// From the latest plan that units were exposed under.
    Plan,
    /// No plan names a goal, so all known goals are taken, as rates. One alone is the primary one;
    /// several are exploratory.
    Goals,
}

/// The progress of a plan.
///
/// ```
/// use tower_tracks::report::Progress;
///
/// fn describe(progress: &Progress) -> String {
///     match (progress.days_left.known(), progress.days_left.why()) {
///         (Some(days), _) => format!("{days} days left"),
///         (None, why) => format!("unknown: {}", why.unwrap_or_default()),
///     }
/// }
/// ```
///
/// A plan may decide before it is reached, so this is the latest end and not the expected one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Progress {
    /// The planned number of units of all tracks together.
    pub planned: u64,
    /// The number of units whose windows have ended; after the decision, those of the last look.
    pub units: u64,
    /// The number of days until the plan is reached, at the pace of the last seven full days and
    /// including the window. It is 0 after the decision, and a plan may decide earlier.
    pub days_left: Answer<f64>,
}
