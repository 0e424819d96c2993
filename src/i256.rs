//! Integers of 256 bits, for sums of squares: two values of 64 bits make a product of 127 bits, and
//! a store has more units than 128 bits have room for.

use std::fmt;

/// The largest power of ten in 64 bits, by which decimal digits are cut off.
const DIGITS: u128 = 10_u128.pow(19);

/// A signed integer of 256 bits, such as a sum of squares.
// By two's complement, so that the derived order is that of the numbers.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct I256 {
    high: i128,
    low: u128,
}

impl I256 {
    /// Returns the whole product of two integers.
    pub fn product(a: i128, b: i128) -> Self {
        // At most 2²⁵⁴, which has room for the sign.
        let (high, low) = multiply(a.unsigned_abs(), b.unsigned_abs());
        let high = high as i128;
        Self { high, low }.signed((a < 0) != (b < 0))
    }

    /// Returns the sum; `None` where 256 bits do not hold it.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (low, carry) = self.low.overflowing_add(other.low);
        let (high, is_over) = self.high.overflowing_add(other.high);
        let (high, is_carried_over) = high.overflowing_add(i128::from(carry));
        // Both at once cancel out, as of the least number and one that is negative by its carry.
        (is_over == is_carried_over).then_some(Self { high, low })
    }

    /// Returns the difference; `None` where 256 bits do not hold it.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (low, borrow) = self.low.overflowing_sub(other.low);
        let (high, is_over) = self.high.overflowing_sub(other.high);
        let (high, is_borrowed_over) = high.overflowing_sub(i128::from(borrow));
        // Both at once cancel out: what the higher halves exceed by one, the lower ones borrow.
        (is_over == is_borrowed_over).then_some(Self { high, low })
    }

    /// Returns so many times the number; `None` where 256 bits do not hold it.
    pub fn checked_mul(self, times: u64) -> Option<Self> {
        let (high, low) = self.magnitude();
        // The sign is left away, because the halves of a negative number are no digits of its size.
        let (carry, low) = multiply(low, times.into());
        let high = high.checked_mul(times.into())?.checked_add(carry)?;
        let high = i128::try_from(high).ok()?;
        Some(Self { high, low }.signed(self.is_negative()))
    }

    /// Returns the nearest double, or one beside it.
    pub fn to_f64(self) -> f64 {
        let (high, low) = self.magnitude();
        let magnitude = high as f64 * 2_f64.powi(128) + low as f64;
        if self.is_negative() {
            -magnitude
        } else {
            magnitude
        }
    }

    fn is_negative(self) -> bool {
        self.high < 0
    }

    /// The number of a magnitude that has room for the sign.
    fn signed(self, is_negative: bool) -> Self {
        if is_negative { self.negated() } else { self }
    }

    /// The opposite; the least number, which has none, stays.
    fn negated(self) -> Self {
        let (low, carry) = (!self.low).overflowing_add(1);
        Self {
            high: (!self.high).wrapping_add(i128::from(carry)),
            low,
        }
    }

    /// The number without its sign, the higher half first.
    fn magnitude(self) -> (u128, u128) {
        // Without its sign the least number is 2²⁵⁵, which the same bits are if they are unsigned.
        let magnitude = self.signed(self.is_negative());
        (magnitude.high as u128, magnitude.low)
    }
}

impl From<i128> for I256 {
    fn from(number: i128) -> Self {
        Self {
            high: if number < 0 { -1 } else { 0 },
            low: number as u128,
        }
    }
}

/// Fails where 128 bits do not hold the number.
impl TryFrom<I256> for i128 {
    type Error = std::num::TryFromIntError;

    fn try_from(number: I256) -> Result<Self, Self::Error> {
        let narrow = number.low as i128;
        match I256::from(narrow) == number {
            true => Ok(narrow),
            // It has no other constructor.
            false => Self::try_from(u128::MAX),
        }
    }
}

impl fmt::Display for I256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut left, mut parts) = (self.magnitude(), Vec::new());
        while left.0 > 0 || left.1 >= DIGITS {
            let (rest, part) = cut(left);
            left = rest;
            parts.push(format!("{part:019}"));
        }
        parts.push(left.1.to_string());
        parts.reverse();
        f.pad_integral(!self.is_negative(), "", &parts.concat())
    }
}

