//! Comparisons with control, and verdicts.

use serde::{Deserialize, Serialize};

use super::answer::{Answer, Estimated, Limits};
use crate::stats::{Comparison, Finding, Margin, NoAnswer, Verdict};

/// The comparison of a track with control.
///
/// ```
/// use tower_tracks::report::Compared;
///
/// /// Returns the difference with its interval, as text.
/// fn describe(compared: &Compared) -> String {
///     let difference = compared.difference;
///     let lower = difference.interval.map(|limits| limits.lower);
///     format!("{:+} (at least {lower:?}), p = {:.3}", difference.value, compared.p)
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Compared {
    /// The value of the track minus that of control, in the goal's unit. For a rate, 0.01 is one
    /// percentage point.
    pub difference: Estimated,
    /// The value of the track divided by that of control, minus 1: 0.1 is 10% more. Unknown if
    /// control's value is not above 0.
    pub lift: Answer<f64>,
    /// The interval of the lift.
    pub lift_interval: Answer<Limits>,
    /// The difference in standard errors.
    pub z: f64,
    /// The p-value: the probability of a z at least this large without an effect. It is 0 below
    /// 1e-300.
    pub p: f64,
    /// The p-value after adjustment for all comparisons, which decides; `None` if it is not
    /// adjusted.
    pub adjusted_p: Option<f64>,
    /// The level with which the p-value is compared.
    pub alpha: f64,
    /// Whether the interval and the p-value are valid at every look. Otherwise they are valid at
    /// this look of the plan.
    pub always_valid: bool,
    /// The share of the squared standard error that the adjustment by what units did before their first exposure
    /// removed; `None` if the comparison is not adjusted.
    pub variance_removed: Option<f64>,
    /// The comparison without the adjustment; `None` if this one is not adjusted.
    pub unadjusted: Option<Box<Compared>>,
}

/// The verdict on a track, with its sentence.
///
/// ```
/// use tower_tracks::report::Judgement;
///
/// fn is_ready(verdict: &Judgement) -> bool {
///     verdict.kind.is_read() && !verdict.exploratory
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Judgement {
    /// Whether a track is worse, but by less than the [`margin`](crate::report::GoalReport::margin) of its
    /// guardrail.
    #[serde(default)]
    pub within_margin: bool,
    /// The kind of the verdict.
    pub kind: VerdictKind,
    /// Whether the goal is exploratory, so that the verdict confirms nothing.
    pub exploratory: bool,
    /// The verdict as a sentence for people, in English.
    pub sentence: String,
}

/// The kinds of verdicts, in the order in which they are tried: the first that applies is the
/// verdict.
///
/// ```
/// use tower_tracks::report::VerdictKind;
///
/// assert!(!VerdictKind::Collecting.is_read());
/// assert!(VerdictKind::NotFound.is_read());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VerdictKind {
    /// The numbers of units differ from the weights, so nothing is compared.
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
    /// The comparison cannot be computed; the sentence has the reason.
    Unanswered,
    /// The track is better than control.
    Better,
    /// The track is worse than control.
    Worse,
    /// The difference is significant by itself, but not after adjustment for the number of
    /// comparisons.
    Hint,
    /// No difference was found so far.
    NotFound,
    /// A guardrail is not worse than control by its margin or more.
    NotWorse,
    /// A primary goal differs by less than its margin, if at all.
    TooSmall,
}

impl VerdictKind {
    /// Returns the kind as it is written, such as `not-found`.
    ///
    /// ```
    /// use tower_tracks::report::VerdictKind;
    ///
    /// assert_eq!(VerdictKind::NotFound.as_str(), "not-found");
    /// assert_eq!(serde_json::to_string(&VerdictKind::NotFound).unwrap(), r#""not-found""#);
    /// ```
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
            Self::NotWorse => "not-worse",
            Self::TooSmall => "too-small",
        }
    }

    /// Returns whether the track was compared. The other kinds are about the data.
    ///
    /// ```
    /// use tower_tracks::report::VerdictKind;
    ///
    /// assert!(VerdictKind::Better.is_read());
    /// assert!(!VerdictKind::Mismatch.is_read());
    /// ```
    pub fn is_read(self) -> bool {
        matches!(
            self,
            Self::Better
                | Self::Worse
                | Self::Hint
                | Self::NotFound
                | Self::NotWorse
                | Self::TooSmall
        )
    }
}

impl Compared {
    /// Returns a comparison of the statistics as the report has it.
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
            variance_removed: comparison.unadjusted.map(|plain| plain.variance_reduction),
            unadjusted: comparison.unadjusted.map(|plain| {
                Box::new(Self {
                    difference: plain.difference.into(),
                    lift: plain.lift.into(),
                    lift_interval: Answer::from(plain.lift_interval).map(Limits::from),
                    z: plain.z,
                    p: plain.p,
                    adjusted_p: None,
                    alpha: comparison.alpha,
                    always_valid: comparison.always_valid,
                    variance_removed: None,
                    unadjusted: None,
                })
            }),
        }
    }
}

impl From<&Verdict> for Judgement {
    fn from(verdict: &Verdict) -> Self {
        let (kind, finding) = kind(verdict);
        Self {
            within_margin: matches!(
                verdict,
                Verdict::Worse(Finding {
                    margin: Some(Margin::Within(_)),
                    ..
                })
            ),
            kind,
            exploratory: finding.is_some_and(|finding| finding.exploratory),
            sentence: verdict.to_string(),
        }
    }
}

/// Returns the kind of a verdict, with its finding if the track was compared.
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
        Verdict::NotWorse(finding) => (VerdictKind::NotWorse, Some(finding)),
        Verdict::TooSmall(finding) => (VerdictKind::TooSmall, Some(finding)),
    }
}
