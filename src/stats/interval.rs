//! Intervals, and estimates that have one.

/// All effects that the data do not contradict: those between two limits.
///
/// The interval does not contain its limits, so an interval from 0 to 0.1 excludes 0. An interval and its
/// test agree: 0 is excluded exactly when the difference is significant.
///
/// ```
/// use tower_tracks::stats::Interval;
///
/// let lift = Interval { lower: 0.01, upper: 0.19 };
/// assert!(lift.excludes(0.0) && !lift.excludes(0.1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit; infinite if there is none. JSON then has `null`.
    pub upper: f64,
}

/// A measured number with its interval.
///
/// ```
/// use tower_tracks::stats::{Rate, wilson};
///
/// let estimate = wilson(&Rate { units: 10_000, converters: 1000 }, 1.96)?;
/// assert_eq!(estimate.value, 0.1);
/// assert_eq!((estimate.interval.lower * 1e4).round(), 943.0);
/// assert_eq!((estimate.interval.upper * 1e4).round(), 1060.0);
/// # Ok::<(), tower_tracks::stats::NoAnswer>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Estimate {
    /// The measured number.
    pub value: f64,
    /// The interval of the true number.
    pub interval: Interval,
}

impl Interval {
    /// Returns whether the interval excludes a value. It excludes its limits.
    ///
    /// ```
    /// use tower_tracks::stats::Interval;
    ///
    /// let interval = Interval { lower: 0.0, upper: f64::INFINITY };
    /// assert!(interval.excludes(-0.1) && interval.excludes(0.0));
    /// assert!(!interval.excludes(1e300));
    /// ```
    pub fn excludes(self, value: f64) -> bool {
        value <= self.lower || value >= self.upper
    }

    /// Returns the distance between the limits; infinite if the upper limit is.
    ///
    /// ```
    /// use tower_tracks::stats::Interval;
    ///
    /// assert_eq!(Interval { lower: -0.5, upper: 1.0 }.width(), 1.5);
    /// assert_eq!(Interval { lower: -0.5, upper: f64::INFINITY }.width(), f64::INFINITY);
    /// ```
    pub fn width(self) -> f64 {
        self.upper - self.lower
    }

    /// The interval that reaches as far on each side of a value.
    pub(super) fn around(value: f64, half: f64) -> Self {
        let (lower, upper) = (value - half, value + half);
        Self { lower, upper }
    }

    /// Settles the last bit of the limit that is next to `null`.
    ///
    /// Test and interval are one statement, but they are computed by different roundings. Where
    /// `null` is within these of a limit, the limit moves to the side that the test says.
    pub(super) fn settled(mut self, null: f64, excluded: bool) -> Self {
        if !excluded {
            // Limits are outside of their interval, so a limit at the value would exclude it.
            self.lower = self.lower.min(null.next_down());
            self.upper = self.upper.max(null.next_up());
        } else if !self.excludes(null) {
            // Only the nearer limit can be on the wrong side by a rounding.
            if null - self.lower < self.upper - null {
                self.lower = null;
            } else {
                self.upper = null;
            }
        }
        self
    }

    /// Whether the limits are numbers in order, of which the upper may be infinite.
    pub(super) fn is_sound(self) -> bool {
        self.lower.is_finite() && self.lower <= self.upper
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn settling_says_what_the_test_says() {
        for (lower, upper) in [(0.0, 1.0), (-1e-18, 1.0), (-1.0, 0.0), (-1.0, 1e-18)] {
            for excluded in [true, false] {
                let settled = Interval { lower, upper }.settled(0.0, excluded);
                assert_eq!(settled.excludes(0.0), excluded, "{lower} {upper}");
                assert!((settled.lower - lower).abs() < 1e-17);
                assert!((settled.upper - upper).abs() < 1e-17);
            }
        }
    }
}
