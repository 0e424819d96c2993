//! The 95th percentile of durations of requests, compared by the unit that was assigned.
//!
//! Quantiles of several programs cannot be added up, histograms can. Requests of one unit are alike, so
//! the histograms are by groups of units.

mod compare;
mod comparison;
mod histogram;
mod pooled;

pub use self::{
    compare::compare_latencies,
    comparison::{QuantileComparison, QuantileEstimate},
    histogram::{Latencies, latency_bin, latency_edge},
};
