use crate::stats::{Estimate, Interval, NoAnswer};

/// A track beside control on one goal: what was seen, and what it may be in truth.
///
/// The difference and the lift are of the track over control. The intervals and p are of one
/// test, so that `p ≤ alpha` exactly when the intervals exclude no effect.
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
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
    pub lift: Result<f64, NoAnswer>,
    /// The interval of the lift. It can exist without the lift, if there is no conversion in control.
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
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
    pub fn is_significant(&self) -> bool {
        self.p <= self.alpha
    }

    /// Returns the difference that is detectable so far: half of the interval's width.
    pub fn tells_apart(&self) -> f64 {
        self.difference.interval.width() / 2.0
    }

    /// Test and intervals in one voice, if all of it is numbers.
    pub(super) fn agreed(mut self) -> Result<Self, NoAnswer> {
        let excluded = self.is_significant();
        self.difference.interval = self.difference.interval.settled(0.0, excluded);
        if !self.is_sound() {
            return Err(NoAnswer::OutOfRange);
        }
        self.lift = self.lift.and_then(finite);
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
            value.is_finite() && interval.is_sound() && interval.upper.is_finite()
        };
        let numbers = [self.z, self.standard_error, self.p, self.multiplier];
        estimates.into_iter().all(sound) && numbers.into_iter().all(f64::is_finite)
    }
}

fn finite(number: f64) -> Result<f64, NoAnswer> {
    number
        .is_finite()
        .then_some(number)
        .ok_or(NoAnswer::OutOfRange)
}
