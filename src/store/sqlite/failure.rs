//! What goes wrong in SQLite, and its kind. Only errors that a written value certainly caused are
//! [`Refused`](StoreErrorKind::Refused): a recorder sets such an event aside.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::store::error::{StoreError, StoreErrorKind};

/// An error, before the file is added.
pub(super) type Failure = crate::store::sql::Failure<Error>;

/// The result of work with SQLite, before the path is added.
pub(super) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// Returns the error of the file at a path.
    pub(super) fn of(self, path: &Path) -> StoreError {
        match self {
            Self::Database(error) => {
                let (kind, what) = describe(&error);
                let message = format!("the database {}: {what}", path.display());
                StoreError::new(kind, message).caused_by(error)
            }
            Self::Store(error) => error,
        }
    }

    /// Returns whether SQLite could not open a file, the one with `-shm` at the end of its name, too.
    pub(super) fn cannot_open(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        matches!(
            error.sqlite_error_code(),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)
        )
    }

    /// Returns whether another process holds a lock.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Database(error) if describe(error).0 == StoreErrorKind::Busy)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// Returns the kind of an error, and a sentence about it that names neither the file nor a value.
fn describe(error: &Error) -> (StoreErrorKind, &'static str) {
    use StoreErrorKind::{Busy, Corrupt, Full, Other, ReadOnly, Refused, TimedOut, Unavailable};
    let Some(code) = error.sqlite_error_code() else {
        return match error {
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::QueryReturnedNoRows => (Corrupt, "it has rows that this crate did not write"),
            Error::ToSqlConversionFailure(_) => (Refused, "it cannot hold such a value"),
            _ => (Other, "a statement failed"),
        };
    };
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            (Busy, "another process has locked it")
        }
        ErrorCode::DiskFull => (Full, "there is no room"),
        ErrorCode::ReadOnly => (ReadOnly, "it may not be written"),
        ErrorCode::NotADatabase => (Corrupt, "it is no database of SQLite"),
        ErrorCode::DatabaseCorrupt => (Corrupt, "it is damaged"),
        ErrorCode::CannotOpen => (Unavailable, "it cannot be opened"),
        ErrorCode::PermissionDenied => (Unavailable, "it may not be opened"),
        ErrorCode::SystemIoFailure => (Unavailable, "reading or writing failed"),
        ErrorCode::FileLockingProtocolFailed => (Unavailable, "it cannot be locked"),
        ErrorCode::OperationInterrupted => (TimedOut, "reading took longer than it may"),
        ErrorCode::OutOfMemory => (Unavailable, "there is no memory"),
        ErrorCode::TooBig => (Refused, "a row is too big"),
        ErrorCode::TypeMismatch => (Refused, "a value has another type than its column"),
        ErrorCode::ConstraintViolation => (Refused, "a row is against the schema"),
        _ => (Other, "a statement failed"),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn codes_are_told_by_kind() {
        let kind = |code| {
            let error = Error::SqliteFailure(ffi::Error::new(code), None);
            Failure::from(error).of(Path::new("facts.db"))
        };
        let cases = [
            (ffi::SQLITE_BUSY, StoreErrorKind::Busy, true),
            (ffi::SQLITE_BUSY_SNAPSHOT, StoreErrorKind::Busy, true),
            (ffi::SQLITE_LOCKED, StoreErrorKind::Busy, true),
            (ffi::SQLITE_FULL, StoreErrorKind::Full, true),
            (ffi::SQLITE_READONLY, StoreErrorKind::ReadOnly, true),
            (ffi::SQLITE_CANTOPEN, StoreErrorKind::Unavailable, true),
            (ffi::SQLITE_IOERR, StoreErrorKind::Unavailable, true),
            (ffi::SQLITE_INTERRUPT, StoreErrorKind::TimedOut, true),
            (ffi::SQLITE_NOTADB, StoreErrorKind::Corrupt, false),
            (ffi::SQLITE_CORRUPT, StoreErrorKind::Corrupt, false),
            (ffi::SQLITE_CONSTRAINT, StoreErrorKind::Refused, false),
            (ffi::SQLITE_TOOBIG, StoreErrorKind::Refused, false),
            (ffi::SQLITE_MISMATCH, StoreErrorKind::Refused, false),
            (ffi::SQLITE_ERROR, StoreErrorKind::Other, false),
        ];
        for (code, expected, is_transient) in cases {
            let error = kind(code);
            assert_eq!(
                (error.kind(), error.is_transient()),
                (expected, is_transient)
            );
            assert!(
                error.to_string().starts_with("the database facts.db: "),
                "{error}"
            );
        }
    }
}
