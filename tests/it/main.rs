//! The tests over the public API, in one binary.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod definitions;
#[cfg(feature = "python")]
mod python_port;
mod vectors;
