//! Comparisons of one track with control on one goal.
//!
//! All of them yield one z, and all intervals are those that a test with one multiplier does not
//! exclude. Rates have score intervals; means and ratios share `Pair`.

mod adjusted;
mod comparison;
mod difference;
mod errors;
mod fieller;
mod interaction;
mod means;
mod pair;
mod rates;
mod ratio;
mod ratios;
mod wilson;

pub use self::{
    adjusted::{Adjusted, Unused, compare_adjusted_means},
    comparison::{Comparison, Method, Spread, Unadjusted},
    interaction::{Interaction, interaction},
    means::compare_means,
    rates::{compare_rates, pooled_z},
    ratios::compare_ratios,
    wilson::wilson,
};
