//! Counters of what is recorded.

mod batch;
mod sink;

pub use self::sink::Metrics;
