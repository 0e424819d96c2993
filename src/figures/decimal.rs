use super::count::{count, grouped};

/// The size from which a number is only said to be larger than this.
const LARGEST: u64 = 1_000_000_000_000_000;

/// The size below which a number is written as zero.
const SMALLEST: f64 = 1e-12;

/// How many digits after the point there are at most, which show two of the smallest number.
const DIGITS: i32 = 13;

/// Writes a number in full, never with an exponent, with commas between thousands.
///
/// It has at least `places` digits after the point, and at least `significant` digits.
pub(super) fn decimal(value: f64, places: i32, significant: i32) -> String {
    if value.abs() >= LARGEST as f64 {
        let (way, sign) = if value < 0.0 {
            ("less", "-")
        } else {
            ("more", "")
        };
        return format!("{way} than {sign}{}", count(LARGEST));
    }
    // Also of a negative zero, which would have a sign.
    let value = if value.abs() < SMALLEST { 0.0 } else { value };
    let digits = digits(value, significant).clamp(places, DIGITS) as usize;
    grouped(&format!("{value:.digits$}"))
}

/// Returns how many digits after the point show the significant ones.
fn digits(value: f64, significant: i32) -> i32 {
    // Rounded first, since 0.996 with two digits is 1.0.
    let rounded = format!("{value:.*e}", significant as usize - 1);
    let exponent = rounded.split_once('e').map(|(_, exponent)| exponent);
    let exponent: i32 = exponent.and_then(|e| e.parse().ok()).unwrap_or_default();
    significant - 1 - exponent
}

/// Omits the zeros that end the digits after the point.
pub(super) fn trimmed(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, (places, significant): (i32, i32), expected: &str) {
        assert_eq!(decimal(value, places, significant), expected);
    }

    #[test]
    fn numbers_have_no_exponent() {
        check(0.0, (2, 2), "0.00");
        check(-0.0, (1, 2), "0.0");
        check(1.5, (2, 2), "1.50");
        check(0.009_172, (2, 2), "0.0092");
        check(-0.009_172, (2, 3), "-0.00917");
        check(123_456_789.0, (1, 2), "123,456,789.0");
        check(-1234.5, (2, 2), "-1,234.50");
        check(-123.0, (0, 1), "-123");
    }

    #[test]
    fn rounding_decides_the_digits() {
        check(0.994, (1, 2), "0.99");
        check(0.996, (1, 2), "1.0");
        check(0.0996, (1, 2), "0.10");
    }

    #[test]
    fn extremes_are_short() {
        check(1e-9, (1, 2), "0.0000000010");
        check(1e-12, (1, 2), "0.0000000000010");
        check(-1e-30, (1, 2), "0.0");
        check(999_999_999_999_999.0, (0, 1), "999,999,999,999,999");
        check(1e15, (1, 2), "more than 1,000,000,000,000,000");
        check(f64::MIN, (1, 2), "less than -1,000,000,000,000,000");
        check(f64::INFINITY, (1, 2), "more than 1,000,000,000,000,000");
    }

    #[test]
    fn zeros_at_the_end_are_omitted_after_the_point_alone() {
        assert_eq!(
            ["95.00", "98.750", "100", "0.0"].map(trimmed),
            ["95", "98.75", "100", "0"]
        );
    }
}
