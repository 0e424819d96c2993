use super::{
    histogram::{GROUPS, Latencies},
    pooled::{Pooled, QUANTILE},
};
use crate::stats::{
    NoAnswer, StudentT, Test,
    distribution::{upper, upper_quantile},
    root::falling_root,
};

/// The units that each track needs.
const UNITS: u64 = 100;

/// The slow requests that each track needs, as if independent.
const SLOW: f64 = 20.0;

/// The 95th percentile of the durations of a track's requests, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QuantileEstimate {
    /// What was seen.
    pub milliseconds: f64,
    /// The lower limit; `None` where there are too few requests for one.
    pub lower: Option<f64>,
    /// The upper limit; `None` where there are too few requests for one.
    pub upper: Option<f64>,
    /// The standard error of the share of requests below it.
    pub rank_error: f64,
    /// How many slower requests there are, as if each were of a unit of its own.
    pub effective_slow: f64,
}

/// The 95th percentile of a track beside that of control.
///
/// Of the difference in milliseconds there is no interval: the lift is the statement.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QuantileComparison {
    /// The units of both together.
    pub units: u64,
    /// Control.
    pub control: QuantileEstimate,
    /// The track.
    pub track: QuantileEstimate,
    /// The track over control, less 1.
    pub lift: f64,
    /// The lower limit of the lift; `None` where a limit that it is made of is.
    pub lift_lower: Option<f64>,
    /// The upper limit of the lift; `None` where a limit that it is made of is.
    pub lift_upper: Option<f64>,
    /// The largest t at which the lift's interval excludes 0; negative where the track is faster.
    pub t: f64,
    /// The normal deviate with the same tail.
    pub z: f64,
    /// How far t has to be from 0.
    pub critical_t: f64,
    /// How far z has to be from 0.
    pub multiplier: f64,
    /// How probable so large a z were without an effect.
    pub p: f64,
    /// What p is compared with.
    pub alpha: f64,
    /// Whether there is enough data for a verdict: 100 units and 20 independent slow requests in
    /// each track.
    pub enough: bool,
}

impl QuantileComparison {
    /// Returns whether chance alone would hardly do this: `p ≤ alpha`.
    pub fn is_significant(&self) -> bool {
        self.p <= self.alpha
    }
}

/// Compares the 95th percentile of durations in a track with that in control.
///
/// Of each track the requests of all groups are pooled, and the rank error of the quantile is that
/// between the groups. The limits of a track are the durations at the ranks of its quantile and so
/// many errors around it; those of the ratio are by the variances recovered from them, on a
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
/// Without requests in a track.
pub fn compare_latencies(
    control: &Latencies,
    track: &Latencies,
    test: &Test,
) -> Result<QuantileComparison, NoAnswer> {
    let units = control.units().saturating_add(track.units());
    let (low, high) = (Pooled::new(control)?, Pooled::new(track)?);
    let multiplier = test.multiplier(units);
    let distribution = StudentT::new((GROUPS - 1) as f64).ok_or(NoAnswer::OutOfRange)?;
    let critical_t = distribution.inverse_sf(upper(multiplier));
    let critical_t = critical_t.ok_or(NoAnswer::OutOfRange)?;
    let t = reach(&low, &high);
    let tail = distribution.sf(t.abs()).ok_or(NoAnswer::OutOfRange)?;
    let z = upper_quantile(tail.max(f64::MIN_POSITIVE)).copysign(t);
    let [control, track] = [(control, &low), (track, &high)].map(|(track, pooled)| {
        let enough = track.units() >= UNITS && pooled.effective_slow() >= SLOW;
        (estimate(pooled, critical_t), enough)
    });
    let (lift_lower, lift_upper) = lift_limits(&low, &high, critical_t);
    Ok(QuantileComparison {
        units,
        control: control.0,
        track: track.0,
        lift: libm::expm1(high.quantile - low.quantile),
        lift_lower,
        lift_upper,
        t,
        z,
        critical_t,
        multiplier,
        p: test.p(z, units),
        alpha: test.alpha(),
        enough: control.1 && track.1,
    })
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
    let most = ((1.0 - QUANTILE) / low.rank_error).min(QUANTILE / high.rank_error);
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
