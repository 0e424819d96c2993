/// Puts a plus sign before a written figure above zero, as differences have it.
pub(crate) fn signed(figure: String) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let is_above = figure.starts_with(is_digit) && figure.contains(|c| matches!(c, '1'..='9'));
    if is_above {
        format!("+{figure}")
    } else {
        figure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(figure: &str, expected: &str) {
        assert_eq!(signed(figure.to_owned()), expected);
    }

    #[test]
    fn figures_above_zero_have_a_plus_sign() {
        check("0.42%", "+0.42%");
        check("-0.42%", "-0.42%");
        check("1,234.50", "+1,234.50");
    }

    #[test]
    fn zero_and_words_have_none() {
        check("0.0%", "0.0%");
        check("0", "0");
        check("more than 1,000", "more than 1,000");
    }
}
