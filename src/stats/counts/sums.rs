//! The sums behind a ratio. Integers are summed exactly, and rounded once.

use super::{
    Covaried, I256, Mean, Ratio,
    mean::{centred, sample},
    wide,
};
use crate::stats::NoAnswer;

/// The sums for a [`Ratio`], as integers or doubles.
///
/// A store has integers: `i128`, or [`I256`](crate::stats::I256) if squares of large values are summed over
/// many units. To combine the sums of two programs, add each field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RatioSums<T> {
    /// The number of rows: units, or groups of units.
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
    /// Returns the means, variances and covariance of the ratio, exactly.
    ///
    /// `numerator_parts` is the number of integer parts in one unit of the numerator, such as 1,000,000 for
    /// millionths. `denominator_parts` is that of the denominator.
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
    /// If there are no rows, or the sums contradict each other.
    pub fn ratio(&self, numerator_parts: f64, denominator_parts: f64) -> Result<Ratio, NoAnswer> {
        self.widened().ratio(numerator_parts, denominator_parts)
    }

    /// The same sums in the type that holds their products.
    pub(super) fn widened(&self) -> RatioSums<I256> {
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
    /// Returns the means, variances and covariance of the ratio, exactly.
    ///
    /// `numerator_parts` is the number of integer parts in one unit of the numerator, such as 1,000,000 for
    /// millionths. `denominator_parts` is that of the denominator.
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
    /// If there are no rows, or the sums contradict each other. Also if a sum of numerators or denominators
    /// exceeds 128 bits.
    pub fn ratio(&self, numerator_parts: f64, denominator_parts: f64) -> Result<Ratio, NoAnswer> {
        let moments = self.moments(numerator_parts, denominator_parts)?;
        Ok(Ratio::of(&moments))
    }

    /// The moments of the numerator beside the denominator.
    pub(super) fn moments(&self, by_n: f64, by_d: f64) -> Result<Covaried, NoAnswer> {
        let narrow = |sum: I256| i128::try_from(sum).map_err(|_| NoAnswer::OutOfRange);
        let (n, d) = (narrow(self.numerator)?, narrow(self.denominator)?);
        let numerator = Mean::from_integers(self.rows, n, self.numerator_squares, by_n)?;
        let denominator = Mean::from_integers(self.rows, d, self.denominator_squares, by_d)?;
        let covariance = sample(wide::crossed(self.rows, (n, d), self.products)?, self.rows);
        Covaried::of_means(numerator, denominator, covariance / by_n / by_d)
    }
}

impl RatioSums<f64> {
    /// Returns the means, variances and covariance of the ratio.
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
    /// If there are no rows, or the sums contradict each other or are not finite.
    pub fn ratio(&self) -> Result<Ratio, NoAnswer> {
        Ok(Ratio::of(&self.moments()?))
    }

    /// The moments of the numerator beside the denominator.
    pub(super) fn moments(&self) -> Result<Covaried, NoAnswer> {
        let (n, d) = (self.numerator, self.denominator);
        let numerator = Mean::from_sums(self.rows, n, self.numerator_squares)?;
        let denominator = Mean::from_sums(self.rows, d, self.denominator_squares)?;
        let covariance = sample(centred(self.rows, (n, d), self.products), self.rows);
        Covaried::of_means(numerator, denominator, covariance)
    }
}
