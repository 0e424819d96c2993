use std::{fmt, time::Duration};

use sqlx::PgPool;

use super::{bridge::Bridge, limits::Limits, place::Place, store::Postgres};
use crate::record::{StoreError, StoreErrorKind};

/// A [`Postgres`] under way.
#[must_use]
#[derive(Clone)]
pub struct PostgresBuilder {
    pool: PgPool,
    schema: String,
    limits: Limits,
}

impl PostgresBuilder {
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            schema: "tracks".to_owned(),
            limits: Limits::default(),
        }
    }

    /// Sets the schema that the tables are in. It is made where it is not, which needs the right
    /// to make schemas in the database. Defaults to `tracks`.
    ///
    /// The name is 1 to 63 of `a-z`, `0-9` and `_`, the first of them no digit, and does not begin
    /// with `pg_`.
    pub fn schema(mut self, schema: &str) -> Self {
        schema.clone_into(&mut self.schema);
        self
    }

    /// Sets how long a statement waits for a lock that another transaction holds. After that the
    /// operation is [`Busy`](StoreErrorKind::Busy), and a recorder tries again. Defaults to ten seconds.
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.limits.lock = limit;
        self
    }

    /// Sets how long PostgreSQL waits for the next statement of a transaction that writes. A program
    /// that is stopped or cut off within one keeps its locks for no longer. Let it be less than
    /// [`lock_timeout`](Self::lock_timeout), so that others do not give up first. Defaults to five
    /// seconds.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.limits.idle = limit;
        self
    }

    /// Sets how long an operation may take that does not depend on how many facts there are: writing
    /// a batch, claiming the store, erasing a unit, listing phases or what is known of a unit. Two
    /// thirds of it are the most that such an operation, or a longer one, waits for a connection.
    /// Defaults to 30 seconds.
    pub fn operation_timeout(mut self, limit: Duration) -> Self {
        self.limits.operation = limit;
        self
    }

    /// Sets how long an operation may take that goes through all facts: the answers of a report,
    /// [`retain`](crate::record::Store::retain) and a migration of the tables. Answers in chunks, as
    /// of [`dump`](crate::record::Store::dump), have this limit for each chunk, and so has whoever
    /// uses the rows before the next. Defaults to ten minutes.
    pub fn scan_timeout(mut self, limit: Duration) -> Self {
        self.limits.scan = limit;
        self
    }

    /// Returns the store without connecting. The tables are brought to the version of this crate,
    /// and the store is claimed for its units, when it is first used and PostgreSQL can be
    /// reached; until then all methods but [`claim`](crate::record::Store::claim) are
    /// [`Unavailable`](StoreErrorKind::Unavailable), and a recorder keeps its events in the queue.
    ///
    /// What [`connect`](Self::connect) refuses at the start is in the log here, once: the tables of
    /// a later version, a missing right, or the units of another secret. The pool is one of
    /// `connect_lazy`:
    ///
    /// ```no_run
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::{Units, record::{Postgres, Recorder}};
    ///
    /// let pool = sqlx::PgPool::connect_lazy("postgresql://localhost/shop")?;
    /// let store = Postgres::lazy(pool)?;
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let recorder = Recorder::builder(units).store(store).start()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the name of the schema is against the rule, and outside a runtime of tokio.
    pub fn lazy(self) -> Result<Postgres, StoreError> {
        let schema = checked(&self.schema)?;
        let bridge = Bridge::here()?;
        let place = Place::new(bridge.connections(self.pool), schema, self.limits);
        Ok(Postgres::new(place, bridge))
    }

    /// Brings the tables to the version of this crate, and returns the store.
    ///
    /// # Errors
    ///
    /// When the name of the schema is against the rule, when PostgreSQL cannot be reached, when
    /// its tables are those of a later version of this crate, and outside a runtime of tokio.
    pub async fn connect(self) -> Result<Postgres, StoreError> {
        self.lazy()?.open().await
    }
}

impl fmt::Debug for PostgresBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresBuilder")
            .field("schema", &self.schema)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// PostgreSQL cuts longer names without an error, and keeps those with `pg_` to itself.
fn checked(schema: &str) -> Result<&str, StoreError> {
    let is_allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let is_name = (1..=63).contains(&schema.len())
        && schema.bytes().all(is_allowed)
        && !schema.starts_with(|first: char| first.is_ascii_digit())
        && !schema.starts_with("pg_");
    let message = || {
        format!(
            "schema {schema:?}: a name is 1 to 63 of a-z, 0-9 and _, the first of them no digit, \
             and does not begin with pg_"
        )
    };
    match is_name {
        true => Ok(schema),
        false => Err(StoreError::new(StoreErrorKind::Other, message())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_schemas() {
        let longest = "a".repeat(63);
        for name in ["tracks", "_", "a1_b", "pg", &longest] {
            assert!(checked(name).is_ok(), "{name}");
        }
        let too_long = "a".repeat(64);
        for name in [
            "",
            "1a",
            "Tracks",
            "a-b",
            "a\"b",
            "pg_tracks",
            "ä",
            &too_long,
        ] {
            let error = checked(name).unwrap_err().to_string();
            assert!(error.starts_with(&format!("schema {name:?}: ")), "{error}");
        }
    }
}
