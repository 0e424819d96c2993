//! The continued fraction of the incomplete beta function.

/// What a denominator of the fraction is at least.
const TINY: f64 = 1e-300;

/// Returns the continued fraction of `I_x(a, b)`, by which the prefactor `x^a y^b / (a B(a, b))`
/// is multiplied. It converges fast for `x < (a + 1) / (a + b + 2)`.
///
/// The modified method of Lentz. Source: Abramowitz & Stegun 26.5.8; Thompson & Barnett 1986.
pub(super) fn fraction(x: f64, a: f64, b: f64) -> f64 {
    // It takes some √max(a, b) steps.
    let most = 1000 + (20.0 * a.max(b).sqrt()) as u64;
    let mut c = 1.0;
    let mut d = 1.0 / at_least_tiny(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..most {
        let m = step as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / at_least_tiny(1.0 + even * d);
        c = at_least_tiny(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / at_least_tiny(1.0 + odd * d);
        c = at_least_tiny(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// Whether the fraction converges fast for `x`, rather than for `1 − x` with the shapes swapped.
pub(super) fn is_fast(x: f64, a: f64, b: f64) -> bool {
    x < (a + 1.0) / (a + b + 2.0)
}

/// A denominator that can be divided by. The method of Lentz loses nothing by it.
fn at_least_tiny(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}
