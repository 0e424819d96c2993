//! Numbers as inline SVG, each with the same in words.

mod bars;
mod lift;
mod marks;
mod scale;
mod spark;
mod strips;

pub(super) use self::{
    bars::{Bar, Bars},
    lift::Lifts,
    spark::Spark,
    strips::{Strip, Strips},
};
