//! The score interval of a difference of rates, and the likeliest rates on which the score rests.

use crate::stats::{Estimate, Interval, Rate, root::falling_root};

/// The steps of the search; bisection alone needs fewer.
const MOST_STEPS: usize = 200;

/// Returns a difference of rates and its score interval: all differences `d` with `|z(d)| ≤ c`,
/// `z(d) = (p̂₁ − p̂₀ − d) / √(p̃₁q̃₁/n₁ + p̃₀q̃₀/n₀)`, the tilde being the likeliest rates that are
/// `d` apart.
///
/// Source: Mee 1984; Miettinen & Nurminen 1985 without their factor `N/(N−1)`.
pub(super) fn estimate(control: &Rate, track: &Rate, value: f64, multiplier: f64) -> Estimate {
    let score = Score::new(control, track, value);
    // Where all units agree the error is 0, and the search needs a first step nevertheless.
    let least = 1.0 / score.control.units.max(score.track.units);
    let width = multiplier * score.error(value).max(least);
    let limit = |c: f64, bounds| falling_root(|d| score.z(d) - c, value, width, bounds);
    let interval = Interval {
        // At the value z is 0, so each limit is on its own side of it.
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

    /// The score of a difference.
    fn z(&self, difference: f64) -> f64 {
        bounded(self.seen - difference, || self.error(difference))
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

/// A score, which is bounded, so that a search never meets an infinity. The error takes long, and is not
/// computed where the score is 0, as at the start of each search.
pub(super) fn bounded(away: f64, error: impl FnOnce() -> f64) -> f64 {
    // Rates that do not vary have no error either, and 0/0 would not be a number.
    if away == 0.0 {
        return 0.0;
    }
    (away / error()).clamp(-1e9, 1e9)
}

/// One track's units and converters, as doubles.
#[derive(Debug, Clone, Copy)]
struct Counted {
    units: f64,
    converters: f64,
}

impl Counted {
    fn others(self) -> f64 {
        self.units - self.converters
    }
}

/// Returns the likeliest rate of `low` when that of `high` is larger by `apart`, from 0 to 1.
///
/// It is where the derivative of the log-likelihood is 0, which falls in the rate:
///
/// ```text
/// x₀/p − (n₀−x₀)/(1−p) + x₁/(p+d) − (n₁−x₁)/(1−p−d) = 0
/// ```
///
/// The closed form, a cubic, is where the search begins: it loses half of the digits for rare
/// events. Source of both: Miettinen & Nurminen 1985.
fn likeliest(low: Counted, high: Counted, apart: f64) -> f64 {
    let most = 1.0 - apart;
    // Rates that are 1 apart can only be 0 and 1.
    if most <= 0.0 {
        return 0.0;
    }
    // At an end the derivative need not be 0: the likelihood may fall from there on.
    if low.converters == 0.0 && slope(low, high, apart, 0.0).0 <= 0.0 {
        return 0.0;
    }
    if high.others() == 0.0 && slope(low, high, apart, most).0 >= 0.0 {
        return most;
    }
    polished(low, high, apart, cubic(low, high, apart))
}

/// Newton's method between two bounds that close in.
fn polished(low: Counted, high: Counted, apart: f64, start: f64) -> f64 {
    let mut bounds = (0.0, 1.0 - apart);
    let mut rate = start;
    for _ in 0..MOST_STEPS {
        // Written so that a rate which is not a number, from a closed form that failed, is replaced
        // too.
        if !(rate > bounds.0 && rate < bounds.1) {
            rate = middle(bounds);
        }
        let (slope, curvature) = slope(low, high, apart, rate);
        if slope > 0.0 {
            bounds.0 = rate;
        } else {
            bounds.1 = rate;
        }
        let step = slope / curvature;
        rate -= step;
        if step.abs() <= 2.0 * f64::EPSILON * rate.abs() || bounds.1 - bounds.0 <= f64::MIN_POSITIVE
        {
            break;
        }
    }
    rate.max(bounds.0).min(bounds.1)
}

/// The middle of two bounds, on a logarithmic scale where they are far apart.
fn middle((from, to): (f64, f64)) -> f64 {
    if to > 100.0 * from {
        // A geometric mean with 0 would stay at 0.
        (from.max(to * 1e-6) * to).sqrt()
    } else {
        0.5 * (from + to)
    }
}

/// The derivative of the log-likelihood at a rate, and its own derivative.
fn slope(low: Counted, high: Counted, apart: f64, rate: f64) -> (f64, f64) {
    // A count of 0 adds nothing, also at a rate of 0, where 0/0 would not be a number.
    let over = |count: f64, under: f64| if count == 0.0 { 0.0 } else { count / under };
    let rest = 1.0 - rate;
    let terms = [
        (over(low.converters, rate), rate),
        (-over(low.others(), rest), -rest),
        (over(high.converters, rate + apart), rate + apart),
        (-over(high.others(), rest - apart), apart - rest),
    ];
    let slope = terms.iter().map(|(term, _)| term).sum();
    let curvature = |(term, under): &(f64, f64)| if *term == 0.0 { 0.0 } else { term / under };
    (slope, -terms.iter().map(curvature).sum::<f64>())
}

/// The closed form. Not a number where it fails.
fn cubic(low: Counted, high: Counted, apart: f64) -> f64 {
    let all = low.units + high.units;
    let converters = low.converters + high.converters;
    let square = ((high.units + 2.0 * low.units) * apart - all - converters) / (3.0 * all);
    let linear =
        ((low.units * apart - all - 2.0 * low.converters) * apart + converters) / (3.0 * all);
    let constant = low.converters * apart * (1.0 - apart) / (2.0 * all);
    let q = square * square * square - 1.5 * square * linear + constant;
    let p = (square * square - linear).sqrt().copysign(q);
    let angle = (std::f64::consts::PI + libm::acos(q / (p * p * p))) / 3.0;
    2.0 * p * libm::cos(angle) - square
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
