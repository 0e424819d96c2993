use super::{
    Comparison, Method,
    fieller::{Measured, lift, lift_interval},
};
use crate::stats::{Estimate, Interval, Mean, NoAnswer, Ratio, Test};

/// Compares the mean of a track with that of control.
///
/// Variances are not pooled. At a fixed size it is judged by a t distribution with the degrees of
/// freedom of Welch and Satterthwaite; the lift is by Fieller's theorem.
///
/// Source: Welch 1947; Fieller 1954.
///
/// # Errors
///
/// Unless both tracks have two units, and one of them two different values.
pub fn compare_means(control: &Mean, track: &Mean, test: &Test) -> Result<Comparison, NoAnswer> {
    let (control, track) = (control.sound()?, track.sound()?);
    let measured = |mean: &Mean| {
        mean.squared_error().map(|squared_error| Measured {
            value: mean.mean,
            squared_error,
        })
    };
    Pair {
        method: Method::Welch,
        units: control.units.saturating_add(track.units),
        control: measured(&control)?,
        track: measured(&track)?,
        // Less one, of each.
        freedom: Some((
            control.units.saturating_sub(1),
            track.units.saturating_sub(1),
        )),
    }
    .compared(test)
}

/// Compares a ratio of sums in a track with that in control, such as errors per request.
///
/// The unit of the test is the unit that was assigned, not the request: the requests of one
/// unit are alike.
///
/// Source: Deng, Knoblich & Lu 2018; Fieller 1954.
///
/// # Errors
///
/// Unless both tracks have two rows and denominators above 0, and one of them any spread.
pub fn compare_ratios(control: &Ratio, track: &Ratio, test: &Test) -> Result<Comparison, NoAnswer> {
    let measured = |ratio: &Ratio| {
        Ok(Measured {
            value: ratio.value()?,
            squared_error: ratio.squared_error()?,
        })
    };
    Pair {
        method: Method::Delta,
        units: control.units.saturating_add(track.units),
        control: measured(control)?,
        track: measured(track)?,
        freedom: None,
    }
    .compared(test)
}

/// Two numbers with their standard errors.
struct Pair {
    method: Method,
    units: u64,
    control: Measured,
    track: Measured,
    /// The degrees of freedom of each, where the t distribution judges.
    freedom: Option<(u64, u64)>,
}

impl Pair {
    fn compared(&self, test: &Test) -> Result<Comparison, NoAnswer> {
        let value = self.track.value - self.control.value;
        let error = (self.control.squared_error + self.track.squared_error).sqrt();
        if error == 0.0 {
            return Err(NoAnswer::NoSpread);
        }
        let z = value / error;
        let degrees_of_freedom = self.freedom.map(|freedom| self.satterthwaite(freedom));
        let (multiplier, p) = test
            .judge(z, self.units, degrees_of_freedom)
            .ok_or(NoAnswer::OutOfRange)?;
        Comparison {
            method: self.method,
            always_valid: test.is_always_valid(),
            units: self.units,
            control: estimate(self.control, multiplier),
            track: estimate(self.track, multiplier),
            difference: Estimate {
                value,
                interval: Interval::around(value, multiplier * error),
            },
            lift: lift(self.control, self.track),
            lift_interval: lift_interval(self.control, self.track, multiplier),
            z,
            degrees_of_freedom: degrees_of_freedom.filter(|_| !test.is_always_valid()),
            multiplier,
            p,
            alpha: test.alpha(),
        }
        .agreed(test)
    }

    /// `(A + B)² / (A²/(n₀−1) + B²/(n₁−1))`, by shares, so that nothing underflows.
    fn satterthwaite(&self, freedom: (u64, u64)) -> f64 {
        let all = self.control.squared_error + self.track.squared_error;
        let share = self.control.squared_error / all;
        let rest = self.track.squared_error / all;
        1.0 / (share * share / freedom.0 as f64 + rest * rest / freedom.1 as f64)
    }
}

fn estimate(measured: Measured, multiplier: f64) -> Estimate {
    let half = multiplier * measured.squared_error.sqrt();
    Estimate {
        value: measured.value,
        interval: Interval::around(measured.value, half),
    }
}
