use crate::stats::{Comparison, Interval, Wanted};

/// The interval of a lift, turned so that more is better.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LiftBounds {
    /// The lower limit; minus infinity where there is none.
    pub lower: f64,
    /// The upper limit; infinite where there is none.
    pub upper: f64,
    /// Whether the test excludes no effect. It decides where a limit is at 0, because rounding
    /// may place one exactly there.
    pub significant: bool,
}

impl LiftBounds {
    /// Takes the interval of a lift, and mirrors it where less is better.
    pub fn new(interval: Interval, significant: bool, wanted: Wanted) -> Self {
        let Interval { lower, upper } = interval;
        let (lower, upper) = match wanted {
            Wanted::More => (lower, upper),
            Wanted::Less => (-upper, -lower),
        };
        Self {
            lower,
            upper,
            significant,
        }
    }

    /// Takes those of a comparison; without an interval of the lift everything is possible.
    pub fn of(comparison: &Comparison, wanted: Wanted) -> Self {
        match comparison.lift_interval {
            Ok(interval) => Self::new(interval, comparison.is_significant(), wanted),
            Err(_) => Self {
                lower: f64::NEG_INFINITY,
                upper: f64::INFINITY,
                significant: false,
            },
        }
    }

    /// Returns whether the track is better than control.
    pub fn is_better(&self) -> bool {
        self.significant && self.lower >= 0.0
    }

    /// Returns whether the track is worse than control.
    pub fn is_worse(&self) -> bool {
        self.significant && self.upper <= 0.0
    }
}
