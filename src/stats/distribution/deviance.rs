//! The deviance of a ratio from 1, by which densities of large counts keep their digits.

/// One over 3, 5, 7, …
const SERIES: [f64; 9] = [
    1.0 / 3.0,
    1.0 / 5.0,
    1.0 / 7.0,
    1.0 / 9.0,
    1.0 / 11.0,
    1.0 / 13.0,
    1.0 / 15.0,
    1.0 / 17.0,
    1.0 / 19.0,
];

/// Returns `r − 1 − ln r` for a ratio above 0, with all its digits near 1 too.
///
/// The excess of the ratio over 1 is given by itself, since it is known better than by `r − 1`.
/// Near 1, with `u` the excess and `v = u / (2 + u)`: it is `v (u − 2 (v²/3 + v⁴/5 + …))`.
/// Source: Loader 2000, as `bd0`.
pub(in crate::stats) fn deviance(ratio: f64, excess: f64) -> f64 {
    // So far from 1 nothing cancels, and the series would need more terms.
    if excess.abs() > 0.25 {
        return excess - libm::log(ratio);
    }
    let v = excess / (2.0 + excess);
    let square = v * v;
    let series = SERIES
        .iter()
        .rev()
        .fold(0.0, |sum, term| (sum + term) * square);
    v * (excess - 2.0 * series)
}

#[cfg(test)]
mod tests {
    use super::deviance;

    #[test]
    fn both_forms_agree_where_they_meet() {
        for u in [-0.25_f64, 0.25] {
            let other = u - u.ln_1p();
            assert!((deviance(1.0 + u, u) / other - 1.0).abs() < 1e-14, "{u}");
        }
    }

    #[test]
    fn it_keeps_its_digits_near_one_and_near_zero() {
        let u = 1e-9;
        let expected = u * u / 2.0 - u * u * u / 3.0;
        assert!((deviance(1.0 + u, u) / expected - 1.0).abs() < 1e-15);
        let ratio = 1e-12;
        assert!((deviance(ratio, ratio - 1.0) - (11.0 * 10_f64.ln() + 1.302_585)).abs() < 1e-5);
    }
}
