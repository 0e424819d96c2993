use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::record::Timestamp;

use super::log_time;

/// How the lines of an access log are written.
///
/// The guide [about logs](crate::guide::logs) has what to tell nginx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLog(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Combined,
    Json { time: Box<str>, header: Box<str> },
}

/// What a line tells: the header, and when it was logged. The time is read where there is a header
/// alone.
pub(super) struct Logged<'a> {
    pub(super) header: Cow<'a, str>,
    pub(super) at: Option<Timestamp>,
}

impl AccessLog {
    /// Returns the *combined* format with the header in quotes at the end of the line.
    ///
    /// The time is what stands in square brackets before the first quote: `$time_local`,
    /// `$time_iso8601` or `$msec`. Quotes within quotes are escaped, as `\x22` or `\"`.
    pub fn combined() -> Self {
        Self(Kind::Combined)
    }

    /// Returns lines of JSON, with the time in the field `time` and the header in the field
    /// `tracks_exposure`.
    ///
    /// The time is `$time_iso8601`, `$time_local` or `$msec`, the last be it a number or text.
    pub fn json() -> Self {
        Self(Kind::Json {
            time: "time".into(),
            header: "tracks_exposure".into(),
        })
    }

    /// Sets the field of the time in lines of JSON. Defaults to `time`.
    pub fn time_field(mut self, name: impl Into<Box<str>>) -> Self {
        if let Kind::Json { time, .. } = &mut self.0 {
            *time = name.into();
        }
        self
    }

    /// Sets the field of the header in lines of JSON. Defaults to `tracks_exposure`.
    pub fn header_field(mut self, name: impl Into<Box<str>>) -> Self {
        if let Kind::Json { header, .. } = &mut self.0 {
            *header = name.into();
        }
        self
    }

    /// Returns what a line tells; `None` where no track was read.
    pub(super) fn read<'a>(&self, line: &'a str) -> Result<Option<Logged<'a>>, &'static str> {
        match &self.0 {
            Kind::Combined => combined(line),
            Kind::Json { time, header } => json(line, time, header),
        }
    }
}

fn combined(line: &str) -> Result<Option<Logged<'_>>, &'static str> {
    let header = last_quoted(line).ok_or("it does not end with a text in quotes")?;
    if is_none(header) {
        return Ok(None);
    }
    // What stands before is the client's to choose, such as a user's name, but for quotes.
    let begin = line.split('"').next().unwrap_or_default();
    let time = begin.rsplit_once('[').map(|(_, time)| time);
    let time = time.and_then(|time| time.trim_end().strip_suffix(']'));
    Ok(Some(Logged {
        header: match header.contains(r#"\""#) {
            true => Cow::Owned(header.replace(r#"\""#, "\"")),
            false => Cow::Borrowed(header),
        },
        at: time.and_then(log_time::read),
    }))
}

/// Returns the text in quotes that ends a line.
fn last_quoted(line: &str) -> Option<&str> {
    let inner = line.strip_suffix('"')?;
    let is_escaped = |end: usize| {
        let backslashes = inner[..end].bytes().rev();
        backslashes.take_while(|byte| *byte == b'\\').count() % 2 == 1
    };
    let mut quotes = inner.rmatch_indices('"').map(|(at, _)| at);
    let begin = quotes.find(|at| !is_escaped(*at))?;
    Some(&inner[begin + 1..])
}

fn json<'a>(line: &str, time: &str, header: &str) -> Result<Option<Logged<'a>>, &'static str> {
    let fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| "it is no object of JSON")?;
    let header = match fields.get(header) {
        Some(Value::String(header)) => header,
        Some(Value::Null) => return Ok(None),
        Some(_) => return Err("the field of the header is no text"),
        None => return Err("it has no field of the header"),
    };
    let at = match fields.get(time) {
        Some(Value::String(time)) => log_time::read(time),
        Some(Value::Number(time)) => log_time::read(&time.to_string()),
        _ => None,
    };
    Ok((!is_none(header)).then(|| Logged {
        header: Cow::Owned(header.clone()),
        at,
    }))
}

/// Returns whether it is what logs have where there is no header.
fn is_none(header: &str) -> bool {
    matches!(header.trim(), "" | "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(log: &AccessLog, line: &str, expected: Result<Option<(&str, Option<i64>)>, &str>) {
        let read = log.read(line);
        let read = read.as_ref().map(|read| {
            let tell = |logged: &Logged<'_>| {
                let at = logged.at.map(Timestamp::as_micros);
                (logged.header.clone().into_owned(), at)
            };
            read.as_ref().map(tell)
        });
        let read = read
            .as_ref()
            .map(|read| read.as_ref().map(|(text, at)| (&**text, *at)));
        assert_eq!(read.map_err(|reason| **reason), expected, "{line}");
    }

    const SECOND: i64 = 1_773_221_213_000_000;

    #[test]
    fn the_last_quotes_are_the_header() {
        let log = AccessLog::combined();
        let begin = r#"203.0.113.7 - a [b] "#;
        let check = |end: &str, expected| check(&log, &format!("{begin}{end}"), expected);
        let time = "[11/Mar/2026:09:26:53 +0000]";
        let told = |text| Ok(Some((text, Some(SECOND))));
        check(
            &format!(r#"{time} "GET / HTTP/1.1" 200 "a=b""#),
            told("a=b"),
        );
        check(
            &format!(r#"{time} "-" "a=\x22b\x22""#),
            told(r"a=\x22b\x22"),
        );
        check(&format!(r#"{time} "x" "a=\"b\"""#), told(r#"a="b""#));
        check(r#"[1773221213.000] "x" "a=b""#, told("a=b"));
        check(r#"[yesterday] "x" "a=b""#, Ok(Some(("a=b", None))));
        check(r#""x" "a=b""#, Ok(Some(("a=b", None))));
        check(&format!(r#"{time} "x" "-""#), Ok(None));
        check(&format!(r#"{time} "x" """#), Ok(None));
        let bad = Err("it does not end with a text in quotes");
        check(&format!(r#"{time} "x" "a=b"#), bad);
        check("a=b\"", bad);
    }

    #[test]
    fn fields_of_json_have_names() {
        let log = AccessLog::json().time_field("msec").header_field("tracks");
        let told = Ok(Some(("a=\"b\"", Some(SECOND + 5_000))));
        check(&log, r#"{"msec":1773221213.005,"tracks":"a=\"b\""}"#, told);
        check(
            &log,
            r#"{"msec":"1773221213.005","tracks":"a=\"b\""}"#,
            told,
        );
        check(&log, r#"{"tracks":"a=b"}"#, Ok(Some(("a=b", None))));
        check(&log, r#"{"tracks":""}"#, Ok(None));
        check(&log, r#"{"tracks":null}"#, Ok(None));
        check(
            &log,
            r#"{"tracks":1}"#,
            Err("the field of the header is no text"),
        );
        check(&log, r#"{"time":1}"#, Err("it has no field of the header"));
        check(&log, "[]", Err("it is no object of JSON"));
    }
}
