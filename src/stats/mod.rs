//! From counts to verdicts: pure functions, without I/O, clock or randomness.
//!
//! Sufficient statistics go in ([`Rate`], [`Mean`], [`Ratio`]), and what may be said comes out,
//! with the numbers behind it. Where there is no number there is a [`NoAnswer`], never something
//! that is not a number and never a `p` that nobody computed.
//!
//! ```
//! use tower_tracks::stats::{
//!     Counted, GoalCounts, Headcount, Rate, Role, SetCounts, Test, Wanted, read,
//! };
//!
//! let cells = [(10_000, 1000), (10_100, 1210)];
//! let counts = SetCounts {
//!     tracks: cells.map(|(units, _)| Headcount { weight: 1.0, units }).to_vec(),
//!     days: 14.0,
//!     weekdays: 7,
//!     goals: vec![GoalCounts::new(
//!         Role::Primary,
//!         Wanted::More,
//!         cells.map(|(units, converters)| Counted::Rate(Rate { units, converters }).into()),
//!     )],
//!     ..SetCounts::default()
//! };
//! let readout = read(&counts, &Test::always_valid(0.05)?)?;
//! assert_eq!(
//!     readout.goals[0].tracks[0].verdict.to_string(),
//!     "Better than control: 19.8 % higher (95 % interval +5.9 % to +35.5 %)",
//! );
//! assert!(readout.warnings.is_empty());
//! # Ok::<(), tower_tracks::stats::NoAnswer>(())
//! ```
//!
//! One track beside control, without a set around it:
//!
//! ```
//! use tower_tracks::stats::{Mean, Test, compare_means};
//!
//! // As a store has it: units, the sum of what they spent in micro-units, the sum of squares.
//! let control = Mean::from_integers(500, 6_000_000_000, 80_000_000_000_000_000, 1e6)?;
//! let track = Mean::from_integers(510, 6_500_000_000, 92_000_000_000_000_000, 1e6)?;
//! let comparison = compare_means(&control, &track, &Test::always_valid(0.05)?)?;
//! assert!(!comparison.is_significant());
//! assert!(!comparison.difference.interval.excludes(0.0));
//! # Ok::<(), tower_tracks::stats::NoAnswer>(())
//! ```
//!
//! # Where to look
//!
//! * [`read`] gives a verdict on every track and goal of a set, and all warnings.
//! * [`compare_rates`], [`compare_means`] and [`compare_ratios`] compare one track with control;
//!   a [`Test`] says how. [`compare_adjusted_means`] takes
//!   out what a covariate explains, [`compare_latencies`] compares the 95th percentile of requests.
//! * [`Missing`] says whether two tracks have enough data to be compared.
//! * [`boundaries`] are the multipliers of a plan that is read at several looks;
//!   [`GroupSequential`] has its power and sizes, too.
//! * [`non_inferiority`] and [`relevance`] read the interval of a lift against a margin.
//! * [`interaction`] compares the effect of one set in the tracks of another, [`heterogeneity`]
//!   that in segments.
//! * [`ratio_p`] and [`pearson`] test whether the tracks have the units they should have.
//! * [`chances`] says how probable it is that a track is best.
//! * [`holm`] and [`benjamini_hochberg`] adjust several p-values.
//! * [`PowerAnalysis`] returns how many units a test needs, or which effect they can detect, and [`Cap`] what a unit counts with at most.
//! * [`Normal`], [`StudentT`], [`ChiSquare`] and [`Beta`] are the distributions under it all.
//!
//! The guides [results](crate::guide::results) and [methods](crate::guide::methods) say how to
//! read it, and why it is done so.

mod always_valid;
#[cfg(feature = "serde")]
mod answer;
mod cap;
mod chance;
mod compare;
mod counts;
mod distribution;
mod group_sequential;
mod heterogeneity;
mod interval;
mod latency;
mod legendre;
mod margin;
mod no_answer;
mod power;
mod readout;
mod root;
mod sample_ratio;
mod several;

mod test;

pub use crate::i256::I256;

#[cfg(feature = "dashboard")]
pub(crate) use self::readout::level_in_words;
#[cfg(feature = "report")]
pub(crate) use self::readout::{decimal, p_value};
pub use self::{
    cap::Cap,
    chance::{Chance, chances},
    compare::{
        Adjusted, Comparison, Interaction, Method, Spread, Unused, compare_adjusted_means,
        compare_means, compare_rates, compare_ratios, interaction, pooled_z, wilson,
    },
    counts::{CovariateSums, Covaried, Mean, Rate, Ratio, RatioSums},
    distribution::{Beta, ChiSquare, Normal, StudentT},
    group_sequential::{GroupSequential, boundaries, spent},
    heterogeneity::{Heterogeneity, heterogeneity},
    interval::{Estimate, Interval},
    latency::{
        Latencies, QuantileComparison, QuantileEstimate, compare_latencies, latency_bin,
        latency_edge,
    },
    margin::{LiftBounds, NonInferiority, Relevance, non_inferiority, relevance},
    no_answer::NoAnswer,
    power::{PowerAnalysis, Size},
    readout::{
        Cell, Counted, Effect, Finding, GoalCounts, GoalReadout, Look, LookRead, Missing, Readout,
        Role, SampleRatio, Scale, SetCounts, SoFar, TrackReadout, Verdict, Wanted, Warning, read,
    },
    sample_ratio::{CONCENTRATION, Headcount, Pearson, pearson, ratio_evidence, ratio_p, stray},
    several::{benjamini_hochberg, bonferroni, holm},
    test::Test,
};
