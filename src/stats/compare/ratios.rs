//! Comparisons of ratios of sums, by the delta method on the unit.

use super::{
    Comparison, Method,
    errors::{Errors, Sample, of_constants},
    pair::Pair,
};
use crate::stats::{NoAnswer, Ratio, Test};

/// Compares a ratio of sums in a track with that in control, such as errors per request.
///
/// The test counts the units that were assigned, not their requests, because the requests of one unit are
/// alike. The standard error is the larger of Welch's and the pooled one, as in
/// [`compare_means`](crate::stats::compare_means), for the values linearised at the ratio of each track.
///
/// ```
/// use tower_tracks::stats::{RatioSums, Test, compare_ratios};
///
/// // Errors by requests of 1,200 and 1,180 units.
/// let control = RatioSums {
///     rows: 1200,
///     numerator: 374.0,
///     numerator_squares: 712.0,
///     denominator: 9386.0,
///     denominator_squares: 128_498.0,
///     products: 4954.0,
/// };
/// let track = RatioSums {
///     rows: 1180,
///     numerator: 319.0,
///     numerator_squares: 587.0,
///     denominator: 9076.0,
///     denominator_squares: 124_994.0,
///     products: 4241.0,
/// };
/// let found = compare_ratios(&control.ratio()?, &track.ratio()?, &Test::fixed(0.05)?)?;
/// assert_eq!(found.lift.map(|lift| (lift * 100.0).round()), Ok(-12.0));
/// assert!(!found.is_significant());
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Deng, Knoblich & Lu 2018; Fieller 1954.
///
/// # Errors
///
/// If a track has fewer than two rows or a denominator that is not above 0, if all rows are equal, or if
/// there are more than 2⁵³ units.
pub fn compare_ratios(control: &Ratio, track: &Ratio, test: &Test) -> Result<Comparison, NoAnswer> {
    let values = (control.value()?, track.value()?);
    let difference = (values.1 - values.0) + (track.rest() - control.rest());
    let sample = |ratio: &Ratio| {
        Ok(Sample {
            rows: ratio.rows,
            variance: ratio.variance()?,
        })
    };
    let apart = of_constants(values.0, values.1, difference);
    let common = common_variance(control, track, apart);
    Pair {
        method: Method::Delta,
        // A boundary counts the units that were assigned, though the error is one of rows.
        units: control.units + track.units,
        control: values.0,
        track: values.1,
        difference,
        errors: Errors::of(sample(control)?, sample(track)?, common)?,
        by_t: false,
    }
    .compared(test)
}

/// The variance of all rows, linearised at the common ratio and mean denominator, where those of a
/// track have one ratio: `Σ ((Rᵢ − R) d)² / D̄² / (N − 1)`.
fn common_variance(control: &Ratio, track: &Ratio, difference: f64) -> f64 {
    let rows = control.rows as f64 + track.rows as f64;
    let (sum, other) = (denominators(control), denominators(track));
    let all = sum + other;
    // The common ratio divides the difference by the denominators.
    let (from_control, from_track) = (difference * (other / all), difference * (sum / all));
    let squares = from_control * from_control * denominator_squares(control)
        + from_track * from_track * denominator_squares(track);
    let mean = all / rows;
    squares / mean / mean / (rows - 1.0)
}

/// The sum of the denominators.
fn denominators(ratio: &Ratio) -> f64 {
    ratio.denominator * ratio.rows as f64
}

/// The sum of their squares, from variance and mean.
fn denominator_squares(ratio: &Ratio) -> f64 {
    let rows = ratio.rows as f64;
    (rows - 1.0) * ratio.denominator_variance + rows * ratio.denominator * ratio.denominator
}
