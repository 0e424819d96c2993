//! Warnings and their sentences.

use std::fmt;

use super::effect::LARGEST_LIFT;
use crate::figures::{count, percent, stated_p};

/// A warning that a reader of results needs in addition to the verdicts.
///
/// `Display` writes a sentence. Goals and tracks are given by index. Control has the index 0.
///
/// [`Mismatch`](Self::Mismatch) and [`WeightsChanged`](Self::WeightsChanged) hide the numbers of goals. The
/// other warnings do not.
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
    /// The numbers of units do not match the weights of the tracks (`p ≤ 0.001`).
    Mismatch {
        /// The p-value of the sample ratio, valid at every look.
        p: f64,
    },
    /// The numbers of units may not match the weights of the tracks (`p ≤ 0.01`).
    SuspectedMismatch {
        /// The p-value of the sample ratio, valid at every look.
        p: f64,
    },
    /// Units are in tracks that never had a weight.
    Stray {
        /// The number of these units.
        units: u64,
    },
    /// More than 1% of the units were exposed to more than one track.
    Crossed {
        /// Their share of all units.
        share: f64,
    },
    /// The share of crossed units differs between a track and control.
    CrossedUnevenly {
        /// The track.
        track: usize,
    },
    /// Units that convert are crossed more or less often than other units.
    CrossedConverters {
        /// The goal.
        goal: usize,
    },
    /// The verdict would be different if crossed units were counted in their first track.
    CrossedMatter {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
    },
    /// The weights changed while the phase was running.
    WeightsChanged,
    /// The planned number of units is not reached.
    BeforePlan {
        /// The completed part of the plan, from 0 to 1.
        progress: f64,
    },
    /// A look decided before the planned number of units was reached.
    FoundEarly {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
    },
    /// The data cover less than a full week.
    LessThanAWeek {
        /// The number of days since the first exposure.
        days: f64,
    },
    /// Not all days of the week had exposures.
    Weekdays {
        /// The number of weekdays with exposures.
        seen: u8,
    },
    /// More than 20 comparisons are not adjusted.
    ManyComparisons {
        /// The number of these comparisons.
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
    /// One unit has more than 5% of the sum of absolute values of a track.
    OneUnit {
        /// The goal.
        goal: usize,
        /// The track.
        track: usize,
        /// Its share of this sum.
        share: f64,
    },
    /// The two halves of a track by the coin differ, so the recording or the goal has a fault.
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
            Self::LessThanAWeek { days } if *days < 1.0 => f.write_str(
                "less than one day was seen; weekdays differ, so wait for a full week",
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
            Self::TooGood { lift, .. } if lift.abs() > LARGEST_LIFT => write!(
                f,
                "a difference of more than {} is larger than almost any real one; check the goal \
                 before you believe it",
                percent(LARGEST_LIFT)
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
