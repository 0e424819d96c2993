use super::decimal::{decimal, trimmed};

/// Writes a share as a percentage, such as `12.3%` or `0.42%`.
pub(crate) fn percent(share: f64) -> String {
    format!("{}%", of_hundred(share))
}

/// Writes a difference of shares, such as `1.2 percentage points`.
pub(crate) fn points(difference: f64) -> String {
    format!("{} percentage points", of_hundred(difference))
}

/// Decides how many digits a percentage has: one after the point, or two significant digits.
///
/// So a small lift is not shown as zero: 12.3, 5.0, 0.42, 0.0031. Only zero itself is 0.0.
fn of_hundred(share: f64) -> String {
    decimal(share * 100.0, 1, 2)
}

/// Writes a share that was chosen, not measured, without zeros at its end: `95%`, `0.5%`.
pub(crate) fn round_percent(share: f64) -> String {
    format!("{}%", trimmed(&decimal(share * 100.0, 2, 2)))
}

/// Writes a confidence level, such as `95%` or `98.75%`, which is never all.
pub(crate) fn level(level: f64) -> String {
    // A level that is written as 100% would promise certainty.
    round_percent(level.min(0.9999))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: fn(f64) -> String, share: f64, expected: &str) {
        assert_eq!(written(share), expected);
    }

    #[test]
    fn percentages_have_a_digit_after_the_point() {
        check(percent, 0.0, "0.0%");
        check(percent, 0.1234, "12.3%");
        check(percent, -0.5, "-50.0%");
        check(percent, 0.01, "1.0%");
        check(percent, 123.456, "12,345.6%");
        check(percent, f64::MAX, "more than 1,000,000,000,000,000%");
        check(percent, f64::INFINITY, "more than 1,000,000,000,000,000%");
    }

    #[test]
    fn small_percentages_have_two_digits() {
        check(percent, 0.0099, "0.99%");
        check(percent, -0.0042, "-0.42%");
        check(percent, 0.0005, "0.050%");
        check(percent, 1e-9, "0.00000010%");
        check(percent, -1e-30, "0.0%");
    }

    #[test]
    fn points_have_the_digits_of_percentages() {
        check(points, 0.009_172, "0.92 percentage points");
        check(points, -0.25, "-25.0 percentage points");
    }

    #[test]
    fn chosen_shares_are_short() {
        check(round_percent, 0.0, "0%");
        check(round_percent, 1.0, "100%");
        check(round_percent, -0.005, "-0.5%");
        check(round_percent, 0.000_05, "0.005%");
        check(round_percent, 0.1 + 0.2, "30%");
    }

    #[test]
    fn levels_are_below_all() {
        check(level, 0.95, "95%");
        check(level, 0.975, "97.5%");
        check(level, 0.9875, "98.75%");
        check(level, 0.999_999, "99.99%");
    }
}
