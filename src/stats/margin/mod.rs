//! Intervals of a lift, read against a margin.

mod lift_bounds;
mod non_inferiority;
mod relevance;

pub use self::{
    lift_bounds::LiftBounds,
    non_inferiority::{NonInferiority, non_inferiority},
    relevance::{Relevance, relevance},
};
