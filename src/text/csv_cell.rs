//! The one way of a text into a cell of CSV.
//!
//! A spreadsheet computes a cell that begins like a formula, also one from a file ("CSV
//! injection"). Quotes do not prevent that, so such a text gets an apostrophe in front, which
//! spreadsheets take as the mark of a text.

use std::borrow::Cow;

use super::control::spaced;

/// The most characters of a cell, which is what spreadsheets hold. The rest is cut off.
const LONGEST: usize = 32_767;

/// What a spreadsheet may take for the beginning of a formula, also in full width.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Returns a text as a cell of CSV by RFC 4180: never a formula, on one line, and in quotes where it
/// would be read as something else.
///
/// ```text
/// blue            blue
/// =SUM(A1:A9)     '=SUM(A1:A9)
/// a "b", c        "a ""b"", c"
/// two\nlines      two lines
/// ```
#[cfg(any(feature = "dashboard", feature = "files"))]
pub(crate) fn cell(text: &str) -> String {
    quoted(&plain(text)).into_owned()
}

/// Marks what a spreadsheet would compute as text; control characters become spaces.
///
/// Spaces in front do not hide a formula: they are skipped when its beginning is looked for. The
/// length is in characters.
pub(crate) fn plain(text: &str) -> String {
    let text: String = spaced(text).take(LONGEST).collect();
    // Control characters are spaces by now, so that a tab or a line break in front hides no formula
    // either.
    match text.trim_start().starts_with(FORMULAS) {
        true => format!("'{text}"),
        false => text,
    }
}

/// Puts a text in quotes where it would be read as something else.
///
/// A semicolon counts as a separator, since spreadsheets use it where the comma separates decimals.
/// Numbers need no [`plain`]: a negative one begins with `-` and stays a number.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    match text.contains([',', ';', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")).into(),
        false => text.into(),
    }
}

#[cfg(all(test, any(feature = "dashboard", feature = "files")))]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_formulas_and_steer_no_terminal() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "－1"] {
            assert_eq!(cell(bad), format!("'{bad}"));
        }
        assert_eq!(cell("\t\r\n=1"), "'   =1");
        assert_eq!(cell("\x1b[2J\u{9b}\u{202e}"), " [2J  ");
        assert_eq!((&*cell("de"), &*cell("a=1")), ("de", "a=1"));
    }

    #[test]
    fn texts_with_commas_or_quotes_are_quoted() {
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("a \"b\""), "\"a \"\"b\"\"\"");
        assert_eq!(cell("=a,\"b\""), "\"'=a,\"\"b\"\"\"");
        assert_eq!(quoted("a\nb"), "\"a\nb\"");
    }

    #[test]
    fn cells_are_no_longer_than_spreadsheets_hold() {
        assert_eq!(cell(&"ü".repeat(LONGEST + 1)), "ü".repeat(LONGEST));
    }
}
