//! What a set's counts say, goal by goal.

mod adjust;
mod coin;
mod counts;
mod effect;
mod gate;
mod goal;
mod percent;
mod read;
mod standing;
mod verdict;
mod warning;
mod warnings;

pub use self::{
    counts::{Cell, Counted, GoalCounts, Role, SetCounts, Wanted},
    effect::{Effect, Scale},
    gate::Missing,
    goal::{GoalReadout, TrackReadout},
    read::{Readout, SampleRatio, read},
    verdict::{Finding, Verdict},
    warning::Warning,
};
