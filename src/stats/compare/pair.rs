//! What comparisons of means and of ratios have in common.

use super::{
    Comparison, Method,
    errors::Errors,
    fieller::{Measured, lift, lift_interval},
};
use crate::stats::{Estimate, Interval, NoAnswer, Test};

/// Two values with their errors, ready to be compared.
pub(super) struct Pair {
    pub(super) method: Method,
    /// The units of both.
    pub(super) units: u64,
    pub(super) control: f64,
    pub(super) track: f64,
    /// The track less control, in which nothing cancelled.
    pub(super) difference: f64,
    pub(super) errors: Errors,
    /// Whether a t distribution judges a fixed test.
    pub(super) by_t: bool,
}

impl Pair {
    /// Judges the difference, and makes all intervals by the same multiplier.
    ///
    /// # Errors
    ///
    /// Where a number is too large or too small for a double.
    pub(super) fn compared(&self, test: &Test) -> Result<Comparison, NoAnswer> {
        let standard_error = self.errors.of_difference();
        let z = self.difference / standard_error;
        let freedom = Some(self.errors.degrees_of_freedom).filter(|_| self.by_t);
        let (multiplier, p) = test
            .judge(z, self.units, freedom)
            .ok_or(NoAnswer::OutOfRange)?;
        // The errors of the difference are those of the lift too.
        let measured = |value, squared_error| Measured {
            value,
            squared_error,
        };
        let control = measured(self.control, self.errors.control);
        let track = measured(self.track, self.errors.track);
        Comparison {
            method: self.method,
            spread: self.errors.spread,
            always_valid: test.is_always_valid(),
            units: self.units,
            control: self.by_itself(control, multiplier),
            track: self.by_itself(track, multiplier),
            difference: around(self.difference, multiplier * standard_error),
            lift: lift(control, self.difference),
            lift_interval: lift_interval(control, track, self.difference, multiplier),
            z,
            standard_error,
            // A boundary for every look is one of a normal deviate.
            degrees_of_freedom: freedom.filter(|_| !test.is_always_valid()),
            multiplier,
            p,
            alpha: test.alpha(),
            unadjusted: None,
        }
        .agreed()
    }

    /// The estimate of one track, whose error is its own.
    fn by_itself(&self, measured: Measured, multiplier: f64) -> Estimate {
        // The pooled error is one of the difference alone.
        let error = (measured.squared_error / self.errors.scale).sqrt();
        around(measured.value, multiplier * error)
    }
}

fn around(value: f64, half: f64) -> Estimate {
    let interval = Interval::around(value, half);
    Estimate { value, interval }
}
