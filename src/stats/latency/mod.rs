//! The 95th percentile of durations of requests, compared by the unit that was assigned.

mod bins;
mod compare;
mod comparison;
mod histogram;
mod pooled;

pub use self::{
    bins::{latency_bin, latency_edge},
    compare::compare_latencies,
    comparison::{QuantileComparison, QuantileEstimate},
    histogram::Latencies,
};
