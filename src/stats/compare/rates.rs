//! Comparisons of rates, by the pooled z and the score intervals that invert it.
//!
//! The delta method for the lift, which is simpler, doubles the false positives of small tracks.

use super::{Comparison, Method, Spread, difference, ratio, wilson};
use crate::stats::{NoAnswer, Rate, Test};

/// Compares the rate of a track with that of control.
///
/// The test is the pooled z. The intervals of the difference and the lift are the score intervals that invert
/// this test, so that all three agree.
///
/// ```
/// use tower_tracks::stats::{Rate, Test, compare_rates};
///
/// let control = Rate { units: 10_000, converters: 1000 };
/// let track = Rate { units: 10_000, converters: 1100 };
/// let comparison = compare_rates(&control, &track, &Test::fixed(0.05)?)?;
/// assert!(comparison.is_significant() && comparison.difference.interval.excludes(0.0));
///
/// // A test that is valid at every look needs more data.
/// let comparison = compare_rates(&control, &track, &Test::always_valid(0.05)?)?;
/// assert!(!comparison.is_significant() && !comparison.difference.interval.excludes(0.0));
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If a track has no units, more than 2⁵³ units, or more converters than units.
pub fn compare_rates(control: &Rate, track: &Rate, test: &Test) -> Result<Comparison, NoAnswer> {
    let z = pooled_z(control, track)?;
    let units = control.units + track.units;
    let multiplier = test.multiplier(units);
    let value = difference(control, track);
    Comparison {
        method: Method::Score,
        spread: Spread::Pooled,
        always_valid: test.is_always_valid(),
        units,
        control: wilson(control, multiplier)?,
        track: wilson(track, multiplier)?,
        difference: difference::estimate(control, track, value, multiplier),
        lift: lift(control, track),
        lift_interval: Ok(ratio::lift_interval(control, track, value, multiplier)),
        z,
        standard_error: pooled_error(control, track),
        degrees_of_freedom: None,
        multiplier,
        p: test.p(z, units),
        alpha: test.alpha(),
        unadjusted: None,
    }
    .agreed()
}

/// Returns the pooled z of two rates, `(p̂₁ − p̂₀) / √(p̄q̄ (1/n₀ + 1/n₁))`; 0 if no unit or every unit
/// converted.
///
/// Its square is the chi-square of the two-by-two table, without a continuity correction.
///
/// ```
/// use tower_tracks::stats::{Rate, pooled_z};
///
/// let control = Rate { units: 10_000, converters: 1000 };
/// let track = Rate { units: 10_000, converters: 1100 };
/// assert_eq!((pooled_z(&control, &track)? * 1e4).round(), 23_066.0);
/// assert_eq!(pooled_z(&control, &control)?, 0.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If a track has no units, more than 2⁵³ units, or more converters than units.
pub fn pooled_z(control: &Rate, track: &Rate) -> Result<f64, NoAnswer> {
    control.value()?;
    track.value()?;
    match pooled_error(control, track) {
        0.0 => Ok(0.0),
        error => Ok(difference(control, track) / error),
    }
}

/// `√(p̄q̄ (1/n₀ + 1/n₁))`.
fn pooled_error(control: &Rate, track: &Rate) -> f64 {
    let (n0, n1) = (control.units as f64, track.units as f64);
    let all = n0 + n1;
    let converters = control.converters as f64 + track.converters as f64;
    let others = control.others() as f64 + track.others() as f64;
    (converters / all * (others / all) * (1.0 / n0 + 1.0 / n1)).sqrt()
}

/// `p̂₁ − p̂₀`.
fn difference(control: &Rate, track: &Rate) -> f64 {
    crossed(control, track) / (control.units as f64 * track.units as f64)
}

/// `p̂₁/p̂₀ − 1`.
fn lift(control: &Rate, track: &Rate) -> Result<f64, NoAnswer> {
    match control.converters {
        0 => Err(NoAnswer::NothingToRelateTo),
        converters => Ok(crossed(control, track) / (converters as f64 * track.units as f64)),
    }
}

/// `x₁ n₀ − x₀ n₁`, by integers, so that nothing cancels.
fn crossed(control: &Rate, track: &Rate) -> f64 {
    let product = |one: &Rate, other: &Rate| u128::from(one.converters) * u128::from(other.units);
    let (up, down) = (product(track, control), product(control, track));
    let magnitude = up.abs_diff(down) as f64;
    if up < down { -magnitude } else { magnitude }
}
