//! What was counted, as the least numbers that say all: sufficient statistics.
//!
//! Sums of integers are exact to the end. Sums of doubles are as exact as they were made: squares
//! cancel where values are large beside their spread.

mod covaried;
mod mean;
mod precise;
mod rate;
mod ratio;
mod sums;
mod wide;

use crate::i256::I256;

/// The most units that are computed with: above, a double is not every count.
pub(super) const MOST_UNITS: u64 = 1 << 53;

pub use self::{
    covaried::{CovariateSums, Covaried},
    mean::Mean,
    rate::Rate,
    ratio::Ratio,
    sums::RatioSums,
};
