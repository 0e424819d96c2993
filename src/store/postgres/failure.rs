//! What goes wrong with PostgreSQL, and its kind. Errors of the connection are worth another
//! attempt; errors of the database are described by their code.

use crate::store::error::{StoreError, StoreErrorKind};

use super::sql_state;

/// What goes wrong on the way, before it is a [`StoreError`].
pub(super) type Failure = crate::store::sql::Failure<sqlx::Error>;

/// The result of work with PostgreSQL.
pub(super) type Outcome<T> = Result<T, Failure>;

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Database(error) => {
                let (kind, message) = describe(&error);
                Self::new(kind, message).caused_by(error)
            }
            Failure::Store(error) => error,
        }
    }
}

/// Returns the kind of an error, and a sentence about it that quotes no value.
fn describe(error: &sqlx::Error) -> (StoreErrorKind, &'static str) {
    use StoreErrorKind::{Corrupt, Other, Refused, Unavailable};
    use sqlx::Error;
    match error {
        Error::Database(error) => sql_state::describe(&error.code().unwrap_or_default()),
        Error::Io(_) | Error::Tls(_) => (Unavailable, "PostgreSQL cannot be reached"),
        Error::Protocol(_) => (Unavailable, "PostgreSQL, or a pooler, broke the protocol"),
        Error::WorkerCrashed => (Unavailable, "the connection to PostgreSQL broke"),
        Error::PoolClosed => (Unavailable, "the pool of connections was closed"),
        Error::PoolTimedOut => (
            Unavailable,
            "no connection to PostgreSQL was made, or became free, in time",
        ),
        Error::Encode(_) => (Refused, "a value cannot be sent to PostgreSQL"),
        Error::ColumnDecode { .. } | Error::Decode(_) | Error::RowNotFound => (
            Corrupt,
            "what PostgreSQL holds is not what this crate wrote",
        ),
        _ => (Other, "a statement failed in PostgreSQL"),
    }
}
