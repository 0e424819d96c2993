use std::sync::Arc;

use crate::record::{StoreError, StoreErrorKind};

/// What a sum is over: the units of one track, of one side of the coin, that were first exposed on
/// one day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellKey {
    /// The name of the track.
    pub track: Arc<str>,
    /// The side of the coin; `None` in schemes that have none.
    pub coin: Option<bool>,
    /// The day of UTC, counted from 1970-01-01.
    pub day: i32,
}

/// Sums over the units of a cell, for one goal. They are integers, so that cells can be added in
/// any order.
///
/// `y` is a unit's total after the cap, `d` its denominator, where the goal is a ratio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many units.
    pub units: u64,
    /// How many of them reached the goal.
    pub converters: u64,
    /// Σy: conversions, or millionths.
    pub sum: i128,
    /// Σy².
    pub sum_sq: i128,
    /// The largest y.
    pub largest: i128,
    /// How many units the cap cut.
    pub capped: u64,
    /// How many units have a window that is not over yet.
    pub unfinished: u64,
    /// Σd.
    pub denominator: i128,
    /// Σd².
    pub denominator_sq: i128,
    /// Σyd.
    pub cross: i128,
}

/// What one unit adds to a cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UnitTotal {
    pub(super) converted: bool,
    pub(super) total: i128,
    pub(super) capped: bool,
    pub(super) unfinished: bool,
    pub(super) denominator: i128,
}

impl Cell {
    /// Adds another cell, as for the sum over days.
    ///
    /// # Errors
    ///
    /// When a sum is beyond 128 bits.
    pub fn add(&mut self, other: &Self) -> Result<(), StoreError> {
        self.checked_add(other).ok_or_else(overflow)
    }

    /// Adds a unit.
    pub(super) fn add_unit(&mut self, unit: UnitTotal) -> Result<(), StoreError> {
        let cell = unit.cell().ok_or_else(overflow)?;
        self.add(&cell)
    }

    fn checked_add(&mut self, other: &Self) -> Option<()> {
        self.largest = match self.units {
            0 => other.largest,
            _ if other.units == 0 => self.largest,
            _ => self.largest.max(other.largest),
        };
        self.units += other.units;
        self.converters += other.converters;
        self.capped += other.capped;
        self.unfinished += other.unfinished;
        self.sum = self.sum.checked_add(other.sum)?;
        self.sum_sq = self.sum_sq.checked_add(other.sum_sq)?;
        self.denominator = self.denominator.checked_add(other.denominator)?;
        self.denominator_sq = self.denominator_sq.checked_add(other.denominator_sq)?;
        self.cross = self.cross.checked_add(other.cross)?;
        Some(())
    }
}

impl UnitTotal {
    fn cell(self) -> Option<Cell> {
        Some(Cell {
            units: 1,
            converters: self.converted.into(),
            sum: self.total,
            sum_sq: self.total.checked_mul(self.total)?,
            largest: self.total,
            capped: self.capped.into(),
            unfinished: self.unfinished.into(),
            denominator: self.denominator,
            denominator_sq: self.denominator.checked_mul(self.denominator)?,
            cross: self.total.checked_mul(self.denominator)?,
        })
    }
}

pub(super) fn overflow() -> StoreError {
    let message = "the values of a goal are too large to be summed; give the goal a cap";
    StoreError::new(StoreErrorKind::Refused, message)
}
