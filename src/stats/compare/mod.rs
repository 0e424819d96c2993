//! Comparisons of one track with control on one goal.

mod comparison;
mod difference;
mod errors;
mod fieller;
mod means;
mod pair;
mod rates;
mod ratio;
mod ratios;
mod restricted;
mod wilson;

pub use self::{
    comparison::{Comparison, Method, Spread},
    means::compare_means,
    rates::{compare_rates, pooled_z},
    ratios::compare_ratios,
    wilson::wilson,
};
