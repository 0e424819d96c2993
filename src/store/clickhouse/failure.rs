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
        159 | 160 | 209 => (TimedOut, "ClickHouse took too long"),
        164 | 242 | 497 => (ReadOnly, "ClickHouse does not let the user write"),
        202 | 241 | 252 | 394 => (Busy, "ClickHouse has too much to do"),
        243 => (Full, "the disk of ClickHouse is full"),
        192..=194 | 516 => (Unavailable, "ClickHouse does not let the user in"),
        210 | 225 | 236 | 279 | 285 | 286 | 319 | 999 => (
            Unavailable,
            "ClickHouse, or a node of its cluster, is not available",
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

/// Returns the error of an answer that ended early.
pub(super) fn torn(error: io::Error) -> StoreError {
    let kind = match error.kind() {
        io::ErrorKind::TimedOut => StoreErrorKind::TimedOut,
        _ => StoreErrorKind::Unavailable,
    };
    StoreError::new(kind, "an answer of ClickHouse ended early").caused_by(error)
}

/// Returns the error of an answer that has other bytes than its rows, as those of an exception in the middle.
pub(super) fn interrupted() -> StoreError {
    let message = "ClickHouse ended an answer with an exception";
    StoreError::new(StoreErrorKind::Unavailable, message)
}

/// Returns the code at the beginning of the text of an exception.
fn code_of(text: &str) -> Option<u32> {
    let rest = text.strip_prefix("Code: ")?;
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
    fn answers_of_proxies_are_worth_another_attempt() {
        assert!(exception(503, None, "no backend").is_transient());
        assert!(!exception(404, None, "no such page").is_transient());
    }
}
