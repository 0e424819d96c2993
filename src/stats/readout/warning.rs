//! Warnings and their sentences.

use std::fmt;

use crate::figures::{count, percent, stated_p};

/// What a reader of results has to know besides the verdicts.
///
/// Its `Display` form is the sentence. Goals and tracks are by their index, control being 0.
///
/// Of them [`Mismatch`](Self::Mismatch) and [`WeightsChanged`](Self::WeightsChanged) hide the
/// numbers of goals; the others leave them in place.
///
/// ```
/// use tower_tracks::stats::{Headcount, SetCounts, Test, Warning, read};
///
/// let counts = SetCounts {
///     tracks: [1000, 0].map(|units| Headcount { weight: 1.0, units }).to_vec(),
///     days: 14.0,
///     weekdays: 7,
///     ..SetCounts::default()
/// };
/// let readout = read(&counts, &Test::always_valid(0.05)?)?;
/// assert!(matches!(readout.warnings[..], [Warning::Mismatch { p }] if p < 0.001));
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
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
    /// Units are in tracks that never had a weight.
    Stray {
        /// How many.
        units: u64,
    },
    /// More than 1% of the units were exposed to more than one track.
    Crossed {
        /// Their share of all.
        share: f64,
    },
    /// The share of crossed units differs between a track and control.
    CrossedUnevenly {
        /// The track.
        track: usize,
    },
    /// Units that convert are crossed more often, or less often, than others.
    CrossedConverters {
        /// The goal.
        goal: usize,
    },
    /// The verdict would be another one if the crossed units were counted to their first track.
    CrossedMatter {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
    },
    /// The weights changed while the phase was running.
    WeightsChanged,
    /// The plan is not reached.
    BeforePlan {
        /// How much of it is done, from 0 to 1.
        progress: f64,
    },
    /// A plan was decided before it was reached.
    FoundEarly {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
    },
    /// Less than a full week was seen.
    LessThanAWeek {
        /// The days since the first exposure.
        days: f64,
    },
    /// Not all days of the week had exposures.
    Weekdays {
        /// How many of them had.
        seen: u8,
    },
    /// More than 20 comparisons are made without a correction.
    ManyComparisons {
        /// How many.
        comparisons: usize,
    },
    /// A difference of more than 50% was found.
    TooGood {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
        /// The lift.
        lift: f64,
    },
    /// One unit holds more than 5% of a track's absolute sum.
    OneUnit {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
        /// Its share of the absolute sum.
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
                "the tracks do not have the units that they should have ({}); find what loses or \
                 adds units before you read anything",
                stated_p(*p)
            ),
            Self::SuspectedMismatch { p } => write!(
                f,
                "the tracks perhaps do not have the units that they should have ({}); watch the \
                 sample ratio before you decide",
                stated_p(*p)
            ),
            Self::Stray { units } => write!(
                f,
                "{} units are in a track that never had a weight; find what exposed them",
                count(*units)
            ),
            Self::Crossed { share } => write!(
                f,
                "{} of the units were exposed to more than one track and are left out; check that \
                 the key is stable",
                percent(*share)
            ),
            Self::CrossedUnevenly { .. } => f.write_str(
                "units of this track were exposed to a second track more often, or less often, than \
                 those of control; check what sends them to another track",
            ),
            Self::CrossedConverters { .. } => f.write_str(
                "units that convert were exposed to a second track more often, or less often, than \
                 others, so leaving them out may bias the result; check that the key is stable",
            ),
            Self::CrossedMatter { .. } => f.write_str(
                "the verdict would be another one if crossed units were counted to their first \
                 track; do not decide before you know why units cross",
            ),
            Self::WeightsChanged => f.write_str(
                "the weights changed while this was running; start a new phase, and read each \
                 period by itself",
            ),
            Self::BeforePlan { progress } => write!(
                f,
                "{} of the plan is done; until it is reached, only large differences decide",
                percent(*progress)
            ),
            Self::FoundEarly { .. } => f.write_str(
                "found before the plan was reached, so the seen difference is probably too large; \
                 plan with the end of the interval that is nearer to 0",
            ),
            Self::LessThanAWeek { days } => write!(
                f,
                "only {days:.1} days were seen; weekdays differ, so wait for a full week"
            ),
            Self::Weekdays { seen: 1 } => f.write_str(
                "only one day of the week was seen; weekdays differ, so wait for a full week",
            ),
            Self::Weekdays { seen } => write!(
                f,
                "only {seen} days of the week were seen; weekdays differ, so wait for a full week"
            ),
            Self::ManyComparisons { comparisons } => write!(
                f,
                "{} comparisons are made without a correction; expect about one in twenty to look \
                 like an effect without being one",
                count(*comparisons as u64)
            ),
            Self::TooGood { lift, .. } => write!(
                f,
                "a difference of {} is larger than almost any real one; check the goal before you \
                 believe it",
                percent(lift.abs())
            ),
            Self::OneUnit { share, .. } => write!(
                f,
                "one unit holds {} of the absolute sum; consider a cap in the next phase",
                percent(*share)
            ),
            Self::Coin { p, .. } => write!(
                f,
                "two halves of one track, which nothing distinguishes, differ ({}); recording or \
                 the goal is broken",
                stated_p(*p)
            ),
        }
    }
}
