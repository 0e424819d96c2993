//! The tests over the public API, in one binary.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod definitions;
mod examples;
#[cfg(all(feature = "axum", feature = "derive"))]
mod extract;
mod manifest;
#[cfg(feature = "axum")]
mod middleware;
#[cfg(feature = "python")]
mod python_port;
#[cfg(feature = "axum")]
mod support;
mod ui;
mod vectors;
