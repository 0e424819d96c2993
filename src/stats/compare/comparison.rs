//! The result of comparing one track with control.

use crate::stats::{Estimate, Interval, NoAnswer};

/// A comparison of a track with control on one goal.
///
/// The difference and the lift are those of the track relative to control. The intervals and `p` belong to
/// the same test, so `p ≤ alpha` exactly when the intervals exclude 0.
///
/// [`compare_rates`](crate::stats::compare_rates), [`compare_means`](crate::stats::compare_means) and
/// [`compare_ratios`](crate::stats::compare_ratios) return it.
///
/// ```
/// use tower_tracks::stats::{Rate, Test, compare_rates};
///
/// let control = Rate { units: 10_000, converters: 1000 };
/// let track = Rate { units: 10_000, converters: 1100 };
/// let comparison = compare_rates(&control, &track, &Test::fixed(0.05)?)?;
/// assert_eq!((comparison.z * 1e4).round(), 23_066.0);
/// assert_eq!(comparison.lift.map(|lift| (lift * 1e4).round()), Ok(1000.0));
/// // One percentage point more, with a 95% interval from 0.15 to 1.85.
/// let interval = comparison.difference.interval;
/// assert_eq!([interval.lower, interval.upper].map(|d| (d * 1e4).round()), [15.0, 185.0]);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Comparison {
    /// The method by which it was computed.
    pub method: Method,
    /// The spread from which the standard error is computed.
    pub spread: Spread,
    /// Whether it is valid at every look.
    pub always_valid: bool,
    /// The number of units in both tracks together.
    pub units: u64,
    /// The value of control, in the goal's unit.
    pub control: Estimate,
    /// The value of the track, in the goal's unit.
    pub track: Estimate,
    /// The value of the track minus that of control, in the goal's unit (0.01 is one percentage point of a
    /// rate).
    pub difference: Estimate,
    /// The value of the track divided by that of control, minus 1 (0.1 is 10% more).
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub lift: Result<f64, NoAnswer>,
    /// The interval of the lift. It can exist without the lift, if there is no conversion in control.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub lift_interval: Result<Interval, NoAnswer>,
    /// How many standard errors the difference is from 0.
    pub z: f64,
    /// The standard error by which z is computed; 0 for rates that do not vary.
    pub standard_error: f64,
    /// The degrees of freedom, if the test uses a t distribution.
    pub degrees_of_freedom: Option<f64>,
    /// How far z must be from 0 to be significant.
    pub multiplier: f64,
    /// The probability of a z at least this large if there is no effect; 0 if it is below 1e-300. In an
    /// always-valid test, it bounds the probability of ever seeing such a z.
    pub p: f64,
    /// The alpha that p is compared with, after alpha was divided among comparisons.
    pub alpha: f64,
    /// The comparison of the plain values, if this one is adjusted by a covariate.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub unadjusted: Option<Unadjusted>,
}

/// A comparison of plain values, beside one that is adjusted by a covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Unadjusted {
    /// The share of the squared standard error that the adjustment removed; below 0 if it added to it.
    pub variance_reduction: f64,
    /// The value of control.
    pub control: Estimate,
    /// The value of the track.
    pub track: Estimate,
    /// The value of the track minus that of control.
    pub difference: Estimate,
    /// The value of the track divided by that of control, minus 1.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub lift: Result<f64, NoAnswer>,
    /// The interval of the lift.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub lift_interval: Result<Interval, NoAnswer>,
    /// How many standard errors the difference is from 0.
    pub z: f64,
    /// The p-value.
    pub p: f64,
}

/// The method by which a comparison was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Method {
    /// Rates: pooled z, score intervals (Mee 1984, Koopman 1984, Wilson 1927).
    Score,
    /// Means: the larger of Welch's error (1947) and the pooled one, lift by Fieller 1954.
    Welch,
    /// Ratios of sums: delta method over units (Deng, Knoblich & Lu 2018), lift by Fieller 1954.
    Delta,
    /// The 95th percentile of durations, with limits by ranks: Woodruff 1952; Zou & Donner 2008.
    Percentile,
}

