use serde::{Deserialize, Serialize};

/// The kind of notices about a set that was made one about another unit within its phase.
pub(crate) const OTHER_UNIT: &str = "other-unit";

/// What a reader has to know besides the verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Notice {
    /// What it is about, such as `mismatch`, `crossed` or `less-than-a-week`.
    pub kind: String,
    /// The label of the goal, where it is about one.
    pub goal: Option<String>,
    /// The track, where it is about one.
    pub track: Option<String>,
    /// The sentence, in lower case and without a full stop.
    pub sentence: String,
    /// Whether it is about the validity of the results, so that nothing is ready to be rolled out
    /// before it is cleared up.
    pub blocks: bool,
}
