//! Centred sums of integers without a rounding: `n Σab − Σa Σb` needs up to 256 bits.

use super::I256;
use crate::stats::NoAnswer;

/// Returns `Σa² − (Σa)² / n`, rounded once.
///
/// # Errors
///
/// Without units, beyond 256 bits, and where the squares are too small for the sum, which no values
/// can cause.
pub(super) fn centred(units: u64, sum: i128, squares: I256) -> Result<f64, NoAnswer> {
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
/// Without units, and beyond 256 bits.
pub(super) fn crossed(units: u64, sums: (i128, i128), products: I256) -> Result<f64, NoAnswer> {
    if units == 0 {
        return Err(NoAnswer::NoUnits);
    }
    let right = I256::product(sums.0, sums.1);
    let left = products.checked_mul(units);
    let centred = left.and_then(|left| left.checked_sub(right));
    let centred = centred.ok_or(NoAnswer::OutOfRange)?;
    Ok(centred.to_f64() / units as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_cancel() {
        // Two values that differ by 2, a hundred trillion away from 0.
        let (a, b) = (10_i128.pow(14), 10_i128.pow(14) + 2);
        assert_eq!(centred(2, a + b, (a * a + b * b).into()), Ok(2.0));
        assert_eq!(crossed(3, (6, -6), I256::from(-14)), Ok(-2.0));
        assert_eq!(crossed(2, (-3, 5), I256::from(1)), Ok(8.5));
    }

    #[test]
    fn the_largest_values_have_a_spread() {
        let most = i128::from(i64::MAX);
        let square = I256::product(most, most);
        for units in [2, 1_000_000, 1 << 53] {
            let squares = square.checked_mul(units).unwrap();
            let sum = most * i128::from(units);
            assert_eq!(centred(units, sum, squares), Ok(0.0));
            let spread = centred(units, 0, squares).unwrap();
            assert_eq!(spread, square.to_f64() * units as f64);
        }
    }

    #[test]
    fn impossible_sums_are_errors() {
        assert_eq!(centred(0, 0, I256::from(0)), Err(NoAnswer::NoUnits));
        assert_eq!(centred(2, 10, I256::from(49)), Err(NoAnswer::Impossible));
        assert_eq!(centred(2, 10, I256::from(-50)), Err(NoAnswer::Impossible));
        let most = crossed(u64::MAX, (i128::MIN, i128::MAX), I256::from(i128::MAX));
        assert!(most.is_ok_and(f64::is_finite));
        let squares = I256::product(i128::MAX, i128::MAX);
        assert_eq!(centred(5, 0, squares), Err(NoAnswer::OutOfRange));
    }
}
