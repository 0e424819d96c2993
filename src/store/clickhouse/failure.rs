//! What goes wrong with ClickHouse, and its kind. The text of an exception may quote a statement, which names
//! units, so a message has its code and its name alone.

use std::io;

use crate::store::error::{StoreError, StoreErrorKind};

/// Returns the error of an exception of the server.
pub(super) fn exception(status: u16, code: Option<u32>, text: &str) -> StoreError {
    let Some(code) = code.or_else(|| code_of(text)) else {
        return of_status(status);
    };
    let (kind, message) = describe(code);
    let name = name_of(text).map_or(String::new(), |name| format!(", {name}"));
    StoreError::new(kind, format!("{message} (code {code}{name})"))
}

/// Returns the kind of an exception by its code, with what it means.
fn describe(code: u32) -> (StoreErrorKind, &'static str) {
    use StoreErrorKind::{Busy, Full, Other, ReadOnly, Replaced, TimedOut, Unavailable};
    match code {
        60 | 81 => (Replaced, "a table or the database is missing in ClickHouse"),
        115 => (
            Other,
            "ClickHouse does not know a setting: this crate needs version 24.4 or a later one",
        ),
        159 | 160 | 209 => (TimedOut, "ClickHouse took too long"),
        164 | 452 | 497 => (
            ReadOnly,
            "ClickHouse does not let the user do this: see the rights in the guide `warehouse`",
        ),
        201 | 202 | 241 | 252 | 394 | 439 | 473 | 517 | 745 => {
            (Busy, "ClickHouse has too much to do")
        }
        243 => (Full, "the disk of ClickHouse is full"),
        192..=194 | 516 => (Unavailable, "ClickHouse does not let the user in"),
        210 | 225 | 236 | 242 | 279 | 285 | 286 | 289 | 319 | 999 => (
            Unavailable,
            "ClickHouse, or a node of its cluster, is not available",
        ),
        341 => (
            Unavailable,
            "ClickHouse has not deleted rows on all replicas yet, but will",
        ),
        _ => (Other, "a statement failed in ClickHouse"),
    }
}

/// Returns the error of an answer without an exception, such as that of a proxy.
fn of_status(status: u16) -> StoreError {
    let message = format!("ClickHouse, or a proxy before it, answered with the status {status}");
    let kind = match status {
        401 | 403 | 408 | 425 | 429 | 500..=599 => StoreErrorKind::Unavailable,
        _ => StoreErrorKind::Other,
    };
    StoreError::new(kind, message)
}

/// Returns the error of a request that got no answer.
pub(super) fn unanswered(error: ureq::Error) -> StoreError {
    use StoreErrorKind::{Other, TimedOut, Unavailable};
    let (kind, message) = match &error {
        ureq::Error::Timeout(_) => (TimedOut, "ClickHouse did not answer in time"),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            (Other, "the URL of ClickHouse is invalid")
        }
        ureq::Error::HostNotFound => (Unavailable, "the host of ClickHouse is unknown"),
        _ => (Unavailable, "ClickHouse cannot be reached"),
    };
    StoreError::new(kind, message).caused_by(error)
}

/// Returns the error of an answer that ended early, or did not end in time.
pub(super) fn torn(error: io::Error) -> StoreError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let (kind, message) = match inner {
        Some(ureq::Error::Timeout(_)) => (
            StoreErrorKind::TimedOut,
            "an answer of ClickHouse did not end in time",
        ),
        _ => (
            StoreErrorKind::Unavailable,
            "an answer of ClickHouse ended early",
        ),
    };
    StoreError::new(kind, message).caused_by(error)
}

/// Returns the error of an answer without the row that each has.
pub(super) fn missing() -> StoreError {
    torn(io::ErrorKind::UnexpectedEof.into())
}

/// Returns the error of an answer that goes on with this instead of a row, as with an exception in the middle.
pub(super) fn interrupted(text: &str) -> StoreError {
    match code_of(text) {
        Some(code) => exception(200, Some(code), text),
        None => StoreError::new(
            StoreErrorKind::Unavailable,
            "ClickHouse ended an answer with an exception",
        ),
    }
}

/// Returns the code in the text of an exception. What comes before it depends on the version.
fn code_of(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("Code: ")?;
    rest.split('.').next()?.parse().ok()
}

/// Returns the name at the end of the text of an exception, such as `UNKNOWN_TABLE`.
fn name_of(text: &str) -> Option<&str> {
    let is_name = |name: &&str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
    };
    // Behind the name, a real server adds its version.
    let mut parts = text.rsplit('(').filter_map(|part| part.split(')').next());
    parts.find(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_have_a_kind_and_no_statement() {
        let text = "Code: 60. DB::Exception: Table x.exposure of unit '7f' does not exist. (UNKNOWN_TABLE) (version 26.9.2.1 (official build))\n";
        let error = exception(404, None, text);
        assert_eq!(error.kind(), StoreErrorKind::Replaced);
        let message = "a table or the database is missing in ClickHouse (code 60, UNKNOWN_TABLE)";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn an_exception_in_the_middle_has_its_kind() {
        let text =
            "\r\n__exception__\r\nabc\r\nCode: 241. DB::Exception: Limit. (MEMORY_LIMIT_EXCEEDED)";
        let error = interrupted(text);
        assert_eq!(error.kind(), StoreErrorKind::Busy);
        assert!(error.to_string().contains("MEMORY_LIMIT_EXCEEDED"));
        assert!(interrupted("\u{7}\u{8}").is_transient());
    }

    #[test]
    fn answers_of_proxies_are_worth_another_attempt() {
        assert!(exception(503, None, "no backend").is_transient());
        assert!(!exception(404, None, "no such page").is_transient());
    }
}
