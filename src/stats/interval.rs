/// All the effects that the data do not contradict: those between two limits.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit; infinite where there is none.
    pub upper: f64,
}

/// A number, and where the truth may be.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Estimate {
    /// What was seen.
    pub value: f64,
    /// What it may be in truth.
    pub interval: Interval,
}

impl Interval {
    /// Returns whether the interval excludes a value. Its limits are outside it.
    pub fn excludes(self, value: f64) -> bool {
        value <= self.lower || value >= self.upper
    }

    /// Returns the distance between the limits; infinite where the upper limit is.
    pub fn width(self) -> f64 {
        self.upper - self.lower
    }

    /// Half of an interval is as wide on each side of a value.
    pub(super) fn around(value: f64, half: f64) -> Self {
        Self {
            lower: value - half,
            upper: value + half,
        }
    }

    /// The same interval less a number.
    pub(super) fn minus(self, number: f64) -> Self {
        Self {
            lower: self.lower - number,
            upper: self.upper - number,
        }
    }

    /// Settles the last bit of the limit that is next to `null`.
    ///
    /// Test and interval are one statement, but they are computed by different roundings. Where
    /// `null` is within these of a limit, the limit moves to the side that the test says.
    pub(super) fn settled(mut self, null: f64, excluded: bool) -> Self {
        let nearer_lower = (self.lower - null).abs() < (self.upper - null).abs();
        match (self.excludes(null), excluded, nearer_lower) {
            (true, false, true) => self.lower = null.next_down(),
            (true, false, false) => self.upper = null.next_up(),
            (false, true, true) => self.lower = null,
            (false, true, false) => self.upper = null,
            (true, true, _) | (false, false, _) => {}
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
