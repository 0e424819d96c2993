//! The header and the time in fields of JSON.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use super::format::{Found, is_none};

/// Returns the header and the time at these paths.
pub(super) fn read<'a>(line: &str, time: &str, header: &str) -> Result<Found<'a>, &'static str> {
    let fields: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| "it is no object of JSON")?;
    let header = match find(&fields, header) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(header)) => header.clone(),
        Some(Value::Array(lines)) => join(lines)?,
        Some(_) => return Err("the field of the header is neither a text nor a list"),
    };
    let time = match find(&fields, time) {
        Some(Value::String(time)) => Some(time.clone()),
        Some(Value::Number(time)) => Some(plain(time)),
        _ => None,
    };
    Ok(Found {
        header: Cow::Owned(header),
        time: time.map(Cow::Owned),
    })
}

/// Returns the field at a path. A name may have dots itself.
fn find<'f>(fields: &'f Map<String, Value>, path: &str) -> Option<&'f Value> {
    let nested = || {
        path.match_indices('.').find_map(|(dot, _)| {
            let inner = member(fields, &path[..dot])?.as_object()?;
            find(inner, &path[dot + 1..])
        })
    };
    member(fields, path).or_else(nested)
}

/// Returns a field by its name, and otherwise by a name that differs in case.
fn member<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f Value> {
    let is_same = |key: &str| key.eq_ignore_ascii_case(name);
    let same = || fields.iter().find(|(key, _)| is_same(key));
    fields.get(name).or_else(|| Some(same()?.1))
}

/// Joins the lines of a header as RFC 9110 has it.
fn join(lines: &[Value]) -> Result<String, &'static str> {
    let texts: Option<Vec<&str>> = lines.iter().map(Value::as_str).collect();
    let mut texts = texts.ok_or("the list of the header has more than texts")?;
    texts.retain(|text| !is_none(text));
    Ok(texts.join(", "))
}

/// Returns a number without an exponent.
fn plain(number: &Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        // A float of Rust is written without an exponent, unlike one of JSON.
        Some(float) => float.to_string(),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::files::import::access_log::format::{self, AccessLog};

    const AT: i64 = 1_773_221_213_005_000;

    #[test]
    fn fields_have_the_default_names() {
        let log = AccessLog::json();
        let check = |line, expected| format::check(&log, line, expected);
        let read = Ok(Some(("a=\"b\"", Some(AT))));
        check(
            r#"{"time":1773221213.005,"tracks_exposure":"a=\"b\""}"#,
            read,
        );
        check(
            r#"{"time":"1773221213.005","tracks_exposure":"a=\"b\""}"#,
            read,
        );
        check(
            r#"{"time":1773221213005000000.0,"tracks_exposure":"a=\"b\""}"#,
            read,
        );
        check(r#"{"tracks_exposure":"a=b"}"#, Ok(Some(("a=b", None))));
        for absent in ["\"\"", "\"-\"", "null", "[]", "[\"\",\"-\"]"] {
            let line = format!("{{\"tracks_exposure\":{absent}}}");
            format::check(&log, &line, Ok(None));
        }
        check(r#"{"time":1}"#, Ok(None));
    }

    #[test]
    fn a_malformed_header_is_bad() {
        let log = AccessLog::json();
        let check = |line, expected| format::check(&log, line, Err(expected));
        check("[]", "it is no object of JSON");
        check(
            r#"{"tracks_exposure":"delay="2s""}"#,
            "it is no object of JSON",
        );
        let neither = "the field of the header is neither a text nor a list";
        check(r#"{"tracks_exposure":1}"#, neither);
        check(r#"{"tracks_exposure":{"a":"b"}}"#, neither);
        let more = "the list of the header has more than texts";
        check(r#"{"tracks_exposure":["a=b",1]}"#, more);
    }

    #[test]
    fn paths_lead_into_objects_and_names_may_differ_in_case() {
        let log = AccessLog::json()
            .header("resp_headers.Tracks-Exposure")
            .time("a.ts");
        let read = Ok(Some(("a=b, c=d", Some(AT))));
        for line in [
            r#"{"a":{"ts":1773221213.005},"resp_headers":{"Tracks-Exposure":["a=b","c=d"]}}"#,
            r#"{"a.ts":1773221213005,"resp_headers":{"tracks-exposure":"a=b, c=d"}}"#,
            r#"{"A":{"Ts":1773221213005000},"resp_headers.tracks-exposure":["a=b","c=d"]}"#,
            r#"{"a":{"ts":1773221213.005},"resp_headers":{"TRACKS-EXPOSURE":"x=y","Tracks-Exposure":"a=b, c=d"}}"#,
        ] {
            format::check(&log, line, read);
        }
        let absent = r#"{"tracks_exposure":"a=b","resp_headers":"Tracks-Exposure"}"#;
        format::check(&log, absent, Ok(None));
    }
}
