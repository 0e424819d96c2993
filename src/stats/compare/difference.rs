//! The score interval of a difference of rates.

use super::restricted::{Counted, likeliest};
use crate::stats::{Estimate, Interval, Rate, root::falling_root};

/// Returns a difference of rates and its score interval: all differences `d` with `|z(d)| ≤ c`,
/// `z(d) = (p̂₁ − p̂₀ − d) / √(p̃₁q̃₁/n₁ + p̃₀q̃₀/n₀)`, the tilde being the likeliest rates that are
/// `d` apart.
///
/// Source: Mee 1984; Miettinen & Nurminen 1985 without their factor `N/(N−1)`.
pub(super) fn estimate(control: &Rate, track: &Rate, value: f64, multiplier: f64) -> Estimate {
    let score = Score::new(control, track, value);
    let least = 1.0 / score.control.units.max(score.track.units);
    let width = multiplier * score.error(value).max(least);
    let limit = |c: f64, bounds| falling_root(|d| score.z(d) - c, value, width, bounds);
    let interval = Interval {
        lower: limit(multiplier, (-1.0, value)),
        upper: limit(-multiplier, (value, 1.0)),
    };
    Estimate { value, interval }
}

/// Two tracks of which less than half converted; otherwise it counts the units that did not.
struct Score {
    control: Counted,
    track: Counted,
    seen: f64,
    /// 1, or −1 if it counts the units that did not convert.
    sign: f64,
}

impl Score {
    /// Where most units converted it counts the others, which changes the sign of the difference: near
    /// a rate of 1 the likeliest rate has few digits for what it leaves to 1.
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

    /// The score of a difference. It is bounded, so that a search never meets an infinity.
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

#[cfg(test)]
mod tests {
    use super::{Score, estimate};
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
                let interval = estimate(&control, &track, seen, c).interval;
                for (limit, z) in [(interval.lower, c), (interval.upper, -c)] {
                    assert!(
                        (score.z(limit) / z - 1.0).abs() < 1e-9,
                        "{control:?} {limit}"
                    );
                }
            }
        }
    }
}
