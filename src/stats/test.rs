//! The test behind every comparison: a multiplier, a p-value, and when they hold.

use super::{
    NoAnswer,
    always_valid::AlwaysValid,
    distribution::{StudentT, upper, upper_quantile},
};

/// The default number of units for which an always-valid test is tuned.
///
/// With a larger number small sites see nothing for long, with a smaller one large sites lose
/// little; 10,000 suits most.
const TUNED_FOR: u64 = 10_000;

/// The levels that make sense: above 0.5 an interval would be wrong more often than right, and with
/// 1e-100 the shares of alpha are still far from the smallest double.
const LEVELS: std::ops::RangeInclusive<f64> = 1e-100..=0.5;

/// A statistical test at one look.
///
/// It defines the multiplier, which is how far a z statistic must be from 0 to be significant. It also
/// computes the p-value of a z.
///
/// Every comparison computes a z. Its interval contains all effects whose |z| is within the multiplier, so
/// the test and the interval never contradict each other. Tests differ only in the multiplier and the
/// p-value.
///
/// test | holds | multiplier at alpha 0.05
/// --- | --- | ---
/// [`always_valid`](Self::always_valid) | at every look | 3.04 after 10,000 units, 3.56 after 1,000,000
/// [`fixed`](Self::fixed) | at one look, planned before | 1.96
/// [`at_boundary`](Self::at_boundary) | at one look of a plan | that of the look
///
/// The always-valid test is the default of reports, because people look at results at any time.
///
/// ```
/// use tower_tracks::stats::Test;
///
/// let test = Test::always_valid(0.05)?;
/// assert_eq!((test.multiplier(10_000) * 100.0).round(), 304.0);
/// assert_eq!((Test::fixed(0.05)?.multiplier(10_000) * 100.0).round(), 196.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Test {
    /// The alpha of all comparisons together.
    alpha: f64,
    comparisons: u32,
    /// The boundary of a test that holds at every look; otherwise it holds at one.
    always_valid: Option<AlwaysValid>,
}

impl Test {
    /// Returns the test that is valid at every look, tuned for 10,000 units in both tracks together.
    ///
    /// If there is no effect, the test becomes significant at some look with a probability of at most
    /// alpha. This holds for any number of looks. The test is asymptotic: use it for tracks with at least a
    /// hundred units.
    ///
    /// ```
    /// use tower_tracks::stats::{NoAnswer, Test};
    ///
    /// let test = Test::always_valid(0.05)?;
    /// assert!(test.is_always_valid());
    /// let multipliers = [1000, 10_000].map(|units| (test.multiplier(units) * 100.0).round());
    /// assert_eq!(multipliers, [386.0, 304.0]);
    /// assert_eq!(Test::always_valid(0.6), Err(NoAnswer::Level));
    /// # Ok::<(), NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If alpha is not from 1e-100 to 0.5.
    pub fn always_valid(alpha: f64) -> Result<Self, NoAnswer> {
        Ok(Self::fixed(alpha)?.tuned_for(TUNED_FOR))
    }

    /// Returns the usual test, for one look at a planned size.
    ///
    /// **Warning**: it is valid at one look only. If results without an effect are read daily for two
    /// weeks, it is significant at 0.05 in one of five tests.
    ///
    /// Means use a t distribution. Rates and ratios use the normal distribution.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let test = Test::fixed(0.05)?;
    /// assert!(!test.is_always_valid());
    /// assert_eq!((test.multiplier(20_000) * 1e4).round(), 19_600.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If alpha is not from 1e-100 to 0.5.
    pub fn fixed(alpha: f64) -> Result<Self, NoAnswer> {
        if !LEVELS.contains(&alpha) {
            return Err(NoAnswer::Level);
        }
        Ok(Self {
            alpha,
            comparisons: 1,
            always_valid: None,
        })
    }

    /// Returns the test of one look, for a plan with several looks.
    ///
    /// Each look has its own multiplier; see [`boundaries`](crate::stats::boundaries).
    ///
    /// Alpha is the nominal two-sided alpha of the multiplier, `2 (1 − Φ(multiplier))`. If a standard error
    /// is estimated, the t quantile at this alpha is used. The intervals of the test are repeated
    /// confidence intervals, which are valid at every look of the plan.
    ///
    /// ```
    /// use tower_tracks::stats::{Test, boundaries};
    ///
    /// let first = boundaries(0.05, &[0.5, 1.0])?[0];
    /// let test = Test::at_boundary(first)?;
    /// assert!((test.multiplier(1000) - 2.9626).abs() < 1e-4);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the multiplier is not from 0.68 to 21. This range corresponds to an alpha from 1e-100 to 0.5.
    ///
    /// Source: Jennison & Turnbull 2000, chapter 9.
    pub fn at_boundary(multiplier: f64) -> Result<Self, NoAnswer> {
        Self::fixed(2.0 * upper(multiplier))
    }

