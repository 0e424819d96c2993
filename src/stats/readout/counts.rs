use crate::stats::{
    Comparison, Headcount, Mean, NoAnswer, Rate, Ratio, Test, compare_means, compare_rates,
    compare_ratios,
};

/// What was counted of one phase of a set, in which weights did not change.
///
/// Units that were in more than one track are left out everywhere but in `crossed`.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SetCounts {
    /// The tracks, control first.
    pub tracks: Vec<Headcount>,
    /// The units that were in more than one track.
    pub crossed: u64,
    /// The units in tracks that the set does not have, besides those in tracks of weight 0.
    pub stray: u64,
    /// The days since the first exposure.
    pub days: f64,
    /// Whether weights or eligibility changed meanwhile.
    pub changed: bool,
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
    /// The tracks, in the order of the set's.
    pub cells: Vec<Cell>,
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
    /// The units whose window has not closed yet.
    pub unfinished: u64,
    /// The largest total of a unit, in the unit of the mean, if it was recorded.
    pub largest: Option<f64>,
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

impl From<Counted> for Cell {
    fn from(counted: Counted) -> Self {
        Self {
            counted,
            halves: None,
            converters: None,
            unfinished: 0,
            largest: None,
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
