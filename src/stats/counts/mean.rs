//! Means with their spread, from sums that a store keeps.

use super::{I256, MOST_UNITS, precise::Precise, wide};
use crate::stats::NoAnswer;

/// The mean of a value per unit, such as the amount that each unit spent, and its variance.
///
/// Units without a value count as 0. For several days or programs, add the sums, not the means.
///
/// ```
/// use tower_tracks::stats::Mean;
///
/// // Three units, with values 1, 2 and 3, and squares 1, 4 and 9.
/// let mean = Mean::from_integers(3, 6, 14, 1.0)?;
/// assert_eq!((mean.mean, mean.variance), (2.0, 1.0));
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Mean {
    /// The number of exposed units.
    pub units: u64,
    /// The mean over all of them, in the unit of the goal.
    pub mean: f64,
    /// The sample variance, with a divisor of the units minus one; 0 if there is one unit.
    pub variance: f64,
    /// The part of the mean that rounding cut off, so that the difference of two large means stays exact; 0
    /// if it is not known.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub rest: f64,
}

impl Mean {
    /// Returns the mean of integer sums, as a store has them, exactly.
    ///
    /// `parts` is the number of integer parts in one unit of the goal: 1,000,000 for millionths. Nothing is
    /// rounded before the division, so no digits are lost. The sum of squares is an `i128` or an [`I256`].
    ///
    /// ```
    /// use tower_tracks::stats::{Mean, NoAnswer};
    ///
    /// // Two units, in millionths: one with 0 and one with 2.
    /// let mean = Mean::from_integers(2, 2_000_000, 4_000_000_000_000, 1e6)?;
    /// assert_eq!((mean.mean, mean.variance), (1.0, 2.0));
    /// // Values that sum up to 10 have larger squares.
    /// assert_eq!(Mean::from_integers(2, 10, 49, 1.0), Err(NoAnswer::Impossible));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no units, more than 2⁵³ units, or sums that contradict each other or overflow.
    pub fn from_integers(
        units: u64,
        sum: i128,
        squares: impl Into<I256>,
        parts: f64,
    ) -> Result<Self, NoAnswer> {
        let parts = Some(parts).filter(|parts| parts.is_normal() && *parts > 0.0);
        let parts = parts.ok_or(NoAnswer::Impossible)?;
        let spread = wide::centred(units, sum, squares.into())?;
        let mean = Precise::from(sum).over(units as f64).over(parts);
        Self {
            units,
            mean: mean.value,
            variance: sample(spread, units) / parts / parts,
            rest: mean.rest,
        }
        .sound()
    }

    /// Returns the mean of floating-point sums.
    ///
    /// It is only as exact as the sums. Prefer [`from_integers`](Self::from_integers).
    ///
    /// ```
    /// use tower_tracks::stats::{Mean, NoAnswer};
    ///
    /// let mean = Mean::from_sums(3, 6.0, 14.0)?;
    /// assert_eq!((mean.mean, mean.variance), (2.0, 1.0));
    /// assert_eq!(Mean::from_sums(3, f64::NAN, 1.0), Err(NoAnswer::OutOfRange));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no units, more than 2⁵³ units, or sums that contradict each other or are not finite.
    pub fn from_sums(units: u64, sum: f64, squares: f64) -> Result<Self, NoAnswer> {
        // Before the division, whose result would not be a number, which is another error.
        if units == 0 {
            return Err(NoAnswer::NoUnits);
        }
        let mean = Precise::from(sum).over(units as f64);
        Self {
            units,
            mean: mean.value,
            variance: sample(centred_square(units, sum, squares)?, units),
            rest: mean.rest,
        }
        .sound()
    }

    /// The same, if it is of numbers that can be.
    pub(in crate::stats) fn sound(self) -> Result<Self, NoAnswer> {
        let numbers = [self.mean, self.variance, self.rest];
        let sound = numbers.iter().all(|number| number.is_finite()) && self.variance >= 0.0;
        match self.units {
            0 => Err(NoAnswer::NoUnits),
            units if units > MOST_UNITS => Err(NoAnswer::TooManyUnits),
            _ if sound => Ok(self),
            _ => Err(NoAnswer::Impossible),
        }
    }
}

/// `Σa² − (Σa)² / n` for doubles; what rounding makes of 0 is 0.
pub(super) fn centred_square(units: u64, sum: f64, squares: f64) -> Result<f64, NoAnswer> {
    // Sums in floating point are a bit below 0 where nothing varies. Sums that are further below
    // contradict each other.
    match centred(units, (sum, sum), squares) {
        centred if !centred.is_finite() => Err(NoAnswer::OutOfRange),
        centred if centred < -1e-6 * squares => Err(NoAnswer::Impossible),
        centred => Ok(centred.max(0.0)),
    }
}

/// `Σab − Σa Σb / n` for doubles: both products are kept with their residuals.
pub(super) fn centred(units: u64, sums: (f64, f64), products: f64) -> f64 {
    let n = units as f64;
    let (left, left_rest) = product(n, products);
    let (right, right_rest) = product(sums.0, sums.1);
    ((left - right) + (left_rest - right_rest)) / n
}

/// A sum of centred products, per unit.
pub(super) fn sample(centred: f64, units: u64) -> f64 {
    match units {
        0 | 1 => 0.0,
        units => centred / (units - 1) as f64,
    }
}

/// A product, and what was rounded off it.
fn product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, libm::fma(a, b, -product))
}
