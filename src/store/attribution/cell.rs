//! Sums from which a report computes means and variances. They are integers, so the result does not
//! depend on the order in which units are added, and all stores return the same numbers.

use crate::{
    i256::I256,
    store::error::{StoreError, StoreErrorKind},
};

/// The most that a total or a second value of one unit counts, up and down: what 64 bits hold.
///
/// So no values overflow a cell: sums of as many units as there can be fit 128 bits, and those of
/// squares and products 256.
const MOST: i128 = i64::MAX as i128;

/// The second value of a unit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Second {
    /// The denominator of a ratio.
    Denominator(i128),
    /// The total before the exposure; 0 if the question does not ask for it.
    Before(i128),
}

impl Second {
    /// Returns whether it adds nothing to the sums.
    pub(super) fn is_nothing(&self) -> bool {
        let (Self::Denominator(value) | Self::Before(value)) = self;
        *value == 0
    }
}

/// Sums over the units of a cohort, for one goal, separately for closed and open windows.
///
/// A report of complete windows uses `closed`; a report of all units uses [`all`](Self::all).
///
/// ```
/// use tower_tracks::store::GoalCells;
///
/// let mut cells = GoalCells::default();
/// (cells.closed.units, cells.closed.converters) = (200, 30);
/// (cells.open.units, cells.open.converters) = (50, 2);
/// // The rate of units that had all of their time.
/// let rate = cells.closed.converters as f64 / cells.closed.units as f64;
/// assert_eq!(rate, 0.15);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GoalCells {
    /// The units whose window has ended: their totals do not change any more.
    pub closed: Cell,
    /// The units that still have time to convert.
    pub open: Cell,
}

/// Sums over units, for one goal. They are integers, so that cells can be added in any order.
///
/// `y` is the total of a unit after the cap. `d` is its second value: the denominator of a ratio, or the same
/// total before the exposure, after the same cap, if the question has a
/// [`lookback`](crate::store::AskedGoal::lookback). Each of them is limited to ±`i64::MAX`, even without a cap.
///
/// The mean is `sum / units`. The variance is computed from `sum_sq`; that of a ratio, or of what is left after
/// an adjustment, also needs `second_sq` and `cross`.
///
/// ```
/// use tower_tracks::store::{Cell, I256};
///
/// // Two units, with totals of 3 and 5.
/// let mut cell = Cell::default();
/// (cell.units, cell.converters) = (2, 2);
/// (cell.sum, cell.sum_abs, cell.largest) = (8, 8, 5);
/// cell.sum_sq = I256::from(9 + 25_i128);
/// let mean = cell.sum as f64 / cell.units as f64;
/// let variance = cell.sum_sq.to_f64() / 2.0 - mean * mean;
/// assert_eq!((mean, variance), (4.0, 1.0));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cell {
    /// The number of units.
    pub units: u64,
    /// The number of units that reached the goal: those with a conversion whose value is not
    /// negative.
    pub converters: u64,
    /// Σy: the number of conversions, or their value in millionths. For a rate, the number of
    /// converters.
    pub sum: i128,
    /// Σy².
    pub sum_sq: I256,
    /// Σ|y|, which differs from Σy only if there are negative values.
    pub sum_abs: i128,
    /// The largest |y|. Together with Σ|y|, it shows whether one unit dominates the sum.
    pub largest: i128,
    /// The number of units whose total was reduced, by the cap of the goal or to 64 bits.
    pub capped: u64,
    /// Σd. It is 0 if the goal is not a ratio and has no lookback.
    pub second: i128,
    /// Σd².
    pub second_sq: I256,
    /// Σyd.
    pub cross: I256,
    /// The number of units whose `d` is not 0.
    pub with_second: u64,
}

impl GoalCells {
    /// Returns the sums over closed and open windows together.
    ///
    /// ```
    /// use tower_tracks::store::GoalCells;
    ///
    /// let mut cells = GoalCells::default();
    /// (cells.closed.units, cells.closed.converters) = (90, 9);
    /// (cells.open.units, cells.open.converters) = (10, 2);
    /// let all = cells.all()?;
    /// assert_eq!((all.units, all.converters), (100, 11));
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a sum overflows. The sums of a store's own units never do.
    pub fn all(&self) -> Result<Cell, StoreError> {
        let mut all = self.closed;
        all.add(&self.open)?;
        Ok(all)
    }

