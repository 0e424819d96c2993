use super::decimal::decimal;

/// Writes a number: two digits after the point, or more where three digits of it need them.
pub(crate) fn number(value: f64) -> String {
    let written = decimal(value, 2, 3);
    if written == "0.00" {
        "0".to_owned()
    } else {
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, expected: &str) {
        assert_eq!(number(value), expected);
    }

    #[test]
    fn small_numbers_have_three_digits() {
        check(0.0, "0");
        check(0.5, "0.500");
        check(0.01234, "0.0123");
        check(-0.000_009_172, "-0.00000917");
        check(-1e-30, "0");
    }

    #[test]
    fn larger_numbers_have_two_digits_after_the_point() {
        check(1.5, "1.50");
        check(-12.0, "-12.00");
        check(1234.5, "1,234.50");
        check(-1_234_567.0, "-1,234,567.00");
        check(-3e20, "less than -1,000,000,000,000,000");
    }
}
