//! The header in quotes at the end of a line, with the time in square brackets.

use std::borrow::Cow;

use super::format::Found;

/// Returns the header in the last quotes, and the time in the last brackets before the first quote.
pub(super) fn read(line: &str) -> Result<Found<'_>, &'static str> {
    let header = last_quoted(line).ok_or("it does not end with a text in quotes")?;
    // Before the time, a client chooses the user's name, but that has no quotes; after it, nothing.
    let begin = line.split('"').next().unwrap_or_default();
    let time = begin.rsplit_once('[').map(|(_, time)| time);
    let time = time.and_then(|time| Some(time.split_once(']')?.0));
    Ok(Found {
        header: match header.contains(r#"\""#) {
            true => Cow::Owned(header.replace(r#"\""#, "\"")),
            false => Cow::Borrowed(header),
        },
        time: time.map(Cow::Borrowed),
    })
}

/// Returns the text in quotes that ends a line.
///
/// It begins with the last quote after a space or another separator. The header has no such quote,
/// so one within it needs no escape, and nothing that a client chooses in another field is taken
/// for a part of the header.
fn last_quoted(line: &str) -> Option<&str> {
    let inner = line.strip_suffix('"')?;
    let is_separator = |before: char| before.is_whitespace() || matches!(before, ',' | ';' | '|');
    let begins = |at: usize| inner[..at].chars().next_back().is_none_or(is_separator);
    let mut quotes = inner.rmatch_indices('"').map(|(at, _)| at);
    let begin = quotes.find(|at| begins(*at))?;
    inner.get(begin + 1..)
}

#[cfg(test)]
mod tests {
    use crate::files::import::access_log::format::{self, AccessLog};

    const SECOND: i64 = 1_773_221_213_000_000;
    const TIME: &str = "[11/Mar/2026:09:26:53 +0000]";
    const BAD: &str = "it does not end with a text in quotes";

    #[track_caller]
    fn check(end: &str, expected: Result<Option<(&str, Option<i64>)>, &str>) {
        let line = format!("203.0.113.7 - a [b] {end}");
        format::check(&AccessLog::combined(), &line, expected);
    }

    #[track_caller]
    fn check_header(fields: &str, expected: &str) {
        let expected = Ok(Some((expected, Some(SECOND))));
        check(&format!("{TIME} {fields}"), expected);
    }

    #[test]
    fn escaped_quotes_are_part_of_the_header() {
        check_header(r#""GET / HTTP/1.1" 200 "a=b""#, "a=b");
        check_header(r#""-" "a=\x22b\x22""#, r"a=\x22b\x22");
        check_header(r#""x" "a=\"b\"""#, r#"a="b""#);
    }

    #[test]
    fn quotes_without_escapes_are_part_of_the_header() {
        for header in [
            r#"a="2s""#,
            r#"a="2s", b=c"#,
            r#"a="2s";phase=2;unit="00c2", b=c;unit="00c2""#,
            r#"a=b;run="1-1";unit="00c2";forced"#,
        ] {
            check_header(&format!(r#""GET /?a="b" HTTP/1.1" 200 "{header}""#), header);
            check_header(&format!(r#""x\" "{header}""#), header);
            check_header(&format!(r#""x","{header}""#), header);
        }
    }

    #[test]
    fn a_header_that_is_absent_is_not_found_in_another_field() {
        for forged in [r#"x" "a="2s""#, r#"a="2s";z="#, r#"a="2s""#, r#"x="#] {
            for absent in ["-", "", " "] {
                check(&format!(r#"{TIME} "x" "{forged}" "{absent}""#), Ok(None));
            }
        }
    }

    #[test]
    fn a_malformed_header_is_not_an_absent_one() {
        for malformed in [
            r#"a="""#,
            r#"a="2s";unit="""#,
            r#"""#,
            r#"a="2s"#,
            r#"a="2 s""#,
        ] {
            check_header(&format!(r#""x" "{malformed}""#), malformed);
        }
    }

    #[test]
    fn a_line_that_is_cut_off_is_bad() {
        check(&format!(r#"{TIME} "x" "a=b"#), Err(BAD));
        format::check(&AccessLog::combined(), "a=b\"", Err(BAD));
    }

    #[test]
    fn the_time_is_in_the_last_brackets_before_the_first_quote() {
        let told = |at| Ok(Some(("a=b", at)));
        check(r#"[1773221213.000] "x" "a=b""#, told(Some(SECOND)));
        check(r#"[1773221213.000] 200 "x" "a=b""#, told(Some(SECOND)));
        check(r#"[yesterday] "x" "a=b""#, told(None));
        check(r#""[1773221213]" "a=b""#, told(None));
    }
}
