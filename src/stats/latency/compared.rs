//! A comparison of percentiles as one of any goal, with a difference in milliseconds.

use super::{
    compare::compare_latencies,
    comparison::QuantileEstimate,
    histogram::{GROUPS, Latencies},
};
use crate::stats::{Comparison, Estimate, Interval, Method, NoAnswer, Spread, Test};

impl Comparison {
    /// Compares the 95th percentile of a track with that of control.
    ///
    /// The intervals are computed from the limits of the two tracks, moved to the edges of their bins. What they say
    /// about 0 is settled by the test.
    ///
    /// # Errors
    ///
    /// Without requests, with so few that a limit is missing, and if a percentile may be in the last bin, which has
    /// no end.
    pub(in crate::stats) fn of_latencies(
        control: &Latencies,
        track: &Latencies,
        test: &Test,
    ) -> Result<Self, NoAnswer> {
        let found = compare_latencies(control, track, test)?;
        let (low, high) = (limits(&found.control)?, limits(&found.track)?);
        let difference = Estimate {
            value: high.value - low.value,
            interval: difference_of(&low, &high, |limit| limit),
        };
        // The same of the logarithms, whose lower limit may be minus infinity.
        let ratio = difference_of(&low, &high, libm::log);
        let comparison = Self {
            method: Method::Percentile,
            spread: Spread::PerTrack,
            always_valid: test.is_always_valid(),
            units: found.units,
            control: low,
            track: high,
            difference,
            lift: Ok(found.lift),
            lift_interval: Ok(Interval {
                lower: libm::expm1(ratio.lower),
                upper: libm::expm1(ratio.upper),
            }),
            z: found.z,
            standard_error: difference.interval.width() / 2.0 / found.multiplier,
            degrees_of_freedom: Some((GROUPS - 1) as f64),
            multiplier: found.multiplier,
            p: found.p,
            alpha: found.alpha,
            unadjusted: None,
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

/// Returns the limits of the difference of two percentiles on a scale, each computed from the far limit of one and
/// the near one of the other.
fn difference_of(low: &Estimate, high: &Estimate, scale: fn(f64) -> f64) -> Interval {
    let all = |found: &Estimate| {
        let Interval { lower, upper } = found.interval;
        [lower, found.value, upper].map(scale)
    };
    let ([l0, q0, u0], [l1, q1, u1]) = (all(low), all(high));
    Interval {
        lower: q1 - q0 - libm::hypot(q1 - l1, u0 - q0),
        upper: q1 - q0 + libm::hypot(u1 - q1, q0 - l0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constant(milliseconds: f64) -> Latencies {
        let mut latencies = Latencies::new(1000);
        (0..1000).for_each(|unit| latencies.record(unit, milliseconds));
        latencies
    }

    fn compared(control: f64, track: f64) -> Result<Comparison, NoAnswer> {
        let test = Test::always_valid(0.05)?;
        Comparison::of_latencies(&constant(control), &constant(track), &test)
    }

    /// Durations in one bin cannot be distinguished, so the intervals include the whole bin.
    #[test]
    fn intervals_contain_what_bins_hide() {
        let found = compared(0.005, 0.095).unwrap();
        assert!(!found.is_significant());
        let lift = found.lift_interval.unwrap();
        assert!(
            lift.lower <= -0.99 && lift.upper == f64::INFINITY,
            "{lift:?}"
        );
        let difference = found.difference.interval;
        assert!(
            difference.lower < -0.09 && difference.upper > 0.09,
            "{difference:?}"
        );
        let found = compared(495.0, 530.0).unwrap();
        let difference = found.difference.interval;
        assert!(
            difference.lower < -35.0 && difference.upper > 3.0,
            "{difference:?}"
        );
    }

    /// The last bin has no end, so there is no interval.
    #[test]
    fn nothing_is_known_beyond_two_minutes() {
        assert_eq!(compared(50.0, 500_000.0), Err(NoAnswer::OutOfRange));
    }
}
