use sqlx::error::DatabaseError;

use crate::record::{StoreError, StoreErrorKind};

/// What goes wrong on the way, before it is a [`StoreError`].
#[derive(Debug)]
pub(super) enum Failure {
    Sql(sqlx::Error),
    Store(StoreError),
}

pub(super) type Outcome<T> = Result<T, Failure>;

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Sql(error) => {
                let kind = kind(&error);
                Self::new(kind, message(kind)).caused_by(error)
            }
            Failure::Store(error) => error,
        }
    }
}

fn kind(error: &sqlx::Error) -> StoreErrorKind {
    use sqlx::Error;
    match error {
        Error::Database(error) => kind_of_code(error.as_ref()),
        Error::Io(_)
        | Error::Tls(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::PoolClosed
        | Error::WorkerCrashed => StoreErrorKind::Unavailable,
        Error::ColumnDecode { .. } | Error::Decode(_) | Error::RowNotFound => {
            StoreErrorKind::Corrupt
        }
        _ => StoreErrorKind::Other,
    }
}

/// The codes are those of PostgreSQL's appendix A.
fn kind_of_code(error: &dyn DatabaseError) -> StoreErrorKind {
    let code = error.code().unwrap_or_default();
    match &*code {
        // Serialisation, a deadlock, a lock that was not waited for, a statement that took too long.
        "40001" | "40P01" | "55P03" | "57014" => StoreErrorKind::Busy,
        "53100" => StoreErrorKind::Full,
        // A transaction that may only read, a role that may not write.
        "25006" | "42501" => StoreErrorKind::ReadOnly,
        // A transaction that was idle for too long: the server hung up.
        "25P03" | "58000" | "58030" => StoreErrorKind::Unavailable,
        // Values that no column holds, and names that no index does.
        "54000" => StoreErrorKind::Refused,
        _ => kind_of_class(code.get(..2).unwrap_or_default()),
    }
}

fn kind_of_class(class: &str) -> StoreErrorKind {
    match class {
        // Connections, resources such as connections, and a server on its way up or down.
        "08" | "53" | "57" => StoreErrorKind::Unavailable,
        "22" => StoreErrorKind::Refused,
        "XX" => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Other,
    }
}

fn message(kind: StoreErrorKind) -> &'static str {
    match kind {
        StoreErrorKind::Busy => "somebody else holds what is needed in PostgreSQL",
        StoreErrorKind::Unavailable => "PostgreSQL cannot be reached",
        StoreErrorKind::Full => "the disk of PostgreSQL is full",
        StoreErrorKind::ReadOnly => "PostgreSQL may not be written",
        StoreErrorKind::Refused => "PostgreSQL cannot hold such a value",
        StoreErrorKind::Corrupt => "what PostgreSQL holds is not what this crate wrote",
        _ => "PostgreSQL failed",
    }
}
