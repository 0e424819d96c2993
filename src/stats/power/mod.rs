//! Before the start: how many units a test needs, and what it can find.
//!
//! Each size has its opposite: the detectable difference for a size is that for which the size is
//! computed. Tests hold both against each other.

mod design;
mod means;
mod rates;
mod settings;
mod size;

pub use self::{settings::PowerAnalysis, size::Size};
