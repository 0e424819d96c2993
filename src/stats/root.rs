/// More steps than any bracket of doubles needs.
const MOST_STEPS: usize = 300;

/// Returns where a function changes its sign between two points, to the last digits.
///
/// The signs at the two points have to differ; the root lies between them whatever happens.
/// Bisection that becomes inverse quadratic interpolation where that is sure to be better.
/// Source: Chandrupatla 1997, "A new hybrid quadratic/bisection algorithm".
pub(super) fn root(function: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    let mut state = State::new(&function, from, to);
    for _ in 0..MOST_STEPS {
        if let Some(found) = state.step(&function) {
            return found;
        }
    }
    state.best().0
}

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
    let rightwards = function(start) > 0.0;
    let bound = if rightwards { bounds.1 } else { bounds.0 };
    let mut near = start;
    let mut step = step.abs().max(f64::MIN_POSITIVE);
    while near != bound {
        let next = if rightwards { near + step } else { near - step };
        let far = next.clamp(bounds.0, bounds.1);
        if (function(far) > 0.0) != rightwards {
            return root(function, near, far);
        }
        near = far;
        step *= 2.0;
    }
    bound
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
    fn new(function: &impl Fn(f64) -> f64, from: f64, to: f64) -> Self {
        let newest = (to, function(to));
        Self {
            newest,
            other: (from, function(from)),
            third: newest,
            share: 0.5,
        }
    }

    fn best(&self) -> Point {
        if self.newest.1.abs() < self.other.1.abs() {
            self.newest
        } else {
            self.other
        }
    }

    fn step(&mut self, function: &impl Fn(f64) -> f64) -> Option<f64> {
        let at = self.newest.0 + self.share * (self.other.0 - self.newest.0);
        let new = (at, function(at));
        if new.1.is_sign_positive() == self.newest.1.is_sign_positive() {
            self.third = self.newest;
        } else {
            self.third = self.other;
            self.other = self.newest;
        }
        self.newest = new;
        let best = self.best();
        let width = (self.other.0 - self.newest.0).abs();
        let least = 2.0 * f64::EPSILON * best.0.abs() / width;
        if least > 0.5 || best.1 == 0.0 || width == 0.0 {
            return Some(best.0);
        }
        self.share = self.interpolated().unwrap_or(0.5).clamp(least, 1.0 - least);
        None
    }

    /// Where inverse quadratic interpolation sees the root, if it may be trusted.
    fn interpolated(&self) -> Option<f64> {
        let ((a, fa), (b, fb), (c, fc)) = (self.newest, self.other, self.third);
        let along = (a - b) / (c - b);
        let rise = (fa - fb) / (fc - fb);
        let trusted = rise * rise < along && (1.0 - rise) * (1.0 - rise) < 1.0 - along;
        let share =
            fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb);
        (trusted && share.is_finite()).then_some(share)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{falling_root, root};

    #[test]
    fn roots_are_found_in_few_steps() {
        let steps = Cell::new(0);
        let found = root(
            |x| {
                steps.set(steps.get() + 1);
                x * x - 2.0
            },
            0.0,
            2.0,
        );
        assert!((found - 2_f64.sqrt()).abs() < 1e-15);
        assert!(steps.get() < 15, "{}", steps.get());
    }

    #[test]
    fn a_jump_is_found_too() {
        let found = root(|x| if x < 1e-200 { 1.0 } else { -1.0 }, 0.0, 1.0);
        assert!((0.0..1e-15).contains(&found), "{found}");
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