impl fmt::Debug for I256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text of decimal digits, since JSON readers round large numbers.
#[cfg(feature = "serde")]
impl serde::Serialize for I256 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Returns a number without its last 19 digits, and these.
fn cut((high, low): (u128, u128)) -> ((u128, u128), u128) {
    let (mut rest, mut quotient) = (0, [0; 4]);
    let halves = [high, low].map(|number| [number >> 64, number & u128::from(u64::MAX)]);
    for (digit, half) in quotient.iter_mut().zip(halves.as_flattened()) {
        let divided = (rest << 64) | half;
        (*digit, rest) = (divided / DIGITS, divided % DIGITS);
    }
    let [a, b, c, d] = quotient;
    (((a << 64) | b, (c << 64) | d), rest)
}

/// The whole product, by halves of 64 bits.
fn multiply(a: u128, b: u128) -> (u128, u128) {
    let half = |number: u128| (number >> 64, number & u128::from(u64::MAX));
    let ((a1, a0), (b1, b0)) = (half(a), half(b));
    let (carry, low) = half(a0 * b0);
    let (carry, middle) = half(a1 * b0 + carry);
    let (more, middle) = half(a0 * b1 + middle);
    (a1 * b1 + carry + more, (middle << 64) | low)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: I256 = I256 {
        high: i128::MIN,
        low: 0,
    };
    const MOST: I256 = I256 {
        high: i128::MAX,
        low: u128::MAX,
    };

    #[test]
    fn products_are_whole() {
        assert_eq!(multiply(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(multiply(1 << 100, 1 << 100), (1 << 72, 0));
        assert_eq!(multiply(u128::MAX, 2), (1, u128::MAX - 1));
        let square = I256::product(i128::MIN, i128::MIN);
        assert_eq!(square.to_f64(), 2_f64.powi(254));
        assert_eq!(I256::product(i128::MIN, 1), I256::from(i128::MIN));
        assert_eq!(I256::product(-3, 5), I256::from(-15));
    }

    #[test]
    fn sums_are_exact_or_none() {
        let numbers = [0, 1, -1, i128::MAX, i128::MIN, 10_i128.pow(30)];
        for (a, b) in numbers.iter().flat_map(|a| numbers.map(|b| (*a, b))) {
            let (wide, other) = (I256::from(a), I256::from(b));
            let sum = wide.checked_add(other).unwrap();
            assert_eq!(i128::try_from(sum).ok(), a.checked_add(b), "{a} + {b}");
            let difference = wide.checked_sub(other).unwrap();
            assert_eq!(i128::try_from(difference).ok(), a.checked_sub(b));
            assert_eq!(sum.checked_sub(other), Some(wide));
            assert_eq!(wide < other, a < b);
        }
        assert_eq!(MOST.checked_add(I256::from(1)), None);
        assert_eq!(LEAST.checked_add(I256::from(-1)), None);
        assert_eq!(MOST.checked_add(LEAST), Some(I256::from(-1)));
        assert_eq!(I256::from(0).checked_sub(LEAST), None);
        assert_eq!(I256::from(-1).checked_sub(LEAST), Some(MOST));
        assert_eq!(LEAST.checked_sub(LEAST), Some(I256::from(0)));
    }

    #[test]
    fn multiples_are_exact_or_none() {
        let square = I256::product(i128::MAX, i128::MAX);
        assert_eq!(square.checked_mul(1), Some(square));
        assert_eq!(square.checked_mul(2), square.checked_add(square));
        assert_eq!(square.checked_mul(3), None);
        assert_eq!(I256::from(-7).checked_mul(6), Some(I256::from(-42)));
        assert_eq!(I256::from(i128::MIN).checked_mul(0), Some(I256::from(0)));
    }

    #[test]
    fn numbers_are_written_in_decimal() {
        for number in [0, 7, -7, 10_i128.pow(19), -(10_i128.pow(38)), i128::MIN] {
            assert_eq!(I256::from(number).to_string(), number.to_string());
        }
        let large = I256::product(10_i128.pow(38), -(10_i128.pow(38)));
        assert_eq!(large.to_string(), format!("-1{}", "0".repeat(76)));
        assert_eq!(large.to_f64(), -1e76);
    }
}
