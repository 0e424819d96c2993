//! The interval of a lift of means and of ratios.
//!
//! The delta method would be simpler, and disagrees with the test where control is not far from 0.

use crate::stats::{Interval, NoAnswer};

/// A number and its squared standard error.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) value: f64,
    pub(super) squared_error: f64,
}

/// Returns the interval of the lift of one number over another: all `R − 1` for which
/// `m₁ − R m₀` is within `c` standard errors of 0.
///
/// With `g = c² A / m₀²` and `r = m₁/m₀`, where `A` and `B` are the squared errors of control and
/// track: `R = (r ± c/m₀ √(A r² + B (1 − g))) / (1 − g)`.
///
/// Source: Fieller 1954.
///
/// # Errors
///
/// Unless control is significantly above 0 (`g < 1`).
pub(super) fn lift_interval(
    control: Measured,
    track: Measured,
    difference: f64,
    multiplier: f64,
) -> Result<Interval, NoAnswer> {
    let lift = lift(control, difference)?;
    let ratio = lift + 1.0;
    let scaled = multiplier / control.value;
    let g = scaled * scaled * control.squared_error;
    // Control is not significantly above 0, and a ratio to what may be 0 has no bounds.
    if g >= 1.0 {
        return Err(NoAnswer::ControlMayBeZero);
    }
    let spread = control.squared_error * ratio * ratio + track.squared_error * (1.0 - g);
    let half = scaled * spread.sqrt() / (1.0 - g);
    // `r/(1−g) − 1` without a cancellation around 0.
    let middle = (lift + g) / (1.0 - g);
    Ok(Interval::around(middle, half))
}

/// Returns the lift of one number over another, given their difference.
///
/// # Errors
///
/// Unless control is above 0.
pub(super) fn lift(control: Measured, difference: f64) -> Result<f64, NoAnswer> {
    // A share of a negative mean would have the opposite sign of the difference.
    if control.value > 0.0 {
        Ok(difference / control.value)
    } else {
        Err(NoAnswer::NothingToRelateTo)
    }
}
