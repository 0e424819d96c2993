use std::fmt;

use super::percent::{p_value, percent};

/// What a reader of results has to know besides the verdicts.
///
/// Its `Display` form is the sentence. Goals and tracks are by their index, control being 0.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Warning {
    /// The tracks do not have the units they should have (`p ≤ 0.001`).
    Mismatch {
        /// The p-value of the sample ratio, valid at every look.
        p: f64,
    },
    /// The tracks perhaps do not have the units they should have (`p ≤ 0.01`).
    SuspectedMismatch {
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
        /// Their share of all.
        share: f64,
    },
    /// Weights or eligibility changed while the set was running.
    Changed,
    /// A planned set has not reached its plan.
    BeforePlan {
        /// How much of it is done, from 0 to 1.
        progress: f64,
    },
    /// Less than a full week was seen.
    LessThanAWeek {
        /// The days since the first exposure.
        days: f64,
    },
    /// More than 20 comparisons are made without a correction.
    ManyComparisons {
        /// How many.
        comparisons: usize,
    },
    /// More than 20 % of a track's units have a window that is still open.
    Unfinished {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
        /// The share of units.
        share: f64,
    },
    /// One unit holds more than 5 % of a track's sum.
    OneUnit {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
        /// Its share of the sum.
        share: f64,
    },
    /// The halves of a track by the coin differ: recording or the goal is broken.
    Coin {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
        /// The p-value.
        p: f64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mismatch { p } => write!(
                f,
                "the tracks do not have the units that they should have (p {}); look for what \
                 loses or adds units before reading anything",
                p_value(*p)
            ),
            Self::SuspectedMismatch { p } => write!(
                f,
                "the tracks perhaps do not have the units that they should have (p {})",
                p_value(*p)
            ),
            Self::Stray { units } => write!(f, "units in a track where none can be: {units}"),
            Self::Crossed { share } => write!(
                f,
                "{} of the units were in more than one track and are left out",
                percent(*share)
            ),
            Self::Changed => f.write_str(
                "weights or eligibility changed while this was running; read each phase by itself",
            ),
            Self::BeforePlan { progress } => write!(
                f,
                "{} of the plan is done; until then only large differences are called",
                percent(*progress)
            ),
            Self::LessThanAWeek { days } => write!(
                f,
                "only {days:.1} days were seen; weekdays differ, so wait for a full week"
            ),
            Self::ManyComparisons { comparisons } => write!(
                f,
                "{comparisons} comparisons are made without a correction; about one in twenty \
                 of those without an effect may look like one"
            ),
            Self::Unfinished { share, .. } => write!(
                f,
                "{} of the units still have time to convert",
                percent(*share)
            ),
            Self::OneUnit { share, .. } => write!(
                f,
                "one unit holds {} of the sum; consider a cap",
                percent(*share)
            ),
            Self::Coin { p, .. } => write!(
                f,
                "two halves of one track, which nothing distinguishes, differ (p {}); recording \
                 or the goal is broken",
                p_value(*p)
            ),
        }
    }
}
