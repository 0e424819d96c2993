//! Comparisons of one track with control on one goal.

mod comparison;
mod difference;
mod fieller;
mod means;
mod rates;
mod ratio;
mod restricted;
mod wilson;

pub use self::{
    comparison::{Comparison, Method},
    means::{compare_means, compare_ratios},
    rates::{compare_rates, pooled_z},
    wilson::wilson,
};
