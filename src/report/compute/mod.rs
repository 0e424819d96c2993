//! From facts to a report, without I/O.
//!
//! The order is: the definitions that served ([`AllServed`]), the tracks with their units
//! ([`Lineup`]), how the plan is to be read ([`Reading`]), the counts of the goals ([`Measured`]),
//! what the statistics read from them, and finally notices and sentences. Everything depends on the
//! facts alone, so that every computation gives the same report.

mod ages;
mod busiest;
mod cells;
mod detectable;
mod goals;
mod health;
pub(super) mod interactions;
mod judged;
mod latencies;
mod lineup;
mod midnights;
mod notices;
mod pace;
mod parts;
mod periods;
mod phase;
mod quiet;
mod reading;
mod recorded;
mod requests;
mod segments;
mod sentences;
mod series;
mod served;

pub(super) use self::cells::parts;
use self::{
    goals::Measured,
    lineup::Lineup,
    midnights::{Looked, Midnight},
    pace::Pace,
    phase::Draft,
    reading::Reading,
    served::AllServed,
};

/// The probability of a false positive, over all comparisons of a primary goal.
const ALPHA: f64 = 0.05;

/// The number of millionths in one: stores have values in millionths.
const MICROS: f64 = 1e6;
