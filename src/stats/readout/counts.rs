use crate::stats::{
    Comparison, Headcount, Mean, NoAnswer, Rate, Ratio, Test, compare_means, compare_rates,
    compare_ratios,
};

use super::Look;

/// What was counted of one phase of a set.
///
/// Units that were exposed to more than one track are left out everywhere but in `crossed`.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SetCounts {
    /// The tracks with their current weights, control first.
    pub tracks: Vec<Headcount>,
    /// The units of each definition that was in force, with the weights of that definition. Empty
    /// where one definition was in force: then `tracks` are those of it.
    pub periods: Vec<Vec<Headcount>>,
    /// The units that were exposed to more than one track, by their first track.
    pub crossed: Vec<u64>,
    /// The units in tracks that never had a weight.
    pub stray: u64,
    /// Whether definitions whose weights differ each served more than 1% of the units.
    pub weights_changed: bool,
    /// The days from the first exposure on.
    pub days: f64,
    /// How many of the seven days of the week had exposures.
    pub weekdays: u8,
    /// The goals.
    pub goals: Vec<GoalCounts>,
}

/// What was counted of one goal.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GoalCounts {
    /// What the goal is for.
    pub role: Role,
    /// Which way is better.
    pub wanted: Wanted,
    /// The units whose windows are over, by track, in the order of the set's. Verdicts are of them.
    pub cells: Vec<Cell>,
    /// All units so far, where some still have time to convert; else empty.
    pub so_far: Vec<Cell>,
    /// The same as `cells`, with the crossed units counted to their first track; empty where no
    /// unit is crossed.
    pub with_crossed: Vec<Cell>,
    /// The looks of a plan so far; `None` where the goal is read at every look.
    pub plan: Option<Vec<Look>>,
}

/// What a goal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Role {
    /// The one that decides, named before the start. Alpha is shared among its comparisons (Holm).
    Primary,
    /// One that is looked at, too: exploratory, with the share of false findings held down
    /// (Benjamini & Hochberg).
    Secondary,
    /// One that must not get worse. Each is tested at the whole of alpha, since to miss harm is
    /// the worse error.
    Guardrail,
}

/// Which way a goal is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Wanted {
    /// More is better, as of sales.
    More,
    /// Less is better, as of errors.
    Less,
}

/// What was counted of one goal in one track.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cell {
    /// All of the track.
    pub counted: Counted,
    /// The same by the coin: the two halves that nothing distinguishes, if it was recorded.
    pub halves: Option<[Counted; 2]>,
    /// The units with a value other than 0, where that is known; of a rate it is not needed.
    pub converters: Option<u64>,
    /// The share of the absolute sum that one unit holds, positive or negative, if it was recorded.
    pub largest_share: Option<f64>,
}

/// One of the kinds of goals.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Counted {
    /// How many units did something.
    Rate(Rate),
    /// How much a unit did.
    Mean(Mean),
    /// How much of one thing there was for each of another.
    Ratio(Ratio),
}

impl GoalCounts {
    /// Makes the counts of a goal that is read at every look, of units whose windows are all over.
    pub fn new(role: Role, wanted: Wanted, cells: impl Into<Vec<Cell>>) -> Self {
        Self {
            role,
            wanted,
            cells: cells.into(),
            so_far: Vec::new(),
            with_crossed: Vec::new(),
            plan: None,
        }
    }
}

impl From<Counted> for Cell {
    fn from(counted: Counted) -> Self {
        Self {
            counted,
            halves: None,
            converters: None,
            largest_share: None,
        }
    }
}

impl Cell {
    /// Returns the units that reached the goal; where that is not known, all.
    pub fn converters(&self) -> u64 {
        match (&self.counted, self.converters) {
            (Counted::Rate(rate), _) => rate.converters,
            (counted, converters) => converters.unwrap_or_else(|| counted.units()),
        }
    }
}

impl Counted {
    /// Returns the units counted.
    pub fn units(&self) -> u64 {
        match self {
            Self::Rate(rate) => rate.units,
            Self::Mean(mean) => mean.units,
            Self::Ratio(ratio) => ratio.units,
        }
    }

    /// Compares it with that of control.
    ///
    /// # Errors
    ///
    /// Unless both are of one kind, and where its comparison has no answer.
    pub fn compare(&self, control: &Self, test: &Test) -> Result<Comparison, NoAnswer> {
        match (control, self) {
            (Self::Rate(control), Self::Rate(track)) => compare_rates(control, track, test),
            (Self::Mean(control), Self::Mean(track)) => compare_means(control, track, test),
            (Self::Ratio(control), Self::Ratio(track)) => compare_ratios(control, track, test),
            _ => Err(NoAnswer::Mixed),
        }
    }
}
