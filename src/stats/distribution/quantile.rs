//! Quantiles of distributions over positive numbers, as roots of the logarithm of a tail.

use crate::stats::root::falling_root;

/// The logarithms between which a positive double may be.
const LOGARITHMS: (f64, f64) = (-744.0, 709.0);

/// Returns the point whose upper tail is `p`, by its logarithm, so that all its digits count.
///
/// `tails` gives the lower and the upper tail at a positive point. The smaller one is compared,
/// on a logarithmic scale. The search begins at `start`, which is off by a share of about `step`.
/// `None` when the point is larger than any double or smaller.
pub(super) fn positive_quantile(
    tails: impl Fn(f64) -> (f64, f64),
    p: f64,
    start: f64,
    step: f64,
) -> Option<f64> {
    let excess = |logarithm: f64| {
        let (lower, upper) = tails(libm::exp(logarithm));
        // By the smaller tail, whose logarithm has more digits.
        if p <= 0.5 {
            log(upper) - log(p)
        } else {
            log(1.0 - p) - log(lower)
        }
    };
    let start = libm::log(start).clamp(LOGARITHMS.0, LOGARITHMS.1);
    let logarithm = falling_root(excess, start, step, LOGARITHMS);
    (logarithm > LOGARITHMS.0 && logarithm < LOGARITHMS.1).then(|| libm::exp(logarithm))
}

/// The logarithm of a tail, of one that underflowed too.
fn log(tail: f64) -> f64 {
    libm::log(tail.max(f64::MIN_POSITIVE))
}
