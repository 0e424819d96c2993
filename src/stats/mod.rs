//! Statistics.

mod always_valid;
#[cfg(feature = "serde")]
mod answer;
mod cap;
mod chance;
mod compare;
mod counts;
mod distribution;
mod interval;
mod mode;
mod no_answer;
mod plan;
mod readout;
mod root;
mod sample_ratio;
mod several;
mod test;

pub use self::{
    cap::Cap,
    chance::{Chance, chances},
    compare::{Comparison, Method, compare_means, compare_rates, compare_ratios, pooled_z, wilson},
    counts::{Mean, Rate, Ratio, RatioSums},
    distribution::{Beta, ChiSquare, Normal, StudentT},
    interval::{Estimate, Interval},
    mode::Mode,
    no_answer::NoAnswer,
    plan::{Plan, Size},
    readout::{
        Cell, Counted, Effect, Finding, GoalCounts, GoalReadout, Missing, Readout, Role,
        SampleRatio, Scale, SetCounts, TrackReadout, Verdict, Wanted, Warning, read,
    },
    sample_ratio::{CONCENTRATION, Headcount, Pearson, pearson, ratio_evidence, ratio_p, stray},
    several::{benjamini_hochberg, bonferroni, holm},
    test::Test,
};
