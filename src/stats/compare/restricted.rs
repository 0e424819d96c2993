//! The likeliest pair of rates with a given difference, on which the score of a difference rests.

/// The steps of the search; bisection alone needs fewer.
const MOST_STEPS: usize = 200;

/// One track's units and converters, as doubles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) units: f64,
    pub(super) converters: f64,
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
pub(super) fn likeliest(low: Counted, high: Counted, apart: f64) -> f64 {
    let most = 1.0 - apart;
    if most <= 0.0 {
        return 0.0;
    }
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
        (from.max(to * 1e-6) * to).sqrt()
    } else {
        0.5 * (from + to)
    }
}

/// The derivative of the log-likelihood at a rate, and its own derivative.
fn slope(low: Counted, high: Counted, apart: f64, rate: f64) -> (f64, f64) {
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
