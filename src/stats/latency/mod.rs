//! Percentiles of durations of requests, the 95th of them compared by the unit that was assigned.
//!
//! Quantiles of several programs cannot be added up, histograms can. Requests of one unit are alike, so
//! the histograms are by groups of units.

mod compare;
mod compared;
mod comparison;
mod histogram;
mod pooled;

pub(super) use self::compare::{SLOW, effective_slow};
pub use self::{
    compare::{compare_latencies, percentile},
    comparison::{QuantileComparison, QuantileEstimate},
    histogram::{Latencies, latency_bin, latency_edge},
};
