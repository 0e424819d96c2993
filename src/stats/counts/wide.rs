//! Centred sums of integers without a rounding: `n Σab − Σa Σb` needs up to 256 bits.

use std::cmp::Ordering;

use crate::stats::NoAnswer;

/// Returns `Σa² − (Σa)² / n`, rounded once.
///
/// # Errors
///
/// Without units, and where the squares are too small for the sum, which no values can cause.
pub(super) fn centred(units: u64, sum: i128, squares: i128) -> Result<f64, NoAnswer> {
    let centred = crossed(units, (sum, sum), squares)?;
    if centred < 0.0 {
        return Err(NoAnswer::Impossible);
    }
    Ok(centred)
}

/// Returns `Σab − Σa Σb / n`, rounded once.
///
/// # Errors
///
/// Without units.
pub(super) fn crossed(units: u64, sums: (i128, i128), products: i128) -> Result<f64, NoAnswer> {
    if units == 0 {
        return Err(NoAnswer::NoUnits);
    }
    let left = Wide::product(i128::from(units), products);
    let right = Wide::product(sums.0, sums.1);
    Ok(left.minus(right) / units as f64)
}

/// A sign and 256 bits, the higher half first.
#[derive(Clone, Copy)]
struct Wide {
    negative: bool,
    bits: (u128, u128),
}

impl Wide {
    fn product(a: i128, b: i128) -> Self {
        Self {
            negative: (a < 0) != (b < 0),
            bits: multiply(a.unsigned_abs(), b.unsigned_abs()),
        }
    }

    /// The magnitudes are at most 2²⁵⁴, so that their sum fits.
    fn minus(self, other: Self) -> f64 {
        if self.negative != other.negative {
            let (low, carry) = self.bits.1.overflowing_add(other.bits.1);
            let high = self.bits.0 + other.bits.0 + u128::from(carry);
            return float((high, low), self.negative);
        }
        match self.bits.cmp(&other.bits) {
            Ordering::Equal => 0.0,
            Ordering::Greater => float(subtract(self.bits, other.bits), self.negative),
            Ordering::Less => float(subtract(other.bits, self.bits), !self.negative),
        }
    }
}

/// The smaller from the larger.
fn subtract(larger: (u128, u128), smaller: (u128, u128)) -> (u128, u128) {
    let (low, borrow) = larger.1.overflowing_sub(smaller.1);
    (larger.0 - smaller.0 - u128::from(borrow), low)
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

fn float((high, low): (u128, u128), negative: bool) -> f64 {
    let magnitude = high as f64 * 2_f64.powi(128) + low as f64;
    if negative { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::{centred, crossed, multiply};
    use crate::stats::NoAnswer;

    #[test]
    fn products_are_whole() {
        assert_eq!(multiply(u128::MAX, u128::MAX), (u128::MAX - 1, 1));
        assert_eq!(multiply(1 << 100, 1 << 100), (1 << 72, 0));
        assert_eq!(multiply(u128::MAX, 2), (1, u128::MAX - 1));
    }

    #[test]
    fn nothing_cancels() {
        // Two values that differ by 2, a hundred trillion away from 0.
        let (a, b) = (10_i128.pow(14), 10_i128.pow(14) + 2);
        assert_eq!(centred(2, a + b, a * a + b * b), Ok(2.0));
        assert_eq!(crossed(3, (6, -6), -14), Ok(-2.0));
        assert_eq!(crossed(2, (-3, 5), 1), Ok(8.5));
    }

    #[test]
    fn what_cannot_be_is_said() {
        assert_eq!(centred(0, 0, 0), Err(NoAnswer::NoUnits));
        assert_eq!(centred(2, 10, 49), Err(NoAnswer::Impossible));
        assert_eq!(centred(2, 10, -50), Err(NoAnswer::Impossible));
        let most = crossed(u64::MAX, (i128::MIN, i128::MAX), i128::MAX);
        assert!(most.is_ok_and(f64::is_finite));
    }
}
