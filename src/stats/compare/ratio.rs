use crate::stats::{Interval, Rate, root::falling_root};

/// The logarithms of ratios that a double can be.
const LOGARITHMS: (f64, f64) = (-700.0, 700.0);

/// Returns the score interval of a ratio of rates: all ratios `R` with `|z(R)| ≤ c`,
/// `z(R) = (p̂₁ − R p̂₀) / √(p̃₁q̃₁/n₁ + R² p̃₀q̃₀/n₀)`, the tilde being the likeliest rates of which
/// one is `R` times the other.
///
/// Without converters in control there is no upper limit.
///
/// Source: Koopman 1984.
pub(super) fn score_interval(control: &Rate, track: &Rate, multiplier: f64) -> Interval {
    let score = Score::new(control, track);
    let start = score.start();
    let limit = |c: f64| {
        let logarithm = falling_root(
            |logarithm| score.z(libm::exp(logarithm)) - c,
            start,
            0.1,
            LOGARITHMS,
        );
        match logarithm {
            _ if logarithm <= LOGARITHMS.0 => 0.0,
            _ if logarithm >= LOGARITHMS.1 => f64::INFINITY,
            _ => libm::exp(logarithm),
        }
    };
    Interval {
        lower: match track.converters {
            0 => 0.0,
            _ => limit(multiplier),
        },
        upper: match control.converters {
            0 => f64::INFINITY,
            _ => limit(-multiplier),
        },
    }
}

/// Both tracks, as doubles.
struct Score {
    n0: f64,
    x0: f64,
    n1: f64,
    x1: f64,
    /// The product of those who did not convert.
    others: f64,
}

impl Score {
    fn new(control: &Rate, track: &Rate) -> Self {
        Self {
            n0: control.units as f64,
            x0: control.converters as f64,
            n1: track.units as f64,
            x1: track.converters as f64,
            others: control.others() as f64 * track.others() as f64,
        }
    }

    /// The logarithm of the ratio that was seen, or of one near by where that is 0 or infinite.
    fn start(&self) -> f64 {
        let pad = if self.x0 > 0.0 && self.x1 > 0.0 {
            0.0
        } else {
            0.5
        };
        libm::log((self.x1 + pad) / (self.n1 + pad)) - libm::log((self.x0 + pad) / (self.n0 + pad))
    }

    fn z(&self, ratio: f64) -> f64 {
        let away = self.x1 / self.n1 - ratio * (self.x0 / self.n0);
        if away == 0.0 {
            return 0.0;
        }
        let base = self.likeliest(ratio);
        let (track, rest) = (ratio * base, 1.0 - base);
        let variance = track * (1.0 - track).max(0.0) / self.n1
            + ratio * ratio * base * rest.max(0.0) / self.n0;
        (away / variance.sqrt()).clamp(-1e9, 1e9)
    }

    /// The likeliest rate of control, by the root of a quadratic that does not cancel.
    fn likeliest(&self, ratio: f64) -> f64 {
        let of_track = ratio * (self.n1 + self.x0);
        let of_control = self.n0 + self.x1;
        let apart = of_track - of_control;
        let discriminant = apart * apart + 4.0 * ratio * self.others;
        2.0 * (self.x0 + self.x1) / (of_track + of_control + discriminant.sqrt())
    }
}
