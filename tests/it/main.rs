//! The tests over the public API, in one binary.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[cfg(all(feature = "axum", feature = "derive"))]
mod allocations;
mod battery;
#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "dashboard")]
mod dashboard;
mod definitions;
#[cfg(all(feature = "axum", feature = "record"))]
mod durations;
#[cfg(feature = "dashboard")]
mod errors;
mod examples;
#[cfg(all(feature = "axum", feature = "derive"))]
mod extract;
#[cfg(all(
    feature = "axum",
    feature = "import",
    feature = "overrides",
    feature = "python",
    feature = "serde",
    feature = "stats"
))]
mod fuzz;
mod guides;
#[cfg(feature = "import")]
mod import;
#[cfg(all(feature = "axum", feature = "cli", feature = "test-util"))]
mod key_rule;
#[cfg(feature = "tracing")]
mod log;
mod manifest;
#[cfg(feature = "axum")]
mod middleware;
#[cfg(all(feature = "axum", feature = "python"))]
mod movement;
#[cfg(all(feature = "axum", feature = "decode"))]
mod nginx;
#[cfg(all(feature = "mask", feature = "overrides", feature = "units"))]
mod overrides;
#[cfg(feature = "serde")]
mod plan;
mod properties;
#[cfg(all(
    feature = "axum",
    feature = "import",
    feature = "metrics",
    feature = "tracing"
))]
mod proxies;
#[cfg(feature = "python")]
mod python_port;
#[cfg(feature = "serde")]
mod recompute;
#[cfg(feature = "record")]
mod record;
#[cfg(all(feature = "axum", feature = "record"))]
mod recorder;
#[cfg(all(feature = "axum", feature = "report", feature = "test-util"))]
mod report;
#[cfg(all(
    feature = "axum",
    feature = "import",
    feature = "mask",
    feature = "overrides",
    feature = "test-util"
))]
mod secrecy;
#[cfg(all(feature = "metrics", feature = "tracing"))]
mod sinks;
#[cfg(feature = "stats")]
mod stats;
#[cfg(feature = "axum")]
mod support;
#[cfg(all(feature = "axum", feature = "derive", feature = "test-util"))]
mod testing;
mod ui;
mod vectors;
#[cfg(feature = "postgres")]
mod wire;
