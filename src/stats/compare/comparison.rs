use crate::stats::{Estimate, Interval, NoAnswer, Test};

/// A track beside control on one goal: what was seen, and what it may be in truth.
///
/// The difference and the lift are of the track over control. The intervals and p are of one
/// test, so that `p ≤ alpha` exactly when the intervals exclude no effect.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Comparison {
    /// How it was computed.
    pub method: Method,
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
    /// The track over control, less 1 (0.1 is 10 % more).
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
    pub lift: Result<f64, NoAnswer>,
    /// What the lift may be in truth. It can be known where the lift is not, if nobody converted
    /// in control.
    #[cfg_attr(
        feature = "serde",
        serde(serialize_with = "crate::stats::answer::serialize")
    )]
    pub lift_interval: Result<Interval, NoAnswer>,
    /// How many standard errors the difference is from 0.
    pub z: f64,
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
    /// Means: Welch 1947, lift by Fieller 1954.
    Welch,
    /// Ratios of sums: delta method on the unit (Deng, Knoblich & Lu 2018), lift by Fieller 1954.
    Delta,
}

impl Comparison {
    /// Returns whether chance alone would hardly do this: `p ≤ alpha`.
    pub fn is_significant(&self) -> bool {
        self.p <= self.alpha
    }

    /// Test and intervals in one voice, if all of it is numbers.
    pub(super) fn agreed(mut self, test: &Test) -> Result<Self, NoAnswer> {
        self.alpha = test.alpha();
        self.always_valid = test.is_always_valid();
        let excluded = self.p <= self.alpha;
        self.difference.interval = self.difference.interval.settled(0.0, excluded);
        let estimates = [self.control, self.track, self.difference];
        let sound = estimates.iter().all(|estimate| {
            estimate.value.is_finite()
                && estimate.interval.is_sound()
                && estimate.interval.upper.is_finite()
        });
        let numbers = [self.z, self.p, self.multiplier];
        if !sound || numbers.iter().any(|number| !number.is_finite()) {
            return Err(NoAnswer::OutOfRange);
        }
        self.lift = self.lift.and_then(finite);
        self.lift_interval = self.lift_interval.and_then(|interval| {
            let settled = interval.settled(0.0, excluded);
            settled
                .is_sound()
                .then_some(settled)
                .ok_or(NoAnswer::OutOfRange)
        });
        Ok(self)
    }
}

fn finite(number: f64) -> Result<f64, NoAnswer> {
    number
        .is_finite()
        .then_some(number)
        .ok_or(NoAnswer::OutOfRange)
}
