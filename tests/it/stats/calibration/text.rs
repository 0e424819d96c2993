//! Numbers inside the sentences of cases.

/// Returns the number that follows a word.
pub(super) fn after(text: &str, word: &str) -> Option<f64> {
    let (_, rest) = text.split_once(word)?;
    first(rest)
}

/// Returns the first number of a text.
pub(super) fn first(text: &str) -> Option<f64> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let negative = text[..start].ends_with('-');
    let number = text[start..]
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .next()?
        .trim_end_matches('.');
    let number: f64 = number.parse().ok()?;
    Some(if negative { -number } else { number })
}

/// Returns all numbers in a pair of brackets after a word.
pub(super) fn arguments(text: &str, word: &str) -> Option<Vec<f64>> {
    let (_, rest) = text.split_once(word)?;
    let (inside, _) = rest.split_once('(')?.1.split_once(')')?;
    inside.split(',').map(first).collect()
}

#[test]
fn numbers_are_found() {
    let text = "0.05 probability of lognormal(mu=-3.0, sigma=1.3), else 0.";
    assert_eq!(first(text), Some(0.05));
    assert_eq!(after(text, "else"), Some(0.0));
    assert_eq!(after(text, "sigma"), Some(1.3));
    assert_eq!(arguments(text, "lognormal"), Some(vec![-3.0, 1.3]));
    assert_eq!(after(text, "gamma"), None);
}
