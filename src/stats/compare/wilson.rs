//! The interval of a single rate.

use crate::stats::{Estimate, Interval, NoAnswer, Rate};

/// Returns a rate and its score interval.
///
/// The limits are `(p̂ + c²/2n ± c √(p̂q̂/n + c²/4n²)) / (1 + c²/n)`. Their product is `p̂² / (1 + c²/n)`;
/// the lower limit is computed from it, so that it stays exact. The limits are from 0 to 1, even if no unit
/// or every unit converted.
///
/// ```
/// use tower_tracks::stats::{Rate, wilson};
///
/// let interval = wilson(&Rate { units: 10_000, converters: 1100 }, 1.959_964)?.interval;
/// assert_eq!([interval.lower, interval.upper].map(|p| (p * 1e4).round()), [1040.0, 1163.0]);
/// let none = wilson(&Rate { units: 100, converters: 0 }, 1.959_964)?.interval;
/// assert!(none.lower == 0.0 && none.upper > 0.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Wilson 1927.
///
/// # Errors
///
/// If there are no units, more than 2⁵³ units, or more converters than units.
pub fn wilson(rate: &Rate, multiplier: f64) -> Result<Estimate, NoAnswer> {
    let value = rate.value()?;
    let n = rate.units as f64;
    let share = multiplier * multiplier / n;
    let others = rate.others() as f64 / n;
    let half = (share * (value * others + share / 4.0)).sqrt();
    // At the ends the limits are known exactly, and elsewhere a rounding must not put the rate
    // outside of its own interval.
    let upper = match rate.others() {
        0 => 1.0,
        _ => ((value + share / 2.0 + half) / (1.0 + share))
            .max(value)
            .min(1.0),
    };
    let lower = match rate.converters {
        0 => 0.0,
        _ => (value * value / (1.0 + share) / upper).min(value),
    };
    let interval = Interval { lower, upper };
    Ok(Estimate { value, interval })
}
