//! Computes the results of A/B tests from counts.
//!
//! All functions are pure: they use no I/O, clock or randomness.
//!
//! The input is counts and sums of each track: the sufficient statistics [`Rate`], [`Mean`] and [`Ratio`].
//! The output is verdicts with their numbers. A *verdict* states whether a track is better or worse than
//! control. If a number cannot be computed, the result is a [`NoAnswer`], not NaN and not an invented `p`.
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
//!     "Better than control: 19.8% higher (95% interval +5.9% to +35.5%)",
//! );
//! assert!(readout.warnings.is_empty());
//! # Ok::<(), tower_tracks::stats::NoAnswer>(())
//! ```
//!
//! Comparing one track with control, without a set:
//!
//! ```
//! use tower_tracks::stats::{Mean, Test, compare_means};
//!
//! // As in a store: units, the sum of their values in millionths, the sum of squares.
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
//! * [`compare_rates`], [`compare_means`] and [`compare_ratios`] compare one track with control by a
//!   [`Test`]. [`compare_adjusted_means`] removes the variance that a covariate explains, and
//!   [`compare_latencies`] compares the 95th percentile of the durations of requests.
//! * [`Missing`] is the amount of data that two tracks lack for a comparison.
//! * A *look* is a time at which the results are read. [`boundaries`] returns the multipliers of a plan
//!   with several looks: how far z must be from 0 at each look. [`GroupSequential`] computes the
//!   probability of stopping at each look, and how many more units such a plan needs.
//! * [`non_inferiority`] and [`relevance`] compare the interval of a lift with a margin.
//! * [`interaction`] compares the effects of one set between the tracks of another set. [`heterogeneity`]
//!   compares the effects of a set between segments.
//! * [`ratio_p`] and [`pearson`] test whether the numbers of units match the weights of the tracks.
//! * [`chances`] is the probability that a track is best.
//! * [`holm`] and [`benjamini_hochberg`] adjust several p-values. [`selected`] corrects the size of a finding.
//! * [`PowerAnalysis`] returns the number of units that a test needs, or the effect that it can
//!   detect, and [`Cap`] limits the value of a unit.
//! * [`Normal`], [`StudentT`], [`ChiSquare`] and [`Beta`] are the underlying distributions.
//!
//! # Conventions
//!
//! * Control comes first, in arguments and in lists.
//! * Rates, shares, lifts and margins are numbers such as 0.1 for 10%; a difference of rates of 0.01 is
//!   one percentage point. Durations are in milliseconds.
//! * Alpha is two-sided: intervals at an alpha of 0.05 are 95% intervals.
//! * A comparison counts the units that were assigned, never their requests.
//! * A track is compared with control alone, not with other tracks.
//! * If less is better, numbers keep their sign. Only [`LiftBounds`] and verdicts reverse the direction.
//! * A p-value below the smallest double is 0.
//!
//! # Which test
//!
//! [`Test::always_valid`] is valid at every look, so you may read the results at any time. If you plan the
//! size of the test, you may read the results at the looks of a [`GroupSequential`] plan. This needs a few
//! percent more units than a single look, and about half of the units that [`PowerAnalysis::always_valid`]
//! returns. [`Test::fixed`] is for one look at a planned size. Use it, for example, to recompute a
//! published comparison.
//!
//! The guide [results](crate::guide::results) explains how to read results, and
//! [methods](crate::guide::methods) explains the reasons.

mod always_valid;
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
mod selection;
mod several;
mod test;

pub use crate::i256::I256;

#[cfg(feature = "serde")]
use self::no_answer::answer_json;

use self::latency::{SLOW, effective_slow};
#[cfg(feature = "dashboard")]
pub(crate) use self::readout::LEAST_UNITS;
#[cfg(feature = "report")]
pub(crate) use self::readout::{LARGEST_LIFT, MISMATCH};
pub use self::{
    cap::Cap,
    chance::{Chance, chances},
    compare::{
        Adjusted, Comparison, Interaction, Method, Spread, Unadjusted, Unused,
        compare_adjusted_means, compare_means, compare_rates, compare_ratios, interaction,
        pooled_z, wilson,
    },
    counts::{CovariateSums, Covaried, Mean, Rate, Ratio, RatioSums},
    distribution::{Beta, ChiSquare, Normal, StudentT},
    group_sequential::{GroupSequential, boundaries, spent},
    heterogeneity::{Heterogeneity, heterogeneity},
    interval::{Estimate, Interval},
    latency::{
        Latencies, QuantileComparison, QuantileEstimate, compare_latencies, latency_bin,
        latency_edge, percentile,
    },
    margin::{LiftBounds, NonInferiority, Relevance, non_inferiority, relevance},
    no_answer::NoAnswer,
    power::{PowerAnalysis, Size},
    readout::{
        Counted, Effect, Finding, GoalCounts, GoalReadout, Look, LookRead, Margin, Missing, Role,
        SampleRatio, Scale, SetCounts, SetReadout, SoFar, TrackCounts, TrackReadout, Verdict,
        Wanted, Warning, read,
    },
    sample_ratio::{CONCENTRATION, Headcount, Pearson, pearson, ratio_evidence, ratio_p, stray},
    selection::selected,
    several::{benjamini_hochberg, bonferroni, holm},
    test::Test,
};
