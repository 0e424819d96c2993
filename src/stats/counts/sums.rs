//! The sums behind a ratio. Integers are summed exactly, and rounded once.

use super::{
    I256, Ratio,
    mean::{centred, centred_square, sample},
    precise::Precise,
    wide,
};
use crate::stats::NoAnswer;

/// The sums behind a [`Ratio`], of integers or of doubles.
///
/// A store keeps integers: `i128`, or [`I256`](crate::stats::I256) where squares of large values are
/// summed over many units. Sums of two programs add up field by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RatioSums<T> {
    /// The rows summed: units, or groups of units.
    pub rows: u64,
    /// The sum of the numerators.
    pub numerator: T,
    /// The sum of their squares.
    pub numerator_squares: T,
    /// The sum of the denominators.
    pub denominator: T,
    /// The sum of their squares.
    pub denominator_squares: T,
    /// The sum of the products of numerator and denominator.
    pub products: T,
}

impl RatioSums<i128> {
    /// Returns the means, variances and covariance behind the ratio, exactly.
    ///
    /// `numerator_parts` is how many of the numerator's integers make one of its unit, and
    /// `denominator_parts` likewise.
    ///
    /// ```
    /// use tower_tracks::stats::RatioSums;
    ///
    /// let sums = RatioSums {
    ///     rows: 2,
    ///     numerator: 4,
    ///     numerator_squares: 10,
    ///     denominator: 30,
    ///     denominator_squares: 500,
    ///     products: 70_i128,
    /// };
    /// let ratio = sums.ratio(1.0, 1.0)?;
    /// assert_eq!((ratio.numerator, ratio.denominator), (2.0, 15.0));
    /// assert_eq!(ratio.covariance, 10.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Without rows, and for sums that contradict each other.
    pub fn ratio(&self, numerator_parts: f64, denominator_parts: f64) -> Result<Ratio, NoAnswer> {
        self.widened().ratio(numerator_parts, denominator_parts)
    }

    /// The same sums in the type that holds their products.
    fn widened(&self) -> RatioSums<I256> {
        RatioSums {
            rows: self.rows,
            numerator: self.numerator.into(),
            numerator_squares: self.numerator_squares.into(),
            denominator: self.denominator.into(),
            denominator_squares: self.denominator_squares.into(),
            products: self.products.into(),
        }
    }
}

impl RatioSums<I256> {
    /// Returns the means, variances and covariance behind the ratio, exactly.
    ///
    /// `numerator_parts` is how many of the numerator's integers make one of its unit, and
    /// `denominator_parts` likewise.
    ///
    /// ```
    /// use tower_tracks::stats::{I256, RatioSums};
    ///
    /// let sums = RatioSums {
    ///     rows: 2,
    ///     numerator: I256::from(4),
    ///     numerator_squares: I256::from(10),
    ///     denominator: I256::from(30),
    ///     denominator_squares: I256::from(500),
    ///     products: I256::product(7, 10),
    /// };
    /// let ratio = sums.ratio(1.0, 1.0)?;
    /// assert_eq!((ratio.numerator, ratio.denominator), (2.0, 15.0));
    /// assert_eq!(ratio.covariance, 10.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Without rows, for sums that contradict each other, and where the sums of numerators or
    /// denominators are beyond 128 bits.
    pub fn ratio(&self, numerator_parts: f64, denominator_parts: f64) -> Result<Ratio, NoAnswer> {
        let (by_n, by_d) = (numerator_parts, denominator_parts);
        if !(by_n.is_normal() && by_d.is_normal() && by_n > 0.0 && by_d > 0.0) {
            return Err(NoAnswer::Impossible);
        }
        let narrow = |sum: I256| i128::try_from(sum).map_err(|_| NoAnswer::OutOfRange);
        let (n, d) = (narrow(self.numerator)?, narrow(self.denominator)?);
        let spread = |sum, squares| {
            wide::centred(self.rows, sum, squares).map(|centred| sample(centred, self.rows))
        };
        let mean = |sum: i128, parts| Precise::from(sum).over(self.rows as f64).over(parts);
        let (numerator, denominator) = (mean(n, by_n), mean(d, by_d));
        let covariance = sample(wide::crossed(self.rows, (n, d), self.products)?, self.rows);
        Ratio {
            units: self.rows,
            rows: self.rows,
            numerator: numerator.value,
            denominator: denominator.value,
            numerator_variance: spread(n, self.numerator_squares)? / by_n / by_n,
            denominator_variance: spread(d, self.denominator_squares)? / by_d / by_d,
            covariance: covariance / by_n / by_d,
            numerator_rest: numerator.rest,
            denominator_rest: denominator.rest,
        }
        .sound()
    }
}

impl RatioSums<f64> {
    /// Returns the means, variances and covariance behind the ratio.
    ///
    /// ```
    /// use tower_tracks::stats::RatioSums;
    ///
    /// let sums = RatioSums {
    ///     rows: 2,
    ///     numerator: 4.0,
    ///     numerator_squares: 10.0,
    ///     denominator: 30.0,
    ///     denominator_squares: 500.0,
    ///     products: 70.0,
    /// };
    /// let ratio = sums.ratio()?;
    /// assert_eq!((ratio.numerator, ratio.denominator), (2.0, 15.0));
    /// assert_eq!(ratio.covariance, 10.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Without rows, and for sums that contradict each other or are not finite.
    pub fn ratio(&self) -> Result<Ratio, NoAnswer> {
        let (n, d) = (self.numerator, self.denominator);
        let mean = |sum: f64| Precise::from(sum).over(self.rows as f64);
        if self.rows == 0 {
            return Err(NoAnswer::NoUnits);
        }
        let spread = |sum, squares| {
            centred_square(self.rows, sum, squares).map(|centred| sample(centred, self.rows))
        };
        let (numerator, denominator) = (mean(n), mean(d));
        Ratio {
            units: self.rows,
            rows: self.rows,
            numerator: numerator.value,
            denominator: denominator.value,
            numerator_variance: spread(n, self.numerator_squares)?,
            denominator_variance: spread(d, self.denominator_squares)?,
            covariance: sample(centred(self.rows, (n, d), self.products), self.rows),
            numerator_rest: numerator.rest,
            denominator_rest: denominator.rest,
        }
        .sound()
    }
}
