//! Comparisons of means after an adjustment by a covariate (CUPED).

use super::{Comparison, Unadjusted, compare_means};
use crate::stats::{Covaried, Mean, NoAnswer, Test};

/// The units with a covariate that an adjustment needs, in both tracks together.
const LEAST: u64 = 100;

/// A comparison of means after an adjustment by a covariate.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Adjusted {
    /// The comparison of the adjusted values, or of the plain values if they are not adjusted.
    pub comparison: Comparison,
    /// Why the covariate was not used.
    pub unused: Option<Unused>,
    /// The coefficient of the covariate; 0 if it was not used.
    pub theta: f64,
    /// The mean of the covariate in both tracks together.
    pub covariate_mean: f64,
    /// The share of the squared standard error that the adjustment removed.
    pub variance_reduction: f64,
}

/// Why a covariate was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Unused {
    /// It is the same for all units of a track.
    Constant,
    /// Fewer than 100 units in both tracks together have a covariate.
    Few,
    /// The adjusted values cannot be compared: the covariate explains all differences between units.
    NothingLeft,
}

/// Compares the mean of a track with that of control after an adjustment by a covariate (CUPED). The
/// covariate was known before the exposure, such as the total of a unit in the weeks before.
///
/// The covariate cannot depend on the track. So the adjustment does not change the expected difference, and
/// it removes the part of the standard error that the covariate explains. With sums of squares and products
/// around the means of each track, added over both tracks:
///
/// ```text
/// θ = Σ (x − x̄)(y − ȳ) / Σ (x − x̄)²,    adjusted value: y − θ (x − x̄ of all)
/// ```
///
/// The adjusted values are compared with [`compare_means`].
///
/// ```
/// use tower_tracks::stats::{CovariateSums, Test, compare_adjusted_means};
///
/// let sums = |units, value, value_squares, covariate, covariate_squares, products| {
///     CovariateSums {
///         units, value, value_squares, covariate, covariate_squares, products,
///         with_covariate: units,
///     }
/// };
/// let control = sums(800, 41_999.49, 2_438_391.45, 15_915.65, 479_915.44, 976_928.14);
/// let track = sums(820, 43_584.95, 2_542_685.34, 16_691.82, 503_654.78, 1_018_074.37);
/// let test = Test::fixed(0.05)?;
/// let found = compare_adjusted_means(&control.covaried()?, &track.covaried()?, &test)?;
/// // Half of the variance is explained: as good as twice the units.
/// assert_eq!((found.variance_reduction * 100.0).round(), 49.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Deng, Xu, Kohavi & Walker 2013, "Improving the sensitivity of online controlled
/// experiments by utilizing pre-experiment data".
///
/// # Errors
///
/// If the plain means cannot be compared.
pub fn compare_adjusted_means(
    control: &Covaried,
    track: &Covaried,
    test: &Test,
) -> Result<Adjusted, NoAnswer> {
    let plain = compare_means(&control.value, &track.value, test)?;
    let (tracks, covariate_mean) = ([control, track], covariate_mean(control, track));
    let theta = theta(tracks);
    let mut adjusted = Adjusted {
        comparison: plain,
        unused: theta.err(),
        theta: theta.unwrap_or(0.0),
        covariate_mean,
        variance_reduction: 0.0,
    };
    if let Ok(theta) = theta {
        let [control, track] = adjust(tracks, theta, covariate_mean);
        let Ok(comparison) = compare_means(&control, &track, test) else {
            // The covariate explains everything, so that nothing is left to compare.
            (adjusted.unused, adjusted.theta) = (Some(Unused::NothingLeft), 0.0);
            return Ok(adjusted);
        };
        adjusted.comparison = comparison;
        let share = adjusted.comparison.standard_error / plain.standard_error;
        adjusted.variance_reduction = 1.0 - share * share;
        let unadjusted = Unadjusted::of(&plain, adjusted.variance_reduction);
        adjusted.comparison.unadjusted = Some(unadjusted);
    }
    Ok(adjusted)
}

/// The mean covariate of both tracks, by their units.
fn covariate_mean(control: &Covaried, track: &Covaried) -> f64 {
    let (n0, n1) = (control.value.units as f64, track.value.units as f64);
    // By shares, because a sum of large covariates could overflow.
    control.covariate.mean * (n0 / (n0 + n1)) + track.covariate.mean * (n1 / (n0 + n1))
}

/// What a unit of the covariate is worth, within tracks.
fn theta(tracks: [&Covaried; 2]) -> Result<f64, Unused> {
    // Around the mean of each track: a difference between the tracks is their effect, and must not
    // be explained by the covariate.
    let sum = |of: fn(&Covaried) -> f64| {
        let free = |track: &Covaried| (track.value.units - 1) as f64;
        let parts = tracks.iter().map(|track| free(track) * of(track));
        parts.sum::<f64>()
    };
    let squares = sum(|track| track.covariate.variance);
    if squares == 0.0 {
        return Err(Unused::Constant);
    }
    if tracks.iter().map(|track| track.with_covariate).sum::<u64>() < LEAST {
        return Err(Unused::Few);
    }
    Ok(sum(|track| track.covariance) / squares)
}

/// The adjusted means.
fn adjust(tracks: [&Covaried; 2], theta: f64, covariate_mean: f64) -> [Mean; 2] {
    let adjusted = |track: &Covaried| Mean {
        mean: track.value.mean - theta * (track.covariate.mean - covariate_mean),
        variance: left(track, theta),
        ..track.value
    };
    let [mut control, mut track] = tracks.map(adjusted);
    // The difference itself is of the exact means.
    let apart = |of: fn(&Covaried) -> &Mean| {
        let [control, track] = tracks.map(of);
        (track.mean - control.mean) + (track.rest - control.rest)
    };
    let difference = apart(|track| &track.value) - theta * apart(|track| &track.covariate);
    (control.rest, track.rest) = (0.0, difference - (track.mean - control.mean));
    [control, track]
}

/// The variance that the covariate leaves.
fn left(track: &Covaried, theta: f64) -> f64 {
    let explained = theta * theta * track.covariate.variance;
    let left = track.value.variance - 2.0 * theta * track.covariance + explained;
    // Where it explains everything, rounding leaves this much.
    let rounded = 16.0 * f64::EPSILON * (track.value.variance + explained);
    if left > rounded { left } else { 0.0 }
}
