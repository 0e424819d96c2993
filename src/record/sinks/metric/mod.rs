//! Counters of what is recorded.

mod batch;
mod few;
mod sink;

pub use self::sink::Metrics;
