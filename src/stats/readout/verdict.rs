use std::fmt;

use super::{Effect, Missing, percent::percent};
use crate::stats::NoAnswer;

/// What may be said of a track beside control on one goal.
///
/// The first of these that applies is the one: a mismatch, stray units, crossed units, too few
/// units, and only then what the goal says. Its `Display` form is the sentence for people who
/// read results; the numbers behind it are in the fields and in the comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Verdict {
    /// The tracks do not have the units they should have (`p ≤ 0.001`), so nothing is read.
    Mismatch {
        /// The p-value of the sample ratio, valid at every look.
        p: f64,
    },
    /// Units are in tracks where none can be.
    Stray {
        /// How many.
        units: u64,
    },
    /// More than 1 % of the units were in more than one track.
    Crossed {
        /// How many.
        units: u64,
        /// Their share of all.
        share: f64,
    },
    /// There are too few units.
    Collecting(Missing),
    /// There is no answer.
    Unanswered(NoAnswer),
    /// The track is better than control.
    Better(Finding),
    /// The track is worse than control.
    Worse(Finding),
    /// It looked different, but among so many comparisons that may be chance.
    Hint(Finding),
    /// No difference was found so far. That there is none is not known.
    NotFound(Finding),
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Finding {
    /// How large the difference is.
    pub effect: Effect,
    /// What decided: the p-value after the comparisons were counted.
    pub p: f64,
    /// Whether it is one of many that were looked at, too.
    pub exploratory: bool,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch { .. } => f.write_str(
                "Do not read this: the tracks do not have the units that they should have, and \
                 what loses units unevenly biases the results",
            ),
            Self::Stray { units } => write!(
                f,
                "Not to be trusted: units in a track where none can be: {units}"
            ),
            Self::Crossed { share, .. } => write!(
                f,
                "Not to be trusted: {} of the units were in more than one track; they are left \
                 out, and the rest may be biased",
                percent(*share)
            ),
            Self::Collecting(missing) => write!(f, "Still collecting: {missing}"),
            Self::Unanswered(why) => write!(f, "No answer: {why}"),
            Self::Better(finding) => write!(f, "Better than control: {finding}"),
            Self::Worse(finding) => write!(f, "Worse than control: {finding}"),
            Self::Hint(finding) => write!(
                f,
                "Perhaps different, perhaps chance among so many comparisons: {finding}"
            ),
            Self::NotFound(finding) => write!(
                f,
                "No difference found so far: it may be {}",
                finding.effect.range_in_words()
            ),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seen, range) = (self.effect.in_words(), self.effect.range_in_words());
        write!(f, "{seen}; the data fit {range}")?;
        if self.effect.estimate.interval.excludes(0.0) {
            return self.hedge(f);
        }
        f.write_str(", an interval that is a little stricter than the test")?;
        self.hedge(f)
    }
}

impl Finding {
    fn hedge(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exploratory {
            f.write_str(" (exploratory: confirm it in a test of its own)")?;
        }
        Ok(())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.units, "units"),
            (self.converters, "units that convert"),
            (self.others, "units that do not convert"),
        ];
        f.write_str("a track lacks at least ")?;
        let mut separator = "";
        for (count, what) in parts.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{separator}{count} {what}")?;
            separator = ", ";
        }
        Ok(())
    }
}
