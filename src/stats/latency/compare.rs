//! Comparisons of the 95th percentile.
//!
//! Two other estimates do not hold: the mean of the groups' quantiles is biased by the size of groups,
//! and a jackknife fails where the quantile lies in a gap between two modes.

use super::{
    comparison::{QuantileComparison, QuantileEstimate},
    histogram::{GROUPS, Latencies},
    pooled::{P95, Pooled},
};
use crate::stats::{
    NoAnswer, StudentT, Test,
    distribution::{upper, upper_quantile},
    root::falling_root,
};

/// The units that each track needs.
const UNITS: u64 = 100;

/// The slow requests that each track needs, as if independent.
pub(in crate::stats) const SLOW: f64 = 20.0;

/// Returns the slow requests of a track, as if independent; 0 without requests.
pub(in crate::stats) fn effective_slow(latencies: &Latencies) -> f64 {
    Pooled::new(latencies, P95).map_or(0.0, |pooled| pooled.effective_slow())
}

/// Compares the 95th percentile of durations in a track with that in control.
///
/// The requests of all groups of a track are pooled. The rank error of the quantile is computed between the
/// groups. The limits of a track are the durations at the ranks that are `critical_t` of these errors below
/// and above its quantile. The limits of the ratio are computed from them by the recovery of variances, on a
/// logarithmic scale. The t distribution has one degree of freedom less than there are groups.
///
/// ```
/// use tower_tracks::stats::{Latencies, Test, compare_latencies};
///
/// let mut tracks = [Latencies::new(1000), Latencies::new(1000)];
/// for unit in 0..1000_u64 {
///     for request in 0..10_u64 {
///         let milliseconds = 20.0 + (unit * 7 + request * 131) as f64 % 100.0;
///         tracks[0].record(unit, milliseconds);
///         tracks[1].record(unit, 1.3 * milliseconds);
///     }
/// }
/// let found = compare_latencies(&tracks[0], &tracks[1], &Test::always_valid(0.05)?)?;
/// assert!(found.enough && found.is_significant());
/// assert!((found.lift - 0.3).abs() < 0.05);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// Source: Woodruff 1952, "Confidence intervals for medians and other position measures"; Zou &
/// Donner 2008, "Construction of confidence limits about effect measures".
///
/// # Errors
///
/// If a track has no requests.
pub fn compare_latencies(
    control: &Latencies,
    track: &Latencies,
    test: &Test,
) -> Result<QuantileComparison, NoAnswer> {
    let units = control.units().saturating_add(track.units());
    let enough = |track: &Latencies, pooled: &Pooled| {
        track.units() >= UNITS && pooled.effective_slow() >= SLOW
    };
    let (low, high) = (Pooled::new(control, P95)?, Pooled::new(track, P95)?);
    let multiplier = test.multiplier(units);
    let critical_t = critical_t(multiplier).ok_or(NoAnswer::OutOfRange)?;
    let t = reach(&low, &high);
    let z = deviate(t).ok_or(NoAnswer::OutOfRange)?;
    let (lift_lower, lift_upper) = lift_limits(&low, &high, critical_t);
    Ok(QuantileComparison {
        units,
        control: estimate(&low, critical_t),
        track: estimate(&high, critical_t),
        lift: libm::expm1(high.quantile - low.quantile),
        lift_lower,
        lift_upper,
        t,
        z,
        critical_t,
        multiplier,
        p: test.p(z, units),
        alpha: test.alpha(),
        enough: enough(control, &low) && enough(track, &high),
    })
}

/// Returns a percentile of the durations of a track, such as 0.5 for the median.
///
/// The interval is that of [`compare_latencies`]: the durations at the ranks that are `critical_t` rank errors
/// away. A limit is `None` if there is no such rank, as with few requests.
///
/// ```
/// use tower_tracks::stats::{Latencies, Test, percentile};
///
/// let mut latencies = Latencies::new(1000);
/// for unit in 0..1000_u64 {
///     latencies.record(unit, 20.0 + (unit % 100) as f64);
/// }
/// let median = percentile(&latencies, 0.5, &Test::always_valid(0.05)?)?;
/// assert!((median.milliseconds - 70.0).abs() < 2.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
///
/// # Errors
///
/// If there are no requests, or the share is not between 0 and 1.
pub fn percentile(
    latencies: &Latencies,
    share: f64,
    test: &Test,
) -> Result<QuantileEstimate, NoAnswer> {
    if !(share > 0.0 && share < 1.0) {
        return Err(NoAnswer::OutOfRange);
    }
    let pooled = Pooled::new(latencies, share)?;
    let multiplier = test.multiplier(latencies.units());
    let critical_t = critical_t(multiplier).ok_or(NoAnswer::OutOfRange)?;
    Ok(estimate(&pooled, critical_t))
}

/// The t with the tail of a normal deviate.
fn critical_t(multiplier: f64) -> Option<f64> {
    distribution()?.inverse_sf(upper(multiplier))
}

/// The normal deviate with the tail of a t.
fn deviate(t: f64) -> Option<f64> {
    let tail = distribution()?.sf(t.abs())?;
    // A tail that underflowed still has a deviate.
    Some(upper_quantile(tail.max(f64::MIN_POSITIVE)).copysign(t))
}

/// The distribution of an error that is estimated from the groups.
fn distribution() -> Option<StudentT> {
    StudentT::new((GROUPS - 1) as f64)
}

fn estimate(pooled: &Pooled, critical_t: f64) -> QuantileEstimate {
    QuantileEstimate {
        milliseconds: libm::exp(pooled.quantile),
        lower: pooled.limit(-critical_t).map(libm::exp),
        upper: pooled.limit(critical_t).map(libm::exp),
        rank_error: pooled.rank_error,
        effective_slow: pooled.effective_slow(),
    }
}

/// The limits of the lift, each of the far limit of one track and the near one of the other.
fn lift_limits(control: &Pooled, track: &Pooled, t: f64) -> (Option<f64>, Option<f64>) {
    let difference = track.quantile - control.quantile;
    let away = |pooled: &Pooled, errors: f64| Some(pooled.limit(errors)? - pooled.quantile);
    let spread = |one: Option<f64>, other: Option<f64>| Some(libm::hypot(one?, other?));
    let below = spread(away(track, -t), away(control, t));
    let above = spread(away(track, t), away(control, -t));
    (
        below.map(|below| libm::expm1(difference - below)),
        above.map(|above| libm::expm1(difference + above)),
    )
}

/// The largest t at which the interval of the ratio excludes 1, with the sign of the difference.
fn reach(control: &Pooled, track: &Pooled) -> f64 {
    let difference = track.quantile - control.quantile;
    let (low, high) = if difference < 0.0 {
        (track, control)
    } else {
        (control, track)
    };
    // Beyond it there is no limit, and so nothing is excluded.
    let most = ((1.0 - P95) / low.rank_error).min(P95 / high.rank_error);
    let left = |t: f64| {
        let limits = low.limit(t).zip(high.limit(-t));
        limits.map_or(f64::MIN, |(upper, lower)| {
            difference.abs() - libm::hypot(high.quantile - lower, upper - low.quantile)
        })
    };
    if difference == 0.0 {
        return 0.0;
    }
    falling_root(left, most / 2.0, most / 8.0, (0.0, most)).copysign(difference)
}
