//! The size of a difference in words, and the scale that suits it.

use crate::{
    figures::{number, percent, points, signed},
    stats::{Comparison, Estimate, Interval, Method},
};

/// The size of a difference, on its scale.
///
/// ```
/// use tower_tracks::stats::{Effect, Estimate, Interval, Scale};
///
/// // A goal in euros, without a lift since control's mean may be 0.
/// let interval = Interval { lower: 0.85, upper: 1.15 };
/// let effect = Effect { scale: Scale::Absolute, estimate: Estimate { value: 1.0, interval } };
/// assert!(effect.in_words().ends_with(" higher"));
/// assert!(effect.range_in_words().contains(" to "));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Effect {
    /// The scale of the numbers.
    pub scale: Scale,
    /// The measured effect, with its interval.
    pub estimate: Estimate,
}

/// The scale of the numbers of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Scale {
    /// Relative to control: 0.1 is 10% more than in control.
    Lift,
    /// Percentage points of the rate: 0.1 is ten of them.
    Points,
    /// The unit of the goal.
    Absolute,
    /// Milliseconds.
    Milliseconds,
}

/// The largest lift that says more than a difference: 10 is 1,000% more. Beyond it, control is close to 0.
pub(crate) const LARGEST_LIFT: f64 = 10.0;

impl Effect {
    /// The lift where there is one with both limits that says something, else the difference.
    pub(super) fn of(comparison: &Comparison) -> Self {
        match (comparison.lift, comparison.lift_interval) {
            // A sentence names both limits, and a lift without conversions in control has no upper
            // one.
            (Ok(value), Ok(interval))
                if interval.upper.is_finite() && value.abs() <= LARGEST_LIFT =>
            {
                Self {
                    scale: Scale::Lift,
                    estimate: Estimate { value, interval },
                }
            }
            _ => Self {
                scale: match comparison.method {
                    Method::Score => Scale::Points,
                    Method::Welch | Method::Delta => Scale::Absolute,
                    Method::Percentile => Scale::Milliseconds,
                },
                estimate: comparison.difference,
            },
        }
    }

    /// Returns the measured effect in words: "10.0% higher".
    pub fn in_words(&self) -> String {
        let value = self.estimate.value;
        let way = match (self.scale, value < 0.0) {
            (Scale::Milliseconds, true) => "shorter",
            (Scale::Milliseconds, false) => "longer",
            (_, true) => "lower",
            (_, false) => "higher",
        };
        format!("{} {way}", self.scale.figure(value.abs()))
    }

    /// Returns the interval in words: "-1.2% to +3.4%".
    pub fn range_in_words(&self) -> String {
        let Interval { lower, upper } = self.estimate.interval;
        let [lower, upper] = [lower, upper].map(|limit| signed(self.scale.figure(limit)));
        format!("{lower} to {upper}")
    }
}

impl Scale {
    /// Writes a number on the scale.
    fn figure(self, value: f64) -> String {
        match self {
            Self::Lift => percent(value),
            Self::Points => points(value),
            Self::Absolute => number(value),
            Self::Milliseconds => format!("{} ms", number(value)),
        }
    }
}
