//! A second reading of rates: the probability that a track is best.

mod chances;
mod panel;

pub use self::chances::{Chance, chances};