    /// Makes the test valid at every look, with the narrowest intervals around this number of units.
    ///
    /// `units` is the number of units of both tracks together.
    ///
    /// If the number is too large, the test detects little at the start. If it is too small, the intervals
    /// are only slightly wider later. Choose the number before the first look, and do not change it.
    ///
    /// Zero counts as 1. A test that was fixed becomes always valid.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let test = Test::fixed(0.05)?;
    /// let (small, large) = (test.tuned_for(1000), test.tuned_for(10_000));
    /// // At the start the smaller number is better, after a million units the larger one is.
    /// assert!(small.multiplier(1000) < large.multiplier(1000));
    /// assert!(small.multiplier(1_000_000) > large.multiplier(1_000_000));
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    #[must_use]
    pub fn tuned_for(self, units: u64) -> Self {
        Self {
            always_valid: Some(AlwaysValid::new(self.alpha, units)),
            ..self
        }
    }

    /// Divides alpha among this number of comparisons with control. Defaults to 1.
    ///
    /// Each comparison gets the same share (Bonferroni); zero counts as 1. Intervals become wider, and
    /// [`alpha`](Self::alpha) smaller. The tuning of an always-valid test still uses the undivided alpha.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let test = Test::always_valid(0.05)?;
    /// assert_eq!(test.among(2).alpha(), 0.025);
    /// assert!(test.among(2).multiplier(10_000) > test.multiplier(10_000));
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    #[must_use]
    pub fn among(self, comparisons: u32) -> Self {
        Self {
            comparisons: comparisons.max(1),
            ..self
        }
    }

    /// Returns the alpha of one comparison: the alpha of the test, divided by the number of comparisons.
    ///
    /// A p-value is significant if it is at most this alpha. The level of the intervals is 1 minus this
    /// alpha.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// assert_eq!(Test::fixed(0.05)?.alpha(), 0.05);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn alpha(&self) -> f64 {
        self.alpha / f64::from(self.comparisons)
    }

    /// Returns whether the test is valid at every look.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let test = Test::fixed(0.05)?;
    /// assert!(!test.is_always_valid());
    /// assert!(test.tuned_for(50_000).is_always_valid());
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn is_always_valid(&self) -> bool {
        self.always_valid.is_some()
    }

    /// Returns how far z must be from 0 to be significant, with this number of units in both tracks
    /// together.
    ///
    /// For a [`fixed`](Self::fixed) test, it is the normal quantile, whatever the number of units. For an
    /// always-valid test, it falls at first. It rises slowly after the number of units that the test is
    /// tuned for.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let test = Test::always_valid(0.05)?;
    /// let multipliers = [1000, 10_000, 1_000_000].map(|units| test.multiplier(units));
    /// assert_eq!(multipliers.map(|c| (c * 1e3).round()), [3855.0, 3035.0, 3562.0]);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn multiplier(&self, units: u64) -> f64 {
        match self.always_valid {
            Some(boundary) => boundary.multiplier(units as f64, self.alpha()),
            None => upper_quantile(self.alpha() / 2.0),
        }
    }

    /// Returns the two-sided p-value of a z, with this number of units in both tracks together.
    ///
    /// It is 0 when it is below the smallest double; print that as "below 1e-300".
    ///
    /// It is at most [`alpha`](Self::alpha) if z is beyond the [`multiplier`](Self::multiplier).
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let z = 2.306_634_773_817;
    /// assert_eq!((Test::fixed(0.05)?.p(z, 20_000) * 1e4).round(), 211.0);
    /// assert_eq!((Test::always_valid(0.05)?.p(z, 20_000) * 1e4).round(), 3363.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn p(&self, z: f64, units: u64) -> f64 {
        match self.always_valid {
            Some(boundary) => boundary.p(z, units as f64),
            None => 2.0 * upper(z.abs()),
        }
    }

    /// Returns the natural logarithm of the e-value of a z; `None` if the test is fixed.
    ///
    /// The e-value measures the evidence that there is an effect.
    ///
    /// The p-value is the reciprocal of the e-value, capped at 1. So an e-value of 20 is a p-value of 0.05.
    /// A logarithm below 0 means that the data are evidence for no effect.
    ///
    /// ```
    /// use tower_tracks::stats::Test;
    ///
    /// let test = Test::always_valid(0.05)?;
    /// assert_eq!(test.ln_e(4.0, 10_000).map(|ln_e| (ln_e * 100.0).round()), Some(601.0));
    /// assert_eq!(Test::fixed(0.05)?.ln_e(4.0, 10_000), None);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn ln_e(&self, z: f64, units: u64) -> Option<f64> {
        Some(self.always_valid?.ln_e(z, units as f64))
    }

    /// The multiplier and the p-value of a z whose standard error is estimated.
    ///
    /// The fixed test takes the t distribution; the always-valid one is asymptotic as it is.
    pub(super) fn judge(&self, z: f64, units: u64, freedom: Option<f64>) -> Option<(f64, f64)> {
        match (self.always_valid, freedom) {
            (None, Some(freedom)) => {
                let distribution = StudentT::new(freedom)?;
                let multiplier = distribution.inverse_sf(self.alpha() / 2.0)?;
                Some((multiplier, 2.0 * distribution.sf(z.abs())?))
            }
            _ => Some((self.multiplier(units), self.p(z, units))),
        }
    }
}
