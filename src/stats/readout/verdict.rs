//! Verdicts and their sentences. The numbers in a sentence are those of its fields.

use std::fmt;

#[cfg(feature = "report")]
use super::Scale;
use super::{Effect, Missing};
use crate::{
    figures::{count, level, percent},
    stats::NoAnswer,
};

/// The verdict on a track, compared with control, for one goal.
///
/// Problems come first, in this order: a mismatch, stray units, changed weights, crossed converters, too few
/// units. Otherwise the goal decides. `Display` writes a sentence for readers of results. The numbers are in
/// the fields and in the comparison.
///
/// Programs can match on it. Later versions may add variants.
///
/// ```
/// use tower_tracks::stats::Verdict;
///
/// fn is_final(verdict: &Verdict) -> bool {
///     match verdict {
///         Verdict::Better(finding) | Verdict::Worse(finding) | Verdict::NotFound(finding) => {
///             finding.decided
///         }
///         _ => false,
///     }
/// }
/// assert!(!is_final(&Verdict::WeightsChanged));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Verdict {
    /// The numbers of units do not match the weights of the tracks (`p ≤ 0.001`), so no goal is read.
    Mismatch {
        /// The p-value of the sample ratio, valid at every look.
        p: f64,
    },
    /// More than 0.1% of the units are in tracks that never had a weight.
    Stray {
        /// The number of these units.
        units: u64,
        /// Their share of all units.
        share: f64,
    },
    /// The weights changed while the phase was running, so the tracks had different shares at different
    /// times.
    WeightsChanged,
    /// More than 1% of the converters of control or of the track were exposed to more than one
    /// track.
    Crossed {
        /// Their share of these converters.
        share: f64,
    },
    /// There are too few units whose windows have ended.
    Collecting(Missing),
    /// A comparison cannot be computed.
    Unanswered(NoAnswer),
    /// The track is better than control.
    Better(Finding),
    /// The track is worse than control.
    Worse(Finding),
    /// The track looked different, but among so many comparisons this may be chance.
    Hint(Finding),
    /// No difference was found. There may still be one.
    NotFound(Finding),
    /// A guardrail is not worse than control by its margin or more.
    NotWorse(Finding),
    /// A primary goal differs by less than its margin, if at all.
    TooSmall(Finding),
}

/// The numbers of a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// The size of the difference.
    pub effect: Effect,
    /// The p-value that decided, adjusted for the number of comparisons.
    pub p: f64,
    /// The confidence level of the interval, such as 0.95.
    pub level: f64,
    /// Whether the goal is exploratory.
    pub exploratory: bool,
    /// Whether a look of a plan has decided, so that later units change nothing.
    pub decided: bool,
    /// What is certain about the margin of the goal; `None` without a margin, and while nothing is.
    pub margin: Option<Margin>,
}

/// What is certain about an effect, compared with the margin of its goal.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Margin {
    /// The effect is smaller than this lift. Of a guardrail: it is not worse by as much.
    Within(f64),
    /// The effect is more than this lift.
    Beyond(f64),
}

#[cfg(feature = "report")]
impl Verdict {
    /// Returns the verdict with a difference of this unit, where it has a difference and not a lift.
    pub(crate) fn on_scale(mut self, unit: Scale) -> Self {
        if let Self::Better(finding)
        | Self::Worse(finding)
        | Self::Hint(finding)
        | Self::NotFound(finding)
        | Self::NotWorse(finding)
        | Self::TooSmall(finding) = &mut self
        {
            *finding = finding.on_scale(unit);
        }
        self
    }
}

