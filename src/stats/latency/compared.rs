//! A comparison of percentiles as one of any goal, with a difference in milliseconds.

use super::{
    compare::compare_latencies,
    comparison::{QuantileComparison, QuantileEstimate},
    histogram::{GROUPS, Latencies},
};
use crate::stats::{Comparison, Estimate, Interval, Method, NoAnswer, Spread, Test};

impl Comparison {
    /// Compares the 95th percentile of a track with that of control.
    ///
    /// The interval of the difference is computed from the limits of the two tracks, as that of the lift is, but
    /// from the edges of their bins. What it says about 0 is settled by the test.
    ///
    /// # Errors
    ///
    /// Without requests, and with so few that a limit is missing.
    pub(in crate::stats) fn of_latencies(
        control: &Latencies,
        track: &Latencies,
        test: &Test,
    ) -> Result<Self, NoAnswer> {
        let found = compare_latencies(control, track, test)?;
        let (low, high) = (limits(&found.control)?, limits(&found.track)?);
        let (q0, q1) = (low.value, high.value);
        let below = libm::hypot(q1 - high.interval.lower, low.interval.upper - q0);
        let above = libm::hypot(high.interval.upper - q1, q0 - low.interval.lower);
        let difference = Interval {
            lower: q1 - q0 - below,
            upper: q1 - q0 + above,
        };
        let estimate = Estimate {
            value: q1 - q0,
            interval: difference,
        };
        let comparison = Self {
            method: Method::Percentile,
            spread: Spread::PerTrack,
            always_valid: test.is_always_valid(),
            units: found.units,
            control: low,
            track: high,
            difference: estimate,
            lift: Ok(found.lift),
            lift_interval: lift(&found),
            z: found.z,
            standard_error: difference.width() / 2.0 / found.multiplier,
            degrees_of_freedom: Some((GROUPS - 1) as f64),
            multiplier: found.multiplier,
            p: found.p,
            alpha: found.alpha,
        };
        comparison.agreed()
    }
}

/// Returns a percentile with both limits.
fn limits(found: &QuantileEstimate) -> Result<Estimate, NoAnswer> {
    let [Some(lower), Some(upper)] = found.limits_of_bins() else {
        return Err(NoAnswer::TooEarly);
    };
    Ok(Estimate {
        value: found.milliseconds,
        interval: Interval { lower, upper },
    })
}

/// Returns the limits of the lift.
fn lift(found: &QuantileComparison) -> Result<Interval, NoAnswer> {
    let limits = found.lift_lower.zip(found.lift_upper);
    let (lower, upper) = limits.ok_or(NoAnswer::TooEarly)?;
    Ok(Interval { lower, upper })
}
