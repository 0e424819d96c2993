/// Writes a count, such as `12,345`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Writes a count with its noun, such as `1 unit` or `2,000 units`.
#[cfg(feature = "report")]
pub(crate) fn plural(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", count(number))
}

/// Separates the thousands of a number.
pub(super) fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let (sign, digits) = whole.split_at(whole.len() - whole.trim_start_matches('-').len());
    let mut grouped = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: u64, expected: &str) {
        assert_eq!(count(number), expected);
    }

    #[test]
    fn thousands_are_separated_by_commas() {
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(1_234_567, "1,234,567");
        check(u64::MAX, "18,446,744,073,709,551,615");
    }

    #[cfg(feature = "report")]
    #[test]
    fn nouns_are_plural_except_after_one() {
        let written = [0, 1, 2000].map(|number| plural(number, "unit"));
        assert_eq!(written, ["0 units", "1 unit", "2,000 units"]);
    }
}
