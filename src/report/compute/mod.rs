//! From facts to a report, without I/O.

mod cells;
mod detectable;
mod goals;
mod health;
mod judged;
mod lineup;
mod notices;
mod pace;
mod phase;
mod requests;
mod series;

use self::{cells::Track, goals::Measured, lineup::Lineup, pace::Pace};

/// The probability with which a set without an effect may be called one with.
const ALPHA: f64 = 0.05;

/// Millionths in one.
const MICROS: f64 = 1e6;
