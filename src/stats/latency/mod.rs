//! The 95th percentile of durations of requests, compared by the unit that was assigned.

mod bins;
mod compare;
mod histogram;
mod pooled;

pub use self::{
    bins::{latency_bin, latency_edge},
    compare::{QuantileComparison, QuantileEstimate, compare_latencies},
    histogram::Latencies,
};
