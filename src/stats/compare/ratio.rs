//! The score interval of a lift of rates.

use super::difference::bounded;
use crate::stats::{Interval, Rate, root::falling_root};

/// The logarithms of ratios that a double can be.
const LOGARITHMS: (f64, f64) = (-700.0, 700.0);

/// Returns the score interval of a lift of rates, `R − 1` of all ratios `R` with `|z(R)| ≤ c`,
/// `z(R) = (p̂₁ − R p̂₀) / √(p̃₁q̃₁/n₁ + R² p̃₀q̃₀/n₀)`, the tilde being the likeliest rates of which
/// one is `R` times the other.
///
/// Without converters in control there is no upper limit.
///
/// Source: Koopman 1984.
pub(super) fn lift_interval(control: &Rate, track: &Rate, seen: f64, multiplier: f64) -> Interval {
    let score = Score::new(control, track, seen);
    Interval {
        lower: match track.converters {
            0 => -1.0,
            _ => score.limit(multiplier),
        },
        upper: match control.converters {
            0 => f64::INFINITY,
            _ => score.limit(-multiplier),
        },
    }
}

/// Both tracks, as doubles: units, converters, others.
struct Score {
    control: [f64; 3],
    track: [f64; 3],
    /// The difference of the rates that was seen.
    seen: f64,
}

impl Score {
    fn new(control: &Rate, track: &Rate, seen: f64) -> Self {
        let counts = |rate: &Rate| [rate.units, rate.converters, rate.others()].map(|n| n as f64);
        Self {
            control: counts(control),
            track: counts(track),
            seen,
        }
    }

    /// The lift at which z is `c`. It is sought by the logarithm of the ratio, which has more digits
    /// near 1 than the ratio.
    fn limit(&self, c: f64) -> f64 {
        let excess = |logarithm: f64| self.z(logarithm) - c;
        // At a bound of the search z never came to c, so that the ratio may be 0, or of any size.
        match falling_root(excess, self.start(), 0.1, LOGARITHMS) {
            logarithm if logarithm <= LOGARITHMS.0 => -1.0,
            logarithm if logarithm >= LOGARITHMS.1 => f64::INFINITY,
            logarithm => libm::expm1(logarithm),
        }
    }

    /// The logarithm of the ratio that was seen, or of one near by where that is 0 or infinite.
    fn start(&self) -> f64 {
        let ([n0, x0, _], [n1, x1, _]) = (self.control, self.track);
        // Half a unit keeps the logarithm of a rate of 0 finite. It moves only the start of the
        // search.
        let pad = if x0 > 0.0 && x1 > 0.0 { 0.0 } else { 0.5 };
        libm::log((x1 + pad) / (n1 + pad)) - libm::log((x0 + pad) / (n0 + pad))
    }

    /// The score of a ratio, by its logarithm.
    fn z(&self, logarithm: f64) -> f64 {
        let ([n0, x0, _], [n1, ..]) = (self.control, self.track);
        let (ratio, lift) = (libm::exp(logarithm), libm::expm1(logarithm));
        bounded(self.seen - lift * (x0 / n0), || {
            let [base, base_rest, rest] = self.likeliest(ratio, lift);
            let variance = ratio * base * rest / n1 + ratio * ratio * base * base_rest / n0;
            variance.sqrt()
        })
    }

    /// The likeliest rate of control, what it leaves to 1, and what that of the track leaves.
    ///
    /// With `C` all converters and `f` the others, the rate is `2C / S`, the root of a quadratic
    /// with `S = R(n₁+x₀) + (n₀+x₁) + s`, `s² = (R(n₁+x₀) − (n₀+x₁))² + 4R f₀f₁`. What is left is
    /// `(s − t) / S`, and where that cancels `(s² − t²) / ((s + t) S)`, of which the numerator is
    /// `4 f₀ C (1 − R)` for control and `4R f₁ C (R − 1)` for the track.
    fn likeliest(&self, ratio: f64, lift: f64) -> [f64; 3] {
        let ([n0, x0, f0], [n1, x1, f1]) = (self.control, self.track);
        let converters = x0 + x1;
        let apart = (n1 - n0 + x0 - x1) + lift * (n1 + x0);
        let s = (apart * apart + 4.0 * ratio * f0 * f1).sqrt();
        let whole = ratio * (n1 + x0) + (n0 + x1) + s;
        let left = |t: f64, product: f64| {
            let over = if t > 0.0 { product / (s + t) } else { s - t };
            (over / whole).max(0.0)
        };
        let of_control = (converters - f0) - ratio * (n1 + x0);
        let of_track = ratio * (converters - f1) - (n0 + x1);
        [
            2.0 * converters / whole,
            left(of_control, -4.0 * f0 * converters * lift),
            left(of_track, 4.0 * ratio * f1 * converters * lift),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::{Score, lift_interval};
    use crate::stats::Rate;

    /// The limits are where z is the multiplier, before anything settles their last bits.
    #[test]
    fn z_is_the_multiplier_at_the_limits() {
        for (units, converters) in [(100, 3), (5000, 4990), (1_000_000_000, 50), (7, 7)] {
            let control = Rate { units, converters };
            let (units, converters) = (20_000, 900);
            let track = Rate { units, converters };
            let seen = track.value().unwrap() - control.value().unwrap();
            let score = Score::new(&control, &track, seen);
            for c in [0.7, 1.96, 4.0] {
                let interval = lift_interval(&control, &track, seen, c);
                for (limit, z) in [(interval.lower, c), (interval.upper, -c)] {
                    let found = score.z(libm::log1p(limit));
                    assert!((found / z - 1.0).abs() < 1e-9, "{control:?} {limit}");
                }
            }
        }
    }
}
