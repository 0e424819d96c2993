use std::{collections::BTreeMap, sync::Arc};

use crate::store::timestamp::Timestamp;

use super::cell::GoalCells;

/// The units that were exposed in a phase, and what they converted.
///
/// A unit's conversions count from its first exposure on, less the skew, until its window ends or
/// the time of the question comes. A unit that was exposed to more than one track is *crossed*: it
/// is counted with its first track, apart from the others. In a set by visitor, a conversion of a
/// user counts for one visitor: that of the latest alias that is not after it; of several at one
/// time the one whose unit is least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attribution {
    /// The definitions of the phase, the earliest first, then by fingerprint. Those under which no
    /// unit was exposed are listed too.
    pub definitions: Vec<ServedDefinition>,
    /// The earliest and the latest first exposure of a unit; `None` where there is none.
    pub exposed: Option<(Timestamp, Timestamp)>,
    /// How many units each cohort has.
    pub units: BTreeMap<Cohort, u64>,
    /// The sums of each goal, in the order of the question.
    pub goals: Vec<AttributedGoal>,
}

/// Units that are alike: first exposed to one track on one day, under one definition, on one side
/// of the coin.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cohort {
    /// The name of the track that the units were first exposed to.
    pub track: Arc<str>,
    /// The side of the coin; `None` in schemes that have none.
    pub coin: Option<bool>,
    /// The day of the first exposure, counted from 1970-01-01, by the calendar of the question.
    pub day: i32,
    /// The index in [`Attribution::definitions`] of the definition under which the units were first
    /// exposed; `None` where the phase has no definition.
    pub definition: Option<u32>,
    /// The day on which the units were first exposed to another track; `None` for units that
    /// were exposed to one track alone.
    pub crossed_on: Option<i32>,
}

/// A definition, and when units were first exposed under it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServedDefinition {
    /// The fingerprint.
    pub fingerprint: [u8; 32],
    /// The earliest and the latest of these first exposures; `None` where there are none.
    pub served: Option<(Timestamp, Timestamp)>,
}

impl ServedDefinition {
    /// Returns a definition with the earliest and the latest first exposure under it.
    pub fn new(fingerprint: [u8; 32], served: Option<(Timestamp, Timestamp)>) -> Self {
        Self {
            fingerprint,
            served,
        }
    }
}

/// What units converted of one goal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributedGoal {
    /// The sums of each cohort.
    pub cells: BTreeMap<Cohort, GoalCells>,
    /// How many conversions of exposed units happened at the first exposure, less the skew, or
    /// later, whether they count or not.
    pub matched: u64,
    /// How many conversions happened less than a minute before the first exposure of their unit,
    /// and too early for the skew, so that they do not count.
    pub shortly_before: u64,
}

impl Attribution {
    /// Returns how many units were exposed to more than one track.
    pub fn crossed(&self) -> u64 {
        let crossed = self.units.iter().filter(|(cohort, _)| cohort.is_crossed());
        crossed.fold(0, |sum, (_, units)| sum.saturating_add(*units))
    }
}

impl Cohort {
    /// Returns whether its units were exposed to more than one track.
    pub fn is_crossed(&self) -> bool {
        self.crossed_on.is_some()
    }
}
