//! The bins of durations, and the groups of units, of the histograms that percentiles are read from.
//!
//! Stores have counts of these bins, so the edges never change: counts of other edges would not add up with
//! them.

/// How many bins there are.
pub(crate) const BINS: u8 = 162;

/// The groups that the units of a track are in.
pub(crate) const GROUPS: u8 = 32;

/// The lower edge of the first bin, in milliseconds.
#[cfg(any(feature = "record", feature = "stats"))]
pub(crate) const FIRST: f64 = 0.1;

/// How many bins double a duration.
#[cfg(any(feature = "record", feature = "stats"))]
pub(crate) const PER_DOUBLING: f64 = 8.0;

/// Returns the bin of a duration in milliseconds.
#[cfg(any(feature = "record", feature = "stats"))]
pub(crate) fn bin(milliseconds: f64) -> u8 {
    let doublings = libm::log2(milliseconds / FIRST);
    let bin = (PER_DOUBLING * doublings).floor();
    // What is not a number is not short, either.
    if bin < f64::from(BINS - 1) {
        bin.max(0.0) as u8
    } else {
        BINS - 1
    }
}
