//! What Stirling's formula leaves over, so that differences of log-gammas do not cancel.

/// The coefficients of `1/z`, `1/z³`, … in Stirling's series.
const SERIES: [f64; 6] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
];

/// Where the series is exact to the last digit.
const LARGE: f64 = 16.0;

/// Returns `S(z) = ln Γ(z) − (z − ½) ln z + z − ½ ln 2π`, what Stirling's formula leaves over.
///
/// With it a difference of log-gammas of large numbers becomes a difference of small ones.
/// Below 16 it comes from `S(z) = S(z + 1) + (z + ½) ln(1 + 1/z) − 1`.
/// Source: Loader 2000, "Fast and accurate computation of binomial probabilities".
pub(in crate::stats) fn stirling(z: f64) -> f64 {
    let mut z = z;
    let mut shifted = 0.0;
    // The series diverges for small arguments, which the recurrence of the gamma function therefore
    // shifts.
    while z < LARGE {
        shifted += (z + 0.5) * libm::log1p(1.0 / z) - 1.0;
        z += 1.0;
    }
    let square = 1.0 / (z * z);
    let series = SERIES
        .iter()
        .rev()
        .fold(0.0, |sum, term| sum * square + term);
    shifted + series / z
}

#[cfg(test)]
mod tests {
    use super::stirling;

    #[test]
    fn it_is_what_log_gamma_leaves_over() {
        for z in [0.1, 0.5, 1.0, 2.5, 7.0, 15.9, 16.0, 40.0] {
            let half_ln_tau = 0.5 * std::f64::consts::TAU.ln();
            let expected = libm::lgamma(z) - (z - 0.5) * z.ln() + z - half_ln_tau;
            assert!((stirling(z) - expected).abs() < 3e-14, "{z}");
        }
    }
}
