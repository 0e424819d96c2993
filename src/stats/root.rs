//! Roots of falling functions, for quantiles, score intervals, boundaries and sizes.
//!
//! A root is found for any function: one that is flat, jumps, or is infinite at an end gives a bound or
//! the place of the jump, and never a panic or an endless loop.

/// More steps than any bracket of doubles needs.
const MOST_STEPS: usize = 300;

/// Returns where a falling function has its zero, searched from a point outwards.
///
/// The first step is doubled until the sign changes or the bounds are reached; without a change
/// the bound is the answer.
pub(super) fn falling_root(
    function: impl Fn(f64) -> f64,
    start: f64,
    step: f64,
    bounds: (f64, f64),
) -> f64 {
    let mut near = (start, function(start));
    if near.1 == 0.0 {
        return start;
    }
    let rightwards = near.1 > 0.0;
    let bound = if rightwards { bounds.1 } else { bounds.0 };
    // A step of 0 would never leave the start.
    let step = step.abs().max(f64::MIN_POSITIVE);
    let mut step = if rightwards { step } else { -step };
    while near.0 != bound {
        // Not `clamp`, which panics where a rounding has exchanged the bounds.
        let next = (near.0 + step).max(bounds.0).min(bounds.1);
        let far = (next, function(next));
        if far.1 == 0.0 {
            return far.0;
        }
        if (far.1 > 0.0) != rightwards {
            return root(function, near, far);
        }
        near = far;
        step *= 2.0;
    }
    bound
}

/// Finds where a function changes its sign between two points, to the last digits.
///
/// The signs at the two points have to differ; the root lies between them whatever happens.
/// Bisection that becomes inverse quadratic interpolation where that is sure to be better.
/// Source: Chandrupatla 1997, "A new hybrid quadratic/bisection algorithm".
fn root(function: impl Fn(f64) -> f64, from: Point, to: Point) -> f64 {
    let mut state = State::new(from, to);
    for _ in 0..MOST_STEPS {
        if let Some(found) = state.step(&function) {
            return found;
        }
    }
    state.best().0
}

/// A point and the function there.
type Point = (f64, f64);

/// A root is between `newest` and `other`; `third` is an older point, for the interpolation.
struct State {
    newest: Point,
    other: Point,
    third: Point,
    /// Where to look next, as a share of the way from `newest` to `other`.
    share: f64,
}

impl State {
    fn new(from: Point, to: Point) -> Self {
        Self {
            newest: to,
            other: from,
            third: to,
            share: 0.5,
        }
    }

    /// The end of the bracket at which the function is nearer to 0.
    fn best(&self) -> Point {
        if self.newest.1.abs() < self.other.1.abs() {
            self.newest
        } else {
            self.other
        }
    }

    /// Halves or interpolates once; returns the root when the bracket has the width of a rounding.
    fn step(&mut self, function: &impl Fn(f64) -> f64) -> Option<f64> {
        let at = self.newest.0 + self.share * (self.other.0 - self.newest.0);
        let new = (at, function(at));
        // By the signs, because a product of two small values could underflow to 0.
        if new.1.is_sign_positive() == self.newest.1.is_sign_positive() {
            self.third = self.newest;
        } else {
            self.third = self.other;
            self.other = self.newest;
        }
        self.newest = new;
        let best = self.best();
        let width = (self.other.0 - self.newest.0).abs();
        // The smallest share of the bracket that still changes a double.
        let least = 2.0 * f64::EPSILON * best.0.abs() / width;
        if least > 0.5 || best.1 == 0.0 || width == 0.0 {
            return Some(best.0);
        }
        let share = self.interpolated().unwrap_or(0.5);
        // A point on an end of the bracket would not make it smaller.
        self.share = share.max(least).min(1.0 - least);
        None
    }

    /// Where inverse quadratic interpolation sees the root, if it may be trusted.
    fn interpolated(&self) -> Option<f64> {
        let ((a, fa), (b, fb), (c, fc)) = (self.newest, self.other, self.third);
        let along = (a - b) / (c - b);
        let rise = (fa - fb) / (fc - fb);
        // The criterion of Chandrupatla: within the bracket the parabola has to be monotone.
        let trusted = rise * rise < along && (1.0 - rise) * (1.0 - rise) < 1.0 - along;
        let share =
            fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
        (trusted && share.is_finite()).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::falling_root;

    #[test]
    fn roots_are_found_in_few_steps() {
        let steps = Cell::new(0);
        let function = |x: f64| {
            steps.set(steps.get() + 1);
            2.0 - x * x
        };
        let found = falling_root(function, 0.0, 2.0, (0.0, 2.0));
        assert!((found - 2_f64.sqrt()).abs() < 1e-15);
        assert!(steps.get() < 13, "{}", steps.get());
    }

    #[test]
    fn a_jump_is_found_too() {
        let jump = |x: f64| if x < 1e-200 { 1.0 } else { -1.0 };
        let found = falling_root(jump, 0.0, 1.0, (0.0, 1.0));
        assert!((0.0..1e-15).contains(&found), "{found}");
    }

    #[test]
    fn a_step_may_hit_the_root() {
        let found = falling_root(|x| 2.0 - x, 0.0, 1.0, (-50.0, 50.0));
        assert_eq!(found, falling_root(|x| 2.0 - x, 1.0, 1.0, (-50.0, 50.0)));
        assert_eq!(found, 2.0);
        assert_eq!(falling_root(|x| 2.0 - x, 2.0, 1.0, (-50.0, 50.0)), 2.0);
    }

    #[test]
    fn the_search_goes_either_way_and_stops_at_the_bounds() {
        let at = |zero: f64| falling_root(|x| zero - x, 1.0, 0.1, (-50.0, 50.0));
        assert!((at(20.0) - 20.0).abs() < 1e-13);
        assert!((at(-20.0) + 20.0).abs() < 1e-13);
        assert_eq!(at(80.0), 50.0);
        assert_eq!(at(-80.0), -50.0);
    }
}