    /// Adds other cells, for instance to sum over days.
    ///
    /// ```
    /// use tower_tracks::store::GoalCells;
    ///
    /// let (mut day, mut all) = (GoalCells::default(), GoalCells::default());
    /// day.open.units = 10;
    /// all.add(&day)?;
    /// all.add(&day)?;
    /// assert_eq!(all.open.units, 20);
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a sum overflows. The sums of a store's own units never do.
    pub fn add(&mut self, other: &Self) -> Result<(), StoreError> {
        self.closed.add(&other.closed)?;
        self.open.add(&other.open)
    }

    /// Adds one unit, whose window may be over.
    pub(super) fn add_unit(&mut self, is_closed: bool, unit: &Cell) -> Result<(), StoreError> {
        let cell = if is_closed {
            &mut self.closed
        } else {
            &mut self.open
        };
        cell.add(unit)
    }
}

impl Cell {
    /// Returns the sums of one unit. Its total counts at most a cap, up and down, and no number of it more
    /// than 64 bits.
    pub(super) fn of_unit(converted: bool, total: i128, second: Second, cap: Option<i64>) -> Self {
        // With 64 bits a square has 127, and 256 bits hold the sum over all units that there can
        // be.
        let cap = cap.map_or(MOST, |cap| MOST.min(cap.unsigned_abs().into()));
        let sum = total.clamp(-cap, cap);
        let (by, is_cut) = match second {
            // A cap is one of the goal, so that of a ratio it leaves the denominator as it is.
            Second::Denominator(d) => (d.clamp(-MOST, MOST), !(-MOST..=MOST).contains(&d)),
            // Capped as the total is, but not counted: the number of capped units is about totals.
            Second::Before(d) => (d.clamp(-cap, cap), false),
        };
        Self {
            units: 1,
            converters: converted.into(),
            sum,
            sum_sq: I256::product(sum, sum),
            sum_abs: sum.abs(),
            largest: sum.abs(),
            capped: (sum != total || is_cut).into(),
            second: by,
            second_sq: I256::product(by, by),
            cross: I256::product(sum, by),
            with_second: (by != 0).into(),
        }
    }

    /// Adds another cell, for instance to sum over days.
    ///
    /// `largest` becomes the larger of the two; every other field becomes the sum.
    ///
    /// ```
    /// use tower_tracks::store::Cell;
    ///
    /// let (mut all, mut day) = (Cell::default(), Cell::default());
    /// (all.units, all.sum, all.largest) = (10, 40, 9);
    /// (day.units, day.sum, day.largest) = (5, 10, 4);
    /// all.add(&day)?;
    /// assert_eq!((all.units, all.sum, all.largest), (15, 50, 9));
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a sum overflows. The sums of a store's own units never do.
    pub fn add(&mut self, other: &Self) -> Result<(), StoreError> {
        *self = self.sum_with(other).ok_or_else(overflow)?;
        Ok(())
    }

    /// Returns the sums of two cells; `None` if one of them overflows.
    fn sum_with(&self, other: &Self) -> Option<Self> {
        Some(Self {
            units: self.units.checked_add(other.units)?,
            converters: self.converters.checked_add(other.converters)?,
            sum: self.sum.checked_add(other.sum)?,
            sum_sq: self.sum_sq.checked_add(other.sum_sq)?,
            sum_abs: self.sum_abs.checked_add(other.sum_abs)?,
            largest: self.largest.max(other.largest),
            capped: self.capped.checked_add(other.capped)?,
            second: self.second.checked_add(other.second)?,
            second_sq: self.second_sq.checked_add(other.second_sq)?,
            cross: self.cross.checked_add(other.cross)?,
            with_second: self.with_second.checked_add(other.with_second)?,
        })
    }
}

pub(super) fn overflow() -> StoreError {
    let message = "the sums of a goal are larger than those of any facts can be";
    StoreError::new(StoreErrorKind::Refused, message)
}
