//! The result of comparing the 95th percentiles of two tracks.

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
