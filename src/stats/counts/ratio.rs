//! Ratios of sums, whose variance is that of the units and not of the requests.

use super::{Covaried, MOST_UNITS};
use crate::stats::NoAnswer;

/// A ratio of sums over units, such as errors per request, if a unit makes many requests.
///
/// [`RatioSums`](crate::stats::RatioSums) computes it. The requests of one unit are alike, so the spread is
/// the spread between units: for 1,000 units with 100 requests each, there are 1,000 values, not 100,000.
///
/// ```
/// use tower_tracks::stats::RatioSums;
///
/// // One unit had 1 error in 10 requests, another had 3 in 20.
/// let sums = RatioSums {
///     rows: 2,
///     numerator: 1 + 3,
///     numerator_squares: 1 + 9,
///     denominator: 10 + 20,
///     denominator_squares: 100 + 400,
///     products: 10 + 60_i128,
/// };
/// assert_eq!(sums.ratio(1.0, 1.0)?.value()?, 4.0 / 30.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Ratio {
    /// The number of exposed units.
    pub units: u64,
    /// The number of rows over which the variances are computed: units, or groups of units.
    pub rows: u64,
    /// The mean numerator of a row.
    pub numerator: f64,
    /// The mean denominator of a row.
    pub denominator: f64,
    /// The sample variance of the numerator.
    pub numerator_variance: f64,
    /// The sample variance of the denominator.
    pub denominator_variance: f64,
    /// The sample covariance of numerator and denominator.
    pub covariance: f64,
    /// The part of the mean numerator that rounding cut off; 0 if it is not known.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub numerator_rest: f64,
    /// The part of the mean denominator that rounding cut off; 0 if it is not known.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub denominator_rest: f64,
}

impl Ratio {
    /// The moments of a numerator beside a denominator, of which each row is a unit.
    pub(super) fn of(moments: &Covaried) -> Self {
        let (numerator, denominator) = (&moments.value, &moments.covariate);
        Self {
            units: numerator.units,
            rows: numerator.units,
            numerator: numerator.mean,
            denominator: denominator.mean,
            numerator_variance: numerator.variance,
            denominator_variance: denominator.variance,
            covariance: moments.covariance,
            numerator_rest: numerator.rest,
            denominator_rest: denominator.rest,
        }
    }

    /// Sets the number of units, if each row is a group of units.
    ///
    /// Each unit must be in exactly one group. Defaults to the number of rows.
    ///
    /// An always-valid test counts these units, but the spread is that of the rows.
    ///
    /// ```
    /// use tower_tracks::stats::Ratio;
    ///
    /// let rows = Ratio { rows: 1024, units: 1024, denominator: 100.0, ..Ratio::default() };
    /// let ratio = rows.of_units(50_000);
    /// assert_eq!((ratio.rows, ratio.units), (1024, 50_000));
    /// ```
    #[must_use]
    pub fn of_units(mut self, units: u64) -> Self {
        self.units = units;
        self
    }

    /// Returns the sum of the numerators divided by the sum of the denominators.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, Ratio};
    ///
    /// let (numerator, denominator) = (2.0, 100.0);
    /// let ratio = Ratio { rows: 10, units: 10, numerator, denominator, ..Ratio::default() };
    /// assert_eq!(ratio.value(), Ok(0.02));
    /// let none = Ratio { denominator: 0.0, ..ratio };
    /// assert_eq!(none.value(), Err(NoAnswer::NoDenominator));
    /// ```
    ///
    /// # Errors
    ///
    /// If there are no units, or the sum of the denominators is not above 0.
    pub fn value(&self) -> Result<f64, NoAnswer> {
        let sound = self.sound()?;
        if sound.denominator > 0.0 {
            Ok(sound.numerator / sound.denominator)
        } else {
            Err(NoAnswer::NoDenominator)
        }
    }

    /// Returns the variance of the ratio per row, by the delta method:
    /// `(v_N − 2 R c + R² v_D) / D̄²`.
    ///
    /// The standard error of the ratio is the square root of this variance divided by the number of rows.
    ///
    /// ```
    /// use tower_tracks::stats::RatioSums;
    ///
    /// // Errors and requests of 1,200 units.
    /// let sums = RatioSums {
    ///     rows: 1200,
    ///     numerator: 374.0,
    ///     numerator_squares: 712.0,
    ///     denominator: 9386.0,
    ///     denominator_squares: 128_498.0,
    ///     products: 4954.0,
    /// };
    /// let ratio = sums.ratio()?;
    /// assert_eq!((ratio.value()? * 1e5).round(), 3985.0);
    /// assert_eq!((ratio.variance()? * 1e6).round(), 7106.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// Source: Deng, Knoblich & Lu 2018, "Applying the delta method in metric analytics".
    ///
    /// # Errors
    ///
    /// If there is no ratio.
    pub fn variance(&self) -> Result<f64, NoAnswer> {
        let ratio = self.value()?;
        let of_denominators = ratio * ratio * self.denominator_variance;
        let spread = self.numerator_variance - 2.0 * ratio * self.covariance + of_denominators;
        // Of rows that all have one ratio, rounding leaves this much.
        let rounded = 8.0 * f64::EPSILON * (self.numerator_variance + of_denominators);
        let spread = if spread > rounded { spread } else { 0.0 };
        Ok(spread / self.denominator / self.denominator)
    }

    /// What rounding cut off [`value`](Self::value).
    pub(in crate::stats) fn rest(&self) -> f64 {
        let ratio = self.numerator / self.denominator;
        let remainder = libm::fma(-ratio, self.denominator, self.numerator);
        (remainder + self.numerator_rest - ratio * self.denominator_rest) / self.denominator
    }

    /// The same, if it is of numbers that can be.
    fn sound(self) -> Result<Self, NoAnswer> {
        let variances = [self.numerator_variance, self.denominator_variance];
        let others = [
            self.numerator,
            self.denominator,
            self.covariance,
            self.numerator_rest,
            self.denominator_rest,
        ];
        let sound = variances.iter().all(|v| v.is_finite() && *v >= 0.0)
            && others.iter().all(|number| number.is_finite());
        match (self.rows, sound) {
            (0, _) => Err(NoAnswer::NoUnits),
            _ if self.rows.max(self.units) > MOST_UNITS => Err(NoAnswer::TooManyUnits),
            // Each group of units has at least one.
            (_, true) if self.rows <= self.units => Ok(self),
            _ => Err(NoAnswer::Impossible),
        }
    }
}
