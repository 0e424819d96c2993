//! What a set's counts say, goal by goal.
//!
//! The way of a readout: `read` compares each goal (`gate`, `replay`), `judge` gives verdicts by the
//! adjusted p-values, `standing` and `crossed` overrule them, and `warnings` come last.

mod coin;
mod counts;
mod crossed;
mod effect;
mod gate;
mod goal;
mod judge;
mod read;
mod replay;
mod standing;
mod verdict;
mod warning;
mod warnings;

#[cfg(feature = "dashboard")]
pub(crate) use self::gate::LEAST_UNITS;
pub use self::{
    counts::{Counted, GoalCounts, Look, Role, SetCounts, TrackCounts, Wanted},
    effect::{Effect, Scale},
    gate::Missing,
    goal::{GoalReadout, LookRead, SoFar, TrackReadout},
    read::{SampleRatio, SetReadout, read},
    verdict::{Finding, Margin, Verdict},
    warning::Warning,
};
#[cfg(feature = "report")]
pub(crate) use self::{effect::LARGEST_LIFT, standing::MISMATCH};
