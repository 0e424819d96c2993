//! The result of comparing one track with control.

use crate::stats::{Estimate, Interval, NoAnswer};

/// A track beside control on one goal: what was seen, and what it may be in truth.
///
/// The difference and the lift are of the track over control. The intervals and p are of one
/// test, so that `p ≤ alpha` exactly when the intervals exclude no effect.
///
/// Made by [`compare_rates`](crate::stats::compare_rates),
/// [`compare_means`](crate::stats::compare_means) and
/// [`compare_ratios`](crate::stats::compare_ratios).
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
    /// How it was computed.
    pub method: Method,
    /// Which spread the standard error is of.
    pub spread: Spread,
    /// Whether it holds at every look.
    pub always_valid: bool,
    /// The units of both together.
    pub units: u64,
    /// Control, in the goal's unit.
    pub control: Estimate,
    /// The track, in the goal's unit.
    pub track: Estimate,
    /// The track less control, in the goal's unit (0.01 is one percentage point of a rate).
    pub difference: Estimate,
    /// The track over control, less 1 (0.1 is 10% more).
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub lift: Result<f64, NoAnswer>,
    /// The interval of the lift. It can exist without the lift, if there is no conversion in control.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::stats::answer_json"))]
    pub lift_interval: Result<Interval, NoAnswer>,
    /// How many standard errors the difference is from 0.
    pub z: f64,
    /// The standard error that z counts; 0 of rates that do not vary.
    pub standard_error: f64,
    /// The degrees of freedom of that, where it is judged by a t distribution.
    pub degrees_of_freedom: Option<f64>,
    /// How far z has to be from 0.
    pub multiplier: f64,
    /// How probable so large a z were without an effect; 0 when it is below 1e-300. A test that is
    /// always valid bounds the probability of ever seeing it.
    pub p: f64,
    /// What p is compared with, after alpha was shared among comparisons.
    pub alpha: f64,
}

/// How a comparison was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Method {
    /// Rates: pooled z, score intervals (Mee 1984, Koopman 1984, Wilson 1927).
    Score,
    /// Means: the larger of the error of Welch 1947 and the pooled one, lift by Fieller 1954.
    Welch,
    /// Ratios of sums: delta method on the unit (Deng, Knoblich & Lu 2018), lift by Fieller 1954.
    Delta,
}

/// Which spread the standard error of a comparison is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Spread {
    /// Each track's own (Welch 1947).
    PerTrack,
    /// That of both tracks together. Rates always have it; means and ratios where it is the
    /// larger one, which costs power where shares are uneven and values skewed.
    Pooled,
    /// That of all units around the common mean, since neither track has any spread of its own.
    Common,
}

impl Comparison {
    /// Returns whether chance alone would hardly do this: `p ≤ alpha`.
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

    /// Returns the difference that is detectable so far: half of the interval's width, in the goal's
    /// unit. It shrinks as units come in.
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
    pub(super) fn agreed(mut self) -> Result<Self, NoAnswer> {
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
