//! Comparisons of means, by the larger of Welch's and the pooled standard error.

use super::{
    Comparison, Method,
    errors::{Errors, of_constants},
    pair::Pair,
};
use crate::stats::{Mean, NoAnswer, Test};

/// Compares the mean of a track with that of control.
///
/// The standard error is the larger of Welch's and the pooled one, so it is valid for tracks of any share. A
/// test at a fixed size uses a t distribution with the degrees of freedom of Welch and Satterthwaite. The
/// lift is by Fieller's theorem. If neither track has any spread but the means differ, the spread is that of
/// all units around the common mean.
///
/// The larger error costs power if shares are uneven and values are skewed: use even shares, a cap or a rate.
///
/// ```
/// use tower_tracks::stats::{Mean, NoAnswer, Spread, Test, compare_means};
///
/// // Nothing failed in control, everything did in the track.
/// let control = Mean::from_integers(500, 0, 0, 1.0)?;
/// let track = Mean::from_integers(500, 500, 500, 1.0)?;
/// let test = Test::always_valid(0.05)?;
/// let comparison = compare_means(&control, &track, &test)?;
/// assert!(comparison.is_significant());
/// assert_eq!(comparison.spread, Spread::Common);
/// assert_eq!(compare_means(&track, &track, &test), Err(NoAnswer::NoSpread));
/// # Ok::<(), NoAnswer>(())
/// ```
///
/// Source: Welch 1947; Fieller 1954.
///
/// # Errors
///
/// If a track has fewer than two units, if all units have the same value, or if there are more than 2⁵³
/// units.
pub fn compare_means(control: &Mean, track: &Mean, test: &Test) -> Result<Comparison, NoAnswer> {
    let (control, track) = (control.sound()?, track.sound()?);
    let difference = (track.mean - control.mean) + (track.rest - control.rest);
    let apart = of_constants(control.mean, track.mean, difference);
    let common = common_variance((control.units, track.units), apart);
    Pair {
        method: Method::Welch,
        units: control.units + track.units,
        control: control.mean,
        track: track.mean,
        difference,
        errors: Errors::of(control.into(), track.into(), common)?,
        by_t: true,
    }
    .compared(test)
}

/// The variance of all units around the common mean, where those of a track have one value:
/// `n₀ n₁/N · d²/(N − 1)`.
fn common_variance((control, track): (u64, u64), difference: f64) -> f64 {
    let (n0, n1) = (control as f64, track as f64);
    let all = n0 + n1;
    difference * (n0 / all * (n1 / (all - 1.0))) * difference
}
