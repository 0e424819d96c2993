//! Before the start: how many units a test needs, and what it can find.

mod design;
mod means;
mod rates;
mod settings;
mod size;

pub use self::{settings::PowerAnalysis, size::Size};
