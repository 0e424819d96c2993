//! The sums and moments of a value beside a covariate.

use super::{I256, Mean, RatioSums};
use crate::stats::NoAnswer;

/// The sums of a value and of a covariate over units, as integers or doubles.
///
/// The covariate was known before the exposure of the unit, such as its total of the same goal in the four
/// weeks before. A unit without data has a covariate of 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CovariateSums<T> {
    /// The number of exposed units.
    pub units: u64,
    /// The sum of the values.
    pub value: T,
    /// The sum of their squares.
    pub value_squares: T,
    /// The sum of the covariates.
    pub covariate: T,
    /// The sum of their squares.
    pub covariate_squares: T,
    /// The sum of the products of value and covariate.
    pub products: T,
    /// The number of units whose covariate is not 0.
    pub with_covariate: u64,
}

/// The means, variances and covariance of a value and a covariate. [`CovariateSums`] computes it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Covaried {
    /// The value.
    pub value: Mean,
    /// The covariate.
    pub covariate: Mean,
    /// The sample covariance of value and covariate.
    pub covariance: f64,
    /// The number of units whose covariate is not 0.
    pub with_covariate: u64,
}

impl CovariateSums<i128> {
    /// Returns the means, variances and covariance, exactly.
    ///
    /// `value_parts` is the number of integer parts in one unit of the value, such as 1,000,000 for
    /// millionths. `covariate_parts` is that of the covariate.
    ///
    /// ```
    /// use tower_tracks::stats::CovariateSums;
    ///
    /// // One unit spent 1 after 10 before, another 3 after 20.
    /// let sums = CovariateSums {
    ///     units: 2,
    ///     value: 4,
    ///     value_squares: 10,
    ///     covariate: 30,
    ///     covariate_squares: 500,
    ///     products: 70_i128,
    ///     with_covariate: 2,
    /// };
    /// let covaried = sums.covaried(1.0, 1.0)?;
    /// assert_eq!((covaried.value.mean, covaried.covariate.mean), (2.0, 15.0));
    /// assert_eq!(covaried.covariance, 10.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no units, more than 2⁵³ units, or sums that contradict each other.
    pub fn covaried(&self, value_parts: f64, covariate_parts: f64) -> Result<Covaried, NoAnswer> {
        let sums = self.ratio_sums().widened();
        self.complete(sums.moments(value_parts, covariate_parts)?)
    }
}

impl CovariateSums<I256> {
    /// Returns the means, variances and covariance, exactly.
    ///
    /// `value_parts` is the number of integer parts in one unit of the value, such as 1,000,000 for
    /// millionths. `covariate_parts` is that of the covariate.
    ///
    /// ```
    /// use tower_tracks::stats::{CovariateSums, I256};
    ///
    /// // One unit spent 1 after 10 before, another 3 after 20.
    /// let sums = CovariateSums {
    ///     units: 2,
    ///     value: I256::from(4),
    ///     value_squares: I256::from(10),
    ///     covariate: I256::from(30),
    ///     covariate_squares: I256::from(500),
    ///     products: I256::product(7, 10),
    ///     with_covariate: 2,
    /// };
    /// let covaried = sums.covaried(1.0, 1.0)?;
    /// assert_eq!((covaried.value.mean, covaried.covariate.mean), (2.0, 15.0));
    /// assert_eq!(covaried.covariance, 10.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no units, more than 2⁵³ units, or sums that contradict each other. Also if a sum of
    /// values or covariates exceeds 128 bits.
    pub fn covaried(&self, value_parts: f64, covariate_parts: f64) -> Result<Covaried, NoAnswer> {
        self.complete(self.ratio_sums().moments(value_parts, covariate_parts)?)
    }
}

impl CovariateSums<f64> {
    /// Returns the means, variances and covariance.
    ///
    /// ```
    /// use tower_tracks::stats::CovariateSums;
    ///
    /// // One unit spent 1 after 10 before, another 3 after 20.
    /// let sums = CovariateSums {
    ///     units: 2,
    ///     value: 4.0,
    ///     value_squares: 10.0,
    ///     covariate: 30.0,
    ///     covariate_squares: 500.0,
    ///     products: 70.0,
    ///     with_covariate: 2,
    /// };
    /// let covaried = sums.covaried()?;
    /// assert_eq!((covaried.value.mean, covaried.covariate.mean), (2.0, 15.0));
    /// assert_eq!(covaried.covariance, 10.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no units, more than 2⁵³ units, or sums that contradict each other or are not finite.
    pub fn covaried(&self) -> Result<Covaried, NoAnswer> {
        self.complete(self.ratio_sums().moments()?)
    }
}

impl<T: Copy> CovariateSums<T> {
    /// A ratio is of the same moments.
    fn ratio_sums(&self) -> RatioSums<T> {
        RatioSums {
            rows: self.units,
            numerator: self.value,
            numerator_squares: self.value_squares,
            denominator: self.covariate,
            denominator_squares: self.covariate_squares,
            products: self.products,
        }
    }

    /// Adds the number of units with a covariate to the moments.
    fn complete(&self, moments: Covaried) -> Result<Covaried, NoAnswer> {
        let with_covariate = self.with_covariate;
        if with_covariate > self.units {
            return Err(NoAnswer::Impossible);
        }
        Ok(Covaried {
            with_covariate,
            ..moments
        })
    }
}

impl Covaried {
    /// The moments of two values of the same units, of which none is counted as having a covariate.
    pub(super) fn of_means(
        value: Mean,
        covariate: Mean,
        covariance: f64,
    ) -> Result<Self, NoAnswer> {
        if !covariance.is_finite() {
            return Err(NoAnswer::Impossible);
        }
        Ok(Self {
            value,
            covariate,
            covariance,
            with_covariate: 0,
        })
    }
}
