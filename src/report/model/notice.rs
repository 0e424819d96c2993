use serde::{Deserialize, Serialize};

/// The kind of notices about a set whose unit changed within its phase.
pub(crate) const OTHER_UNIT: &str = "other-unit";

/// A remark about a phase or a goal, beside the verdicts.
///
/// ```
/// use tower_tracks::report::PhaseReport;
///
/// /// Returns the notices that have to be resolved before a track is rolled out.
/// fn blocking(phase: &PhaseReport) -> Vec<&str> {
///     let notices = phase.notices.iter().filter(|notice| notice.blocks);
///     notices.map(|notice| &*notice.sentence).collect()
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Notice {
    /// The kind, such as `mismatch`, `crossed` or `less-than-a-week`. New kinds may be added.
    pub kind: String,
    /// The label of the goal, if it is about one.
    pub goal: Option<String>,
    /// The name of the track, if it is about one.
    pub track: Option<String>,
    /// The sentence, in lower case and without a full stop.
    pub sentence: String,
    /// Whether it questions the validity of the results, so that no track is ready to be rolled out
    /// before it is resolved.
    pub blocks: bool,
}