#[cfg(feature = "report")]
impl Finding {
    /// Returns the finding with a difference of this unit, where it has a difference and not a lift.
    pub(crate) fn on_scale(mut self, unit: Scale) -> Self {
        if self.effect.scale == Scale::Absolute {
            self.effect.scale = unit;
        }
        self
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch { .. } => f.write_str(
                "Do not use these results: the tracks do not have the units that they should have, \
                 and what loses or adds units unevenly biases the results",
            ),
            Self::Stray { units, share } => write!(
                f,
                "Not to be trusted: {} units ({}) are in a track that never had a weight",
                count(*units),
                percent(*share)
            ),
            Self::WeightsChanged => f.write_str(
                "Not read: the weights changed within the phase; start a new phase, and read each \
                 period by itself",
            ),
            Self::Crossed { share } => write!(
                f,
                "Not to be trusted: {} of the units that convert were exposed to more than one \
                 track",
                percent(*share)
            ),
            Self::Collecting(missing) => write!(f, "Still collecting: {missing}"),
            Self::Unanswered(NoAnswer::NoSpread) => {
                f.write_str("Nothing differs so far: every unit has the same value")
            }
            Self::Unanswered(why) => write!(f, "No answer: {why}"),
            Self::Better(finding) => write!(f, "Better than control: {finding}"),
            Self::Worse(finding) => write!(f, "Worse than control: {finding}"),
            Self::Hint(finding) => write!(
                f,
                "Perhaps different, perhaps chance among so many comparisons: {finding}"
            ),
            Self::NotFound(finding) => {
                let so_far = if finding.decided { "" } else { " so far" };
                write!(f, "No difference found{so_far}")?;
                finding.write_interval(f)
            }
            Self::NotWorse(finding) => {
                write!(
                    f,
                    "Not worse than the margin{}",
                    finding.margin_in_words(" of")
                )?;
                finding.write_interval(f)
            }
            Self::TooSmall(finding) => {
                write!(
                    f,
                    "Too small to matter{}",
                    finding.margin_in_words(", less than")
                )?;
                finding.write_interval(f)
            }
        }
    }
}

impl Finding {
    /// Returns the margin after some words; nothing without one.
    fn margin_in_words(&self, words: &str) -> String {
        match self.margin {
            Some(Margin::Within(margin) | Margin::Beyond(margin)) => {
                format!("{words} {}", percent(margin))
            }
            None => String::new(),
        }
    }

    fn write_interval(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = self.effect.range_in_words();
        write!(f, ": {} interval {range}", level(self.level))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seen, range) = (self.effect.in_words(), self.effect.range_in_words());
        write!(f, "{seen} ({} interval {range})", level(self.level))?;
        // The interval shares alpha as Bonferroni does, and the p-value as Holm does, who finds
        // more.
        if !self.effect.estimate.interval.excludes(0.0) {
            f.write_str(", an interval that is a little stricter than the test")?;
        }
        match self.margin {
            Some(Margin::Within(margin)) => {
                write!(f, ", by less than the margin of {}", percent(margin))?;
            }
            Some(Margin::Beyond(margin)) => {
                write!(f, ", by more than the {} that matter", percent(margin))?;
            }
            None => {}
        }
        if self.exploratory {
            f.write_str(" (exploratory: confirm it in a test of its own)")?;
        }
        Ok(())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("each track needs at least ")?;
        let kinds = [(self.converters, "convert"), (self.others, "do not")];
        let kinds = kinds.into_iter().filter(|(number, _)| *number > 0);
        if self.units > 0 {
            write!(f, "{} more units whose windows are over", count(self.units))?;
            // They are a part of the others, and not beside them.
            for (index, (number, what)) in kinds.enumerate() {
                let before = if index == 0 { ", of which" } else { " and" };
                let what = if index == 0 && what == "do not" {
                    "do not convert"
                } else {
                    what
                };
                write!(f, "{before} {} {what}", count(number))?;
            }
            return Ok(());
        }
        for (index, (number, what)) in kinds.enumerate() {
            let what = if what == "do not" {
                "do not convert"
            } else {
                what
            };
            let before = if index == 0 { "" } else { ", and " };
            write!(f, "{before}{} more units that {what}", count(number))?;
        }
        f.write_str(" whose windows are over")
    }
}
