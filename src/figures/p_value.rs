use super::decimal::trimmed;

/// The p-value below which all are alike.
const LEAST: f64 = 0.0001;

/// Writes a p-value under the head of a column: `0.031` or `< 0.0001`.
pub(crate) fn p_value(p: f64) -> String {
    if p < LEAST {
        format!("< {LEAST}")
    } else {
        trimmed(&format!("{p:.4}")).to_owned()
    }
}

/// Writes a p-value in a sentence: `p = 0.031` or `p < 0.0001`.
pub(crate) fn stated_p(p: f64) -> String {
    let sign = if p < LEAST { "" } else { "= " };
    format!("p {sign}{}", p_value(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(p: f64, in_a_column: &str, in_a_sentence: &str) {
        assert_eq!(p_value(p), in_a_column);
        assert_eq!(stated_p(p), in_a_sentence);
    }

    #[test]
    fn p_values_have_at_most_four_digits() {
        check(1.0, "1", "p = 1");
        check(0.5, "0.5", "p = 0.5");
        check(0.031, "0.031", "p = 0.031");
        check(0.094_64, "0.0946", "p = 0.0946");
        check(0.0001, "0.0001", "p = 0.0001");
    }

    #[test]
    fn very_small_p_values_are_alike() {
        check(0.000_099, "< 0.0001", "p < 0.0001");
        check(0.0, "< 0.0001", "p < 0.0001");
    }
}
