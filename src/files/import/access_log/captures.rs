//! A header that HAProxy captured: one of several in braces, separated by `|`.

use std::borrow::Cow;

use super::{format::Found, time};

/// Returns the header in this place among the captured ones, from 1, and the time.
pub(super) fn read(line: &str, place: usize) -> Result<Found<'_>, &'static str> {
    // HAProxy escapes quotes and braces of captured headers, so that the first quote is that of the
    // request, and the last braces before it are those of the response.
    let begin = line.split('"').next().unwrap_or_default();
    let braces = begin.trim_end().strip_suffix('}');
    let captured = braces.and_then(|inner| inner.rsplit_once('{'));
    let Some((begin, captured)) = captured else {
        return without_captures(line);
    };
    let index = place.checked_sub(1);
    let header = index.and_then(|at| captured.split('|').nth(at));
    let header = header.ok_or("it has fewer captured headers")?;
    Ok(Found {
        header: unescape(header),
        time: bracketed(begin).map(Cow::Borrowed),
    })
}

/// Returns the absent header of a connection that made no request, for which HAProxy has captured
/// nothing.
fn without_captures(line: &str) -> Result<Found<'_>, &'static str> {
    let header = Cow::Borrowed("");
    match line.ends_with("\"<BADREQ>\"") {
        true => Ok(Found { header, time: None }),
        false => Err("it has no captured headers before the request"),
    }
}

/// Returns the first text in square brackets that is a time. What stands there before is of
/// the syslog, such as a process in brackets after its name; what clients choose comes later.
fn bracketed(text: &str) -> Option<&str> {
    let mut opened = text.match_indices('[');
    opened.find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let is_word = before.is_none_or(char::is_whitespace);
        let inner = text[at + 1..].split_once(']')?.0;
        (is_word && time::is_time(inner)).then_some(inner)
    })
}

/// Returns a text in which `#22` is a quote, and other bytes likewise.
fn unescape(text: &str) -> Cow<'_, str> {
    let Some((begin, rest)) = text.split_once('#') else {
        return Cow::Borrowed(text);
    };
    let mut unescaped = begin.to_owned();
    for part in rest.split('#') {
        let code = part.get(..2);
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        // What is no code was not escaped by HAProxy, and stays as it is.
        let (c, text) = byte.map_or(('#', part), |byte| (byte.into(), &part[2..]));
        unescaped.push(c);
        unescaped.push_str(text);
    }
    Cow::Owned(unescaped)
}

#[cfg(test)]
mod tests {
    use crate::files::import::access_log::format::{self, AccessLog};

    const BEGIN: &str = "127.0.0.1:44798 [11/Mar/2026:09:26:53.042] a s/s1 0/0/0/1/1 200 236 - - ---- 1/1/0/0/0 0/0";
    const AT: i64 = 1_773_221_213_042_000;

    #[track_caller]
    fn check(capture: usize, line: &str, expected: Result<Option<(&str, Option<i64>)>, &str>) {
        let log = AccessLog::haproxy().capture(capture).utc_offset(0);
        format::check(&log, line, expected);
    }

    #[test]
    fn captured_headers_are_unescaped() {
        let header = "delay=#222s#22;unit=#22eb66#22, a=b";
        let read = Ok(Some((r#"delay="2s";unit="eb66", a=b"#, Some(AT))));
        let request = r#""GET / HTTP/1.1""#;
        check(1, &format!("{BEGIN} {{{header}}} {request}"), read);
        check(2, &format!("{BEGIN} {{2|{header}|}} {request}"), read);
        let asked = "{x#22 #7Bde#7Clay=a#7D [1] #22}";
        check(1, &format!("{BEGIN} {asked} {{{header}}} {request}"), read);
        check(1, &format!("{BEGIN} {{{header}}}"), read);
        let syslog = "<134>Mar 11 09:26:53 edge haproxy[1234]: ";
        check(1, &format!("{syslog}{BEGIN} {{{header}}} {request}"), read);
        check(
            1,
            &format!("{BEGIN} {{a#2#zz#é}} x"),
            Err("it has no captured headers before the request"),
        );
        check(
            1,
            &format!("{BEGIN} {{a#2#zz#é#}}"),
            Ok(Some(("a#2#zz#é#", Some(AT)))),
        );
    }

    #[test]
    fn empty_captures_are_no_header() {
        check(
            1,
            &format!("{BEGIN} {{}} \"GET /?{{a=b}} HTTP/1.1\""),
            Ok(None),
        );
        check(1, &format!("{BEGIN} {{|2}} \"<BADREQ>\""), Ok(None));
        check(1, &format!("{BEGIN} \"<BADREQ>\""), Ok(None));
    }

    #[test]
    fn lines_without_the_capture_are_bad() {
        let fewer = Err("it has fewer captured headers");
        check(3, &format!("{BEGIN} {{a=b|2}} \"GET /\""), fewer);
        check(0, &format!("{BEGIN} {{a=b|2}} \"GET /\""), fewer);
        let none = Err("it has no captured headers before the request");
        check(1, &format!("{BEGIN} \"GET /{{a=b}} HTTP/1.1\""), none);
        check(1, "Proxy a started.", none);
    }
}
