use super::restricted::{Counted, likeliest};
use crate::stats::{Interval, Rate, root::falling_root};

/// Returns the score interval of a difference of rates: all differences `d` with `|z(d)| ≤ c`,
/// `z(d) = (p̂₁ − p̂₀ − d) / √(p̃₁q̃₁/n₁ + p̃₀q̃₀/n₀)`, the tilde being the likeliest rates that are
/// `d` apart.
///
/// Source: Mee 1984; Miettinen & Nurminen 1985 without their factor `N/(N−1)`.
pub(super) fn score_interval(control: &Rate, track: &Rate, seen: f64, multiplier: f64) -> Interval {
    let score = Score::new(control, track, seen);
    let width = multiplier
        * score
            .error(seen)
            .max(1.0 / score.control.units.max(score.track.units));
    let limit = |c: f64, bounds| falling_root(|d| score.z(d) - c, seen, width, bounds);
    Interval {
        lower: limit(multiplier, (-1.0, seen)),
        upper: limit(-multiplier, (seen, 1.0)),
    }
}

/// Two tracks of which less than half converted: else it is about those who did not.
struct Score {
    control: Counted,
    track: Counted,
    seen: f64,
    /// 1, or −1 when it is about those who did not convert.
    sign: f64,
}

impl Score {
    fn new(control: &Rate, track: &Rate, seen: f64) -> Self {
        let converters = u128::from(control.converters) + u128::from(track.converters);
        let others = u128::from(control.others()) + u128::from(track.others());
        let many = converters > others;
        let counted = |rate: &Rate| Counted {
            units: rate.units as f64,
            converters: if many { rate.others() } else { rate.converters } as f64,
        };
        Self {
            control: counted(control),
            track: counted(track),
            seen,
            sign: if many { -1.0 } else { 1.0 },
        }
    }

    fn z(&self, difference: f64) -> f64 {
        let away = self.seen - difference;
        if away == 0.0 {
            return 0.0;
        }
        (away / self.error(difference)).clamp(-1e9, 1e9)
    }

    /// The standard error if that were the difference.
    fn error(&self, difference: f64) -> f64 {
        let apart = difference.abs();
        let (low, high) = if self.sign * difference >= 0.0 {
            (self.control, self.track)
        } else {
            (self.track, self.control)
        };
        let rate = likeliest(low, high, apart);
        let above = (rate + apart).min(1.0);
        let variance = rate * (1.0 - rate) / low.units + above * (1.0 - above) / high.units;
        variance.sqrt()
    }
}
