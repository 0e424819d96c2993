//! What holds for every definition and every key.

mod coin;
mod edits;
mod parts;
mod plan;
mod reference;
mod salts;
mod text;
mod total;

use proptest::test_runner::{Config, RngSeed};

/// Every run tests the same cases, so that a failure is one of the change at hand.
pub(crate) fn config(cases: u32) -> Config {
    Config {
        cases,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    }
}
