//! The bins of durations. Histograms that were written with other edges would not add up with these.

/// How many bins there are.
pub(super) const BINS: usize = 162;

/// The lower edge of the first bin, in milliseconds.
const FIRST: f64 = 0.1;

/// How many bins double a duration.
const PER_DOUBLING: f64 = 8.0;

/// Returns the bin of a duration in milliseconds, from 0 to 161.
///
/// Each is wider than the one before by the eighth root of 2, from 0.1 ms to 2 minutes: what is
/// shorter is in the first, and what is longer (or not a number) in the last.
///
/// ```
/// use tower_tracks::stats::{latency_bin, latency_edge};
///
/// assert_eq!([0.05, 0.2, 50.0, 900_000.0].map(latency_bin), [0, 8, 71, 161]);
/// assert_eq!(latency_edge(8.0), 0.2);
/// ```
pub fn latency_bin(milliseconds: f64) -> usize {
    let doublings = libm::log2(milliseconds / FIRST);
    let bin = (PER_DOUBLING * doublings).floor();
    // What is not a number is not short, either.
    if bin < (BINS - 1) as f64 {
        bin.max(0.0) as usize
    } else {
        BINS - 1
    }
}

/// Returns the duration in milliseconds at a place among the bins: the lower edge of a bin, or a
/// point inside it.
///
/// It is the opposite of [`latency_bin`], but for what is inside a bin: half a bin is a factor of
/// about 1.04.
///
/// ```
/// use tower_tracks::stats::{latency_bin, latency_edge};
///
/// assert_eq!([0.0, 8.0, 16.0].map(latency_edge), [0.1, 0.2, 0.4]);
/// assert_eq!(latency_bin(latency_edge(71.5)), 71);
/// ```
pub fn latency_edge(place: f64) -> f64 {
    FIRST * libm::exp2(place / PER_DOUBLING)
}

/// The logarithm of that.
pub(super) fn ln_edge(place: f64) -> f64 {
    libm::log(FIRST) + place / PER_DOUBLING * std::f64::consts::LN_2
}
