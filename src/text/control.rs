//! Characters that steer a terminal or turn the direction of writing, in what strangers wrote.
//!
//! A terminal obeys escape sequences: they can clear it, rename its window or paste into its input.
//! Characters that turn the direction of writing show a text in another order than it has ("Trojan
//! Source", CVE-2021-42574). Both are shown as escapes and not removed, so that two different texts
//! stay different.

#[cfg(any(feature = "dashboard", feature = "files"))]
use std::borrow::Cow;

/// Returns whether a character controls a terminal, as one that begins an escape sequence, or breaks a
/// line, or turns the direction of the text around it.
///
/// These are the categories Cc of Unicode (C0, DEL and C1), the separators of lines and of
/// paragraphs, and the marks of the bidirectional algorithm.
pub(crate) fn is_control(c: char) -> bool {
    // The bidirectional algorithm (UAX #9, section 2) has these marks, embeddings, overrides and
    // isolates, each of which can show a text in another order than it has.
    let is_mark = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}');
    let turns = is_mark || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns the characters of a text, with spaces in place of control characters.
pub(crate) fn spaced(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if is_control(c) { ' ' } else { c })
}

/// Returns a text as it can be shown on one line: control characters as `\u{1b}`.
///
/// A text without such characters, as most are, is borrowed.
///
/// ```text
/// "a\x1b[2J"     a\u{1b}[2J
/// "two\nlines"   two\u{a}lines
/// ```
#[cfg(any(feature = "cli", feature = "dashboard"))]
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    escaped(text, is_control, |c| c.escape_unicode().to_string())
}

/// Returns a text as it can be shown on several lines.
///
/// Line feeds stay, and all other control characters are escaped as in [`one_line`]: also a
/// carriage return, which would write over the line, and a tab.
#[cfg(feature = "cli")]
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    let is_steering = |c| c != '\n' && is_control(c);
    escaped(text, is_steering, |c| c.escape_unicode().to_string())
}

/// Returns the same JSON without control characters, which can only be within its texts: as `\u001b`,
/// by RFC 8259. Line feeds stay, since within texts they are escaped already.
#[cfg(any(feature = "dashboard", feature = "files"))]
pub(crate) fn json(json: &str) -> Cow<'_, str> {
    let is_raw = |c: char| is_control(c) && !matches!(c, '\n' | '\r' | '\t');
    escaped(json, is_raw, |c| format!("\\u{:04x}", u32::from(c)))
}

/// Escapes the characters for which `is_bad` is true; borrows the text if there is none.
#[cfg(any(feature = "dashboard", feature = "files"))]
fn escaped(
    text: &str,
    is_bad: impl Fn(char) -> bool,
    escape: impl Fn(char) -> String,
) -> Cow<'_, str> {
    if !text.contains(&is_bad) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_bad(c) {
            true => escaped.push_str(&escape(c)),
            false => escaped.push(c),
        }
    }
    escaped.into()
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\x1b[2J\u{9b}31m\u{202e}\u{2066}\u{200f}\u{2028}\x7f\nb ü";

    #[test]
    fn control_characters_are_escaped() {
        let shown = one_line(HOSTILE);
        assert_eq!(
            shown,
            "a\\u{1b}[2J\\u{9b}31m\\u{202e}\\u{2066}\\u{200f}\\u{2028}\\u{7f}\\u{a}b ü"
        );
        assert_eq!(lines(HOSTILE), shown.replace("\\u{a}", "\n"));
        assert!(matches!(one_line("ü 世"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same() {
        let written = serde_json::to_string_pretty(&[HOSTILE]).unwrap();
        let escaped = json(&written);
        assert!(!escaped.chars().any(|c| c != '\n' && is_control(c)));
        let read: Vec<String> = serde_json::from_str(&escaped).unwrap();
        assert_eq!(read, [HOSTILE]);
    }
}
