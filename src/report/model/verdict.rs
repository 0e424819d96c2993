use serde::{Deserialize, Serialize};

use super::answer::{Answer, Estimated, Limits};
use crate::stats::{Comparison, Finding, NoAnswer, Verdict};

/// A track beside control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Compared {
    /// The track less control, in the goal's unit; of a rate 0.01 is one percentage point.
    pub difference: Estimated,
    /// The track over control, less 1: 0.1 is 10% more.
    pub lift: Answer<f64>,
    /// What the lift may be in truth.
    pub lift_interval: Answer<Limits>,
    /// How many standard errors the difference is from 0.
    pub z: f64,
    /// How probable so large a z were without an effect; 0 when it is below 1e-300.
    pub p: f64,
    /// The same after all comparisons were counted, which decides.
    pub adjusted_p: Option<f64>,
    /// What p is compared with.
    pub alpha: f64,
    /// Whether it holds at every look.
    pub always_valid: bool,
}

/// What may be said of a track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Judgement {
    /// What kind of thing that is.
    pub kind: VerdictKind,
    /// Whether it is one of many that were looked at, too.
    pub exploratory: bool,
    /// The sentence.
    pub sentence: String,
}

/// What kind of thing may be said of a track. The first that applies is the one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VerdictKind {
    /// The tracks do not have the units that they should have.
    Mismatch,
    /// Units are in tracks that never had a weight.
    Stray,
    /// The weights changed within the phase.
    WeightsChanged,
    /// Too many converters were exposed to several tracks.
    Crossed,
    /// The track has no weight any more.
    SwitchedOff,
    /// There are too few units.
    Collecting,
    /// There is no answer.
    Unanswered,
    /// The track is better than control.
    Better,
    /// The track is worse than control.
    Worse,
    /// It looked different, but among so many comparisons that may be chance.
    Hint,
    /// No difference was found so far.
    NotFound,
}

impl VerdictKind {
    /// Returns the kind as it is written, such as `not-found`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mismatch => "mismatch",
            Self::Stray => "stray",
            Self::WeightsChanged => "weights-changed",
            Self::Crossed => "crossed",
            Self::SwitchedOff => "switched-off",
            Self::Collecting => "collecting",
            Self::Unanswered => "unanswered",
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Hint => "hint",
            Self::NotFound => "not-found",
        }
    }

    /// Returns whether the data were read: everything before that is about the data themselves.
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::Better | Self::Worse | Self::Hint | Self::NotFound
        )
    }
}

impl Compared {
    pub(in crate::report) fn new(comparison: &Comparison, adjusted_p: Option<f64>) -> Self {
        Self {
            difference: comparison.difference.into(),
            lift: comparison.lift.into(),
            lift_interval: Answer::from(comparison.lift_interval).map(Limits::from),
            z: comparison.z,
            p: comparison.p,
            adjusted_p,
            alpha: comparison.alpha,
            always_valid: comparison.always_valid,
        }
    }
}

impl From<&Verdict> for Judgement {
    fn from(verdict: &Verdict) -> Self {
        let (kind, finding) = kind(verdict);
        Self {
            kind,
            exploratory: finding.is_some_and(|finding| finding.exploratory),
            sentence: verdict.to_string(),
        }
    }
}

fn kind(verdict: &Verdict) -> (VerdictKind, Option<&Finding>) {
    match verdict {
        Verdict::Mismatch { .. } => (VerdictKind::Mismatch, None),
        Verdict::Stray { .. } => (VerdictKind::Stray, None),
        Verdict::WeightsChanged => (VerdictKind::WeightsChanged, None),
        Verdict::Crossed { .. } => (VerdictKind::Crossed, None),
        Verdict::Unanswered(NoAnswer::SwitchedOff) => (VerdictKind::SwitchedOff, None),
        Verdict::Collecting(_) => (VerdictKind::Collecting, None),
        Verdict::Unanswered(_) => (VerdictKind::Unanswered, None),
        Verdict::Better(finding) => (VerdictKind::Better, Some(finding)),
        Verdict::Worse(finding) => (VerdictKind::Worse, Some(finding)),
        Verdict::Hint(finding) => (VerdictKind::Hint, Some(finding)),
        Verdict::NotFound(finding) => (VerdictKind::NotFound, Some(finding)),
    }
}
