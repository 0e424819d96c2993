use serde::{Deserialize, Serialize};

use super::{answer::Answer, utc::Utc};

/// What a set is to find out, as far as it was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Intent {
    /// Where that comes from.
    pub source: IntentSource,
    /// Whose test it is; may be empty.
    pub owner: String,
    /// What is thought to be true; may be empty. It is free text: escape it.
    pub hypothesis: String,
    /// When the test was to begin.
    pub start: Option<Utc>,
    /// How far the plan is done; `None` where no number of units was planned.
    pub progress: Option<Progress>,
}

/// Where it comes from what a set is to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntentSource {
    /// From the latest plan that units were exposed under.
    Plan,
    /// No plan names a goal, so all known goals are taken, as rates. One alone is the primary one;
    /// several are exploratory.
    Goals,
}

/// How far a plan is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Progress {
    /// The units of all tracks together that were planned.
    pub planned: u64,
    /// The units whose windows are over; once the plan was decided, those of the last look.
    pub units: u64,
    /// In how many days the plan is reached at the latest, at the pace of the last seven full days,
    /// windows included; 0 once it is decided.
    pub days_left: Answer<f64>,
}
