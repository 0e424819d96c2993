//! From facts to a report, without I/O.

mod beyond;
mod busiest;
mod cells;
mod decision;
mod detectable;
mod goals;
mod health;
mod judged;
mod lineup;
mod midnights;
mod notices;
mod pace;
mod periods;
mod phase;
mod reading;
mod recorded;
mod requests;
mod sentences;
mod series;
mod served;
mod unmatched;

use self::{
    goals::Measured,
    lineup::Lineup,
    midnights::{Looked, Midnight},
    pace::Pace,
    reading::Reading,
    served::AllServed,
};

/// The probability with which a set without an effect may be called one with.
const ALPHA: f64 = 0.05;

/// Millionths in one.
const MICROS: f64 = 1e6;
