//! A second reading of rates: the probability that a track is best.

mod chances;
mod panel;
mod panels;

pub use self::chances::{Chance, chances};