/// The spread from which the standard error of a comparison is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Spread {
    /// The spread of each track separately (Welch 1947).
    PerTrack,
    /// The spread of both tracks together. Rates always use it. Means and ratios use it if it is the larger
    /// one, which costs power if shares are uneven and values are skewed.
    Pooled,
    /// The spread of all units around the common mean, because neither track has any spread of its own.
    Common,
}

impl Unadjusted {
    pub(super) fn of(plain: &Comparison, variance_reduction: f64) -> Self {
        Self {
            variance_reduction,
            control: plain.control,
            track: plain.track,
            difference: plain.difference,
            lift: plain.lift,
            lift_interval: plain.lift_interval,
            z: plain.z,
            p: plain.p,
        }
    }
}

impl Comparison {
    /// Returns the plain values of control and the track.
    #[cfg(feature = "report")]
    pub(crate) fn plain_values(&self) -> [Estimate; 2] {
        match &self.unadjusted {
            Some(plain) => [plain.control, plain.track],
            None => [self.control, self.track],
        }
    }

    /// Returns whether the difference is significant: `p ≤ alpha`.
    ///
    /// ```
    /// use tower_tracks::stats::{Rate, Test, compare_rates};
    ///
    /// let control = Rate { units: 10_000, converters: 1000 };
    /// let track = Rate { units: 10_000, converters: 1100 };
    /// assert!(compare_rates(&control, &track, &Test::fixed(0.05)?)?.is_significant());
    /// assert!(!compare_rates(&control, &track, &Test::fixed(0.01)?)?.is_significant());
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn is_significant(&self) -> bool {
        self.p <= self.alpha
    }

    /// Returns the smallest difference that can be detected so far: half of the interval's width, in the
    /// goal's unit. It shrinks with more units.
    ///
    /// ```
    /// use tower_tracks::stats::{Rate, Test, compare_rates};
    ///
    /// let control = Rate { units: 10_000, converters: 1000 };
    /// let track = Rate { units: 10_000, converters: 1100 };
    /// let comparison = compare_rates(&control, &track, &Test::fixed(0.05)?)?;
    /// assert_eq!((comparison.tells_apart() * 1e4).round(), 85.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn tells_apart(&self) -> f64 {
        self.difference.interval.width() / 2.0
    }

    /// Test and intervals in one voice, if all of it is numbers.
    pub(in crate::stats) fn agreed(mut self) -> Result<Self, NoAnswer> {
        // Interval and p are of one multiplier, but rounding can set their last bits against each
        // other.
        let excluded = self.is_significant();
        self.difference.interval = self.difference.interval.settled(0.0, excluded);
        if !self.is_sound() {
            return Err(NoAnswer::OutOfRange);
        }
        // A tiny mean in control makes a lift that no double holds. The difference still has its
        // answer.
        if self.lift.is_ok_and(|lift| !lift.is_finite()) {
            self.lift = Err(NoAnswer::OutOfRange);
        }
        self.lift_interval = self.lift_interval.and_then(|interval| {
            let settled = interval.settled(0.0, excluded);
            let sound = settled.is_sound().then_some(settled);
            sound.ok_or(NoAnswer::OutOfRange)
        });
        Ok(self)
    }

    /// Whether all but the lift is numbers.
    fn is_sound(&self) -> bool {
        let estimates = [self.control, self.track, self.difference];
        let sound = |estimate: Estimate| {
            let Estimate { value, interval } = estimate;
            // Only the interval of a lift may be open upwards.
            value.is_finite() && interval.is_sound() && interval.upper.is_finite()
        };
        let numbers = [self.z, self.standard_error, self.p, self.multiplier];
        estimates.into_iter().all(sound) && numbers.into_iter().all(f64::is_finite)
    }
}
