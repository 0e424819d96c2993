//! Numbers of twice the digits, for means that are large beside their difference.

/// A number as the sum of two doubles: about 32 digits.
///
/// Source: Dekker 1971, "A floating-point technique for extending the available precision".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Precise {
    /// The nearest double.
    pub(super) value: f64,
    /// What that rounding cut off.
    pub(super) rest: f64,
}

impl Precise {
    /// The quotient, of which the remainder is exact by a fused multiply-add.
    pub(super) fn over(self, divisor: f64) -> Self {
        let quotient = self.value / divisor;
        let remainder = libm::fma(-quotient, divisor, self.value) + self.rest;
        Self::sum(quotient, remainder / divisor)
    }

    /// The sum of a number and a much smaller one.
    fn sum(large: f64, small: f64) -> Self {
        let value = large + small;
        let rest = small - (value - large);
        // An infinite value has no rest.
        let rest = if rest.is_finite() { rest } else { 0.0 };
        Self { value, rest }
    }
}

impl From<f64> for Precise {
    fn from(value: f64) -> Self {
        Self { value, rest: 0.0 }
    }
}

impl From<i128> for Precise {
    fn from(number: i128) -> Self {
        let value = number as f64;
        // The double next to the largest integers is beyond them, where the cast and the difference
        // saturate.
        let rest = number.saturating_sub(value as i128) as f64;
        Self { value, rest }
    }
}

#[cfg(test)]
mod tests {
    use super::Precise;

    #[test]
    fn quotients_have_twice_the_digits() {
        let number = 3_000_000_000_000_000_000_001_i128;
        let Precise { value, rest } = Precise::from(number).over(3.0);
        assert_eq!(value, 1e21);
        assert!((rest * 3.0 - 1.0).abs() < 1e-9, "{rest}");
        let third = Precise::from(1.0).over(3.0);
        assert!((third.rest * 3.0 + (third.value * 3.0 - 1.0)).abs() < 1e-16);
    }

    #[test]
    fn the_largest_integers_are_numbers() {
        for number in [i128::MAX, i128::MIN] {
            let Precise { value, rest } = Precise::from(number).over(7.0);
            assert!(value.is_finite() && rest.is_finite());
        }
    }
}
