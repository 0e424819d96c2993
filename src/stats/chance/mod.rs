//! A second reading of rates, for those who ask how probable it is that a track is best.

mod chances;
mod panel;
mod panels;

pub use self::chances::{Chance, chances};
