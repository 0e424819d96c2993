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

/// One test at one look: how far a z statistic has to be from 0, and the p-value of one.
///
/// Every comparison yields a z, and every interval is "all effects whose |z| is within the
/// multiplier", so that test and interval never contradict each other. The test changes the
/// multiplier and the p-value, nothing else.
///
/// test | holds | multiplier at alpha 0.05
/// --- | --- | ---
/// [`always_valid`](Self::always_valid) | at every look | 3.04 after 10,000 units, 3.56 after 1,000,000
/// [`fixed`](Self::fixed) | at one look, planned before | 1.96
/// [`at_boundary`](Self::at_boundary) | at one look of a plan | that of the look
///
/// The always-valid test is the default of reports: results are looked at all the time.
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
    kind: Kind,
}

/// When the test holds: at every look, or at one.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    AlwaysValid(AlwaysValid),
    Fixed,
}

impl Test {
    /// Makes the test that holds at every look, tuned for 10,000 units in both tracks together.
    ///
    /// With no effect the test is ever significant, at any number of looks, with a probability of at
    /// most alpha. It is asymptotic, and made for tracks of a hundred units and more.
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
    /// Unless alpha is from 1e-100 to 0.5.
    pub fn always_valid(alpha: f64) -> Result<Self, NoAnswer> {
        Ok(Self::fixed(alpha)?.tuned_for(TUNED_FOR))
    }

    /// Makes the usual test, for one look at a size that was fixed before.
    ///
    /// **Warning**: looked at again it is wrong; looked at daily for two weeks, it calls one of
    /// five tests without an effect significant at 0.05.
    ///
    /// Means are judged by a t distribution, rates and ratios by the normal one.
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
    /// Unless alpha is from 1e-100 to 0.5.
    pub fn fixed(alpha: f64) -> Result<Self, NoAnswer> {
        let kind = Kind::Fixed;
        LEVELS
            .contains(&alpha)
            .then_some(Self {
                alpha,
                comparisons: 1,
                kind,
            })
            .ok_or(NoAnswer::Level)
    }

    /// Makes the test of one look of a plan that is read at several, of which each has its
    /// multiplier; see [`boundaries`](crate::stats::boundaries).
    ///
    /// Alpha is the nominal two-sided one, `2 (1 − Φ(multiplier))`, of which the t quantile is
    /// taken where a standard error is estimated. So its intervals are repeated confidence
    /// intervals, which hold at every look of the plan.
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
    /// Unless the multiplier is from 0.68 to 21, which is an alpha from 1e-100 to 0.5.
    ///
    /// Source: Jennison & Turnbull 2000, chapter 9.
    pub fn at_boundary(multiplier: f64) -> Result<Self, NoAnswer> {
        Self::fixed(2.0 * upper(multiplier))
    }

    /// Makes the test hold at every look, with the narrowest intervals around so many units of
    /// both tracks together.
    ///
    /// Too many blind the start, too few cost little later. The number has to be chosen before
    /// the first look and kept.
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
            kind: Kind::AlwaysValid(AlwaysValid::new(self.alpha, units)),
            ..self
        }
    }

    /// Shares alpha among so many comparisons with control. Defaults to 1.
    ///
    /// Each comparison gets the same share (Bonferroni); zero counts as 1. Intervals become wider, and
    /// [`alpha`](Self::alpha) smaller. An always-valid test stays tuned by the whole of alpha.
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

    /// Returns the alpha of one comparison: that of the test by the number of comparisons.
    ///
    /// A p-value of at most this is significant, and 1 minus it is the level of the intervals.
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

    /// Returns whether it holds at every look.
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
        matches!(self.kind, Kind::AlwaysValid(_))
    }

    /// Returns how far z has to be from 0 after so many units in both tracks together.
    ///
    /// Of a [`fixed`](Self::fixed) test it is the normal quantile, whatever the number of units. That
    /// of an always-valid test falls at first and rises slowly from the units it is tuned for.
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
        match self.kind {
            Kind::AlwaysValid(boundary) => boundary.multiplier(units as f64, self.alpha()),
            Kind::Fixed => upper_quantile(self.alpha() / 2.0),
        }
    }

    /// Returns the two-sided p-value of a z after so many units in both tracks together.
    ///
    /// It is 0 when it is below the smallest double; print that as "below 1e-300".
    ///
    /// It is at most [`alpha`](Self::alpha) when z is beyond the [`multiplier`](Self::multiplier).
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
        match self.kind {
            Kind::AlwaysValid(boundary) => boundary.p(z, units as f64),
            Kind::Fixed => 2.0 * upper(z.abs()),
        }
    }

    /// Returns the logarithm of the e-value of a z, the evidence against no effect; `None` when
    /// the test is fixed.
    ///
    /// An e-value of 20 is evidence at 0.05: the p-value is its reciprocal, capped at 1. Below 0 the
    /// data speak for no effect.
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
        match self.kind {
            Kind::AlwaysValid(boundary) => Some(boundary.ln_e(z, units as f64)),
            Kind::Fixed => None,
        }
    }

    /// The multiplier and the p-value of a z whose standard error is estimated.
    ///
    /// The fixed test takes the t distribution; the always-valid one is asymptotic as it is.
    pub(super) fn judge(&self, z: f64, units: u64, freedom: Option<f64>) -> Option<(f64, f64)> {
        match (self.kind, freedom) {
            (Kind::Fixed, Some(freedom)) => {
                let distribution = StudentT::new(freedom)?;
                let multiplier = distribution.inverse_sf(self.alpha() / 2.0)?;
                Some((multiplier, 2.0 * distribution.sf(z.abs())?))
            }
            _ => Some((self.multiplier(units), self.p(z, units))),
        }
    }
}
