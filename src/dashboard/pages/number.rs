//! Numbers in forms.

/// Parses a number as people write it: with or without a plus sign and a percent sign.
pub(super) fn number(what: &str, text: &str) -> Result<f64, String> {
    let digits = text.trim().trim_end_matches('%').trim();
    let digits = digits.trim_start_matches('+');
    let number: Option<f64> = digits.parse().ok();
    // Rust also parses `inf` and `nan`, which are no size of anything.
    let number = number.filter(|number| number.is_finite());
    number.ok_or_else(|| format!("{what}: a number is wanted, such as 10 or 2.5"))
}
