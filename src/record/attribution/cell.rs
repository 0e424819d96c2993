use crate::record::{StoreError, StoreErrorKind};

/// Sums over the units of a cohort, for one goal, apart by whether their windows are over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GoalCells {
    /// The units whose window is over: nothing can be added to their totals.
    pub closed: Cell,
    /// The units that still have time to convert.
    pub open: Cell,
}

/// Sums over units, for one goal. They are integers, so that cells can be added in any order.
///
/// `y` is a unit's total after the cap, `d` its denominator, where the goal is a ratio.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many units.
    pub units: u64,
    /// How many of them reached the goal: they have a conversion whose value is not negative.
    pub converters: u64,
    /// Σy: conversions, or millionths.
    pub sum: i128,
    /// Σy².
    pub sum_sq: i128,
    /// Σ|y|.
    pub sum_abs: i128,
    /// The largest |y|.
    pub largest: i128,
    /// How many units the cap cut.
    pub capped: u64,
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
    pub(super) is_closed: bool,
    pub(super) denominator: i128,
}

impl GoalCells {
    /// Returns the sums of both together.
    ///
    /// # Errors
    ///
    /// When a sum is beyond 128 bits.
    pub fn all(&self) -> Result<Cell, StoreError> {
        let mut all = self.closed;
        all.add(&self.open)?;
        Ok(all)
    }

    /// Adds other cells, as for the sum over days.
    ///
    /// # Errors
    ///
    /// When a sum is beyond 128 bits.
    pub fn add(&mut self, other: &Self) -> Result<(), StoreError> {
        self.closed.add(&other.closed)?;
        self.open.add(&other.open)
    }

    pub(super) fn add_unit(&mut self, unit: UnitTotal) -> Result<(), StoreError> {
        let cell = match unit.is_closed {
            true => &mut self.closed,
            false => &mut self.open,
        };
        cell.add(&unit.cell()?)
    }
}

impl Cell {
    /// Adds another cell, as for the sum over days.
    ///
    /// # Errors
    ///
    /// When a sum is beyond 128 bits.
    pub fn add(&mut self, other: &Self) -> Result<(), StoreError> {
        *self = self.sum_with(other).ok_or_else(overflow)?;
        Ok(())
    }

    /// Returns the sums over so many units that are alike, of which this is one.
    pub(super) fn times(&self, units: u64) -> Result<Self, StoreError> {
        let times = |sum: i128| sum.checked_mul(units.into()).ok_or_else(overflow);
        Ok(Self {
            units,
            converters: self.converters * units,
            sum: times(self.sum)?,
            sum_sq: times(self.sum_sq)?,
            sum_abs: times(self.sum_abs)?,
            largest: self.largest,
            capped: self.capped * units,
            denominator: times(self.denominator)?,
            denominator_sq: times(self.denominator_sq)?,
            cross: times(self.cross)?,
        })
    }

    fn sum_with(&self, other: &Self) -> Option<Self> {
        Some(Self {
            units: self.units + other.units,
            converters: self.converters + other.converters,
            sum: self.sum.checked_add(other.sum)?,
            sum_sq: self.sum_sq.checked_add(other.sum_sq)?,
            sum_abs: self.sum_abs.checked_add(other.sum_abs)?,
            largest: self.largest.max(other.largest),
            capped: self.capped + other.capped,
            denominator: self.denominator.checked_add(other.denominator)?,
            denominator_sq: self.denominator_sq.checked_add(other.denominator_sq)?,
            cross: self.cross.checked_add(other.cross)?,
        })
    }
}

impl UnitTotal {
    /// Returns the same with at most a cap.
    pub(super) fn capped(self, cap: Option<i64>) -> Self {
        let cap = cap.map_or(self.total, i128::from);
        Self {
            total: self.total.min(cap),
            capped: self.total > cap,
            ..self
        }
    }

    /// Returns the sums of a unit alone.
    pub(super) fn cell(self) -> Result<Cell, StoreError> {
        self.sums().ok_or_else(overflow)
    }

    fn sums(self) -> Option<Cell> {
        Some(Cell {
            units: 1,
            converters: self.converted.into(),
            sum: self.total,
            sum_sq: self.total.checked_mul(self.total)?,
            sum_abs: self.total.checked_abs()?,
            largest: self.total.checked_abs()?,
            capped: self.capped.into(),
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
