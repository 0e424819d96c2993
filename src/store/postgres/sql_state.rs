//! What the codes of PostgreSQL's appendix A mean for a store.
//!
//! Only errors that a value certainly caused are [`Refused`]: such an event is set aside. All others stay
//! queued until the cause is gone.

use StoreErrorKind::{Busy, Corrupt, Full, Other, ReadOnly, Refused, Unavailable};

use crate::store::error::StoreErrorKind;

/// Returns the kind of a code, and a message that is true of every error with that code.
pub(super) fn describe(code: &str) -> (StoreErrorKind, &'static str) {
    match code {
        "40001" | "40P01" | "55P03" | "55006" => (
            Busy,
            "another transaction holds what is needed in PostgreSQL",
        ),
        // Transient: a time limit, of this store or of a role, is the usual cause, and a server that is less
        // busy may be in time.
        "57014" => (
            Busy,
            "PostgreSQL cancelled a statement, on request or since it took too long",
        ),
        "53100" => (Full, "the disk of PostgreSQL is full"),
        "25006" => (ReadOnly, "the transaction in PostgreSQL may only read"),
        "42501" => (ReadOnly, "the role lacks a right in PostgreSQL"),
        "25P03" | "25P04" => (
            Unavailable,
            "PostgreSQL closed the connection, as a transaction took too long",
        ),
        "26000" | "42P05" => (
            Unavailable,
            "a prepared statement is missing or there twice, as behind a pooler",
        ),
        "3D000" => (Unavailable, "the database does not exist in PostgreSQL"),
        "3F000" | "42P01" => (
            Unavailable,
            "a table of the store does not exist in PostgreSQL, or the role may not see it",
        ),
        "55000" => (
            Unavailable,
            "PostgreSQL is not in a state for that, as a database that takes no connections",
        ),
        "XX001" | "XX002" => (Corrupt, "PostgreSQL found its own data damaged"),
        _ => describe_class(code.get(..2).unwrap_or_default()),
    }
}

/// Returns the kind of a class of codes, which are the first two characters.
fn describe_class(class: &str) -> (StoreErrorKind, &'static str) {
    match class {
        "08" => (Unavailable, "the connection to PostgreSQL failed"),
        "28" => (Unavailable, "PostgreSQL does not let the role in"),
        "53" => (Unavailable, "PostgreSQL lacks a resource"),
        "57" => (
            Unavailable,
            "PostgreSQL ended the connection, or takes none",
        ),
        "58" => (Unavailable, "PostgreSQL has trouble with its system"),
        "22" => (Refused, "PostgreSQL cannot hold such a value"),
        "23" | "44" => (Refused, "a row is against a constraint in PostgreSQL"),
        "54" => (
            Refused,
            "a statement or a value is beyond a limit of PostgreSQL",
        ),
        "XX" => (Other, "PostgreSQL reports an internal error"),
        _ => (Other, "a statement failed in PostgreSQL"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_are_refused() {
        for (code, kind) in [
            ("22021", Refused),
            ("23514", Refused),
            ("54000", Refused),
            ("28000", Unavailable),
            ("28P01", Unavailable),
            ("3D000", Unavailable),
            ("3F000", Unavailable),
            ("42P01", Unavailable),
            ("42501", ReadOnly),
            ("42703", Other),
            ("55000", Unavailable),
            ("57P01", Unavailable),
            ("53100", Full),
            ("P0001", Other),
            ("", Other),
        ] {
            assert_eq!(describe(code).0, kind, "{code}");
        }
    }

    #[test]
    fn a_cancelled_statement_and_an_internal_error_are_described_as_such() {
        let (kind, message) = describe("57014");
        assert_eq!(kind, Busy);
        assert!(message.contains("cancelled a statement"), "{message}");
        let (kind, message) = describe("XX000");
        assert_eq!(kind, Other);
        assert!(message.contains("internal error"), "{message}");
        assert!(describe("XX001").1.contains("damaged"));
    }
}
