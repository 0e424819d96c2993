//! The result of comparing the 95th percentiles of two tracks.

use super::histogram::{BINS, latency_bin, latency_edge};

/// A percentile of the durations of a track's requests, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QuantileEstimate {
    /// The measured percentile.
    pub milliseconds: f64,
    /// The lower limit; `None` if there are too few requests.
    pub lower: Option<f64>,
    /// The upper limit; `None` if there are too few requests.
    pub upper: Option<f64>,
    /// The standard error of the share of requests below the percentile.
    pub rank_error: f64,
    /// The effective number of slower requests, as if each came from a different unit.
    pub effective_slow: f64,
}

impl QuantileEstimate {
    /// Returns the limits, each moved outwards to the edge of its bin. The first bin begins at 0, and the last one
    /// has no end.
    ///
    /// Durations in one bin cannot be distinguished: where in it a limit lies is a guess. An interval has
    /// to admit that.
    ///
    /// ```
    /// use tower_tracks::stats::{Latencies, Test, percentile};
    ///
    /// let mut latencies = Latencies::new(1000);
    /// (0..1000_u64).for_each(|unit| latencies.record(unit, 500.0));
    /// let p95 = percentile(&latencies, 0.95, &Test::fixed(0.05)?)?;
    /// assert!(p95.lower.is_some_and(|lower| lower > 500.0));
    /// let [lower, upper] = p95.limits_of_bins();
    /// assert!(lower.is_some_and(|lower| lower < 500.0));
    /// assert!(upper.is_some_and(|upper| upper > 500.0));
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn limits_of_bins(&self) -> [Option<f64>; 2] {
        let lower = |limit| match latency_bin(limit) {
            0 => 0.0,
            bin => latency_edge(bin as f64),
        };
        let upper = |limit| match latency_bin(limit) + 1 {
            BINS => f64::INFINITY,
            next => latency_edge(next as f64),
        };
        [self.lower.map(lower), self.upper.map(upper)]
    }
}

/// A comparison of the 95th percentile of a track with that of control.
///
/// The lift has an interval; the difference in milliseconds has none.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct QuantileComparison {
    /// The number of units in both tracks together.
    pub units: u64,
    /// Control.
    pub control: QuantileEstimate,
    /// The track.
    pub track: QuantileEstimate,
    /// The value of the track divided by that of control, minus 1.
    pub lift: f64,
    /// The lower limit of the lift; `None` if a limit that it is computed from is missing.
    pub lift_lower: Option<f64>,
    /// The upper limit of the lift; `None` if a limit that it is computed from is missing.
    pub lift_upper: Option<f64>,
    /// The largest t at which the interval of the lift excludes 0; negative if the track is faster.
    pub t: f64,
    /// The z with the same tail probability as t.
    pub z: f64,
    /// How far t must be from 0 to be significant.
    pub critical_t: f64,
    /// How far z must be from 0 to be significant.
    pub multiplier: f64,
    /// The probability of a z at least this large if there is no effect.
    pub p: f64,
    /// The alpha that p is compared with.
    pub alpha: f64,
    /// Whether there is enough data for a verdict: 100 units and 20 independent slow requests in
    /// each track.
    pub enough: bool,
}

impl QuantileComparison {
    /// Returns whether the difference is significant: `p ≤ alpha`.
    ///
    /// Read [`enough`](Self::enough) first: with few slow requests the p-value is not reliable.
    ///
    /// ```
    /// use tower_tracks::stats::{Latencies, Test, compare_latencies};
    ///
    /// let mut latencies = Latencies::new(1000);
    /// for unit in 0..1000_u64 {
    ///     latencies.record(unit, 20.0 + (unit % 100) as f64);
    /// }
    /// let found = compare_latencies(&latencies, &latencies, &Test::always_valid(0.05)?)?;
    /// assert!(!found.is_significant());
    /// assert_eq!(found.lift, 0.0);
    /// # Ok::<(), tower_tracks::stats::NoAnswer>(())
    /// ```
    pub fn is_significant(&self) -> bool {
        self.p <= self.alpha
    }
}
