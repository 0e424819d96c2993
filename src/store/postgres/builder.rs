//! The settings of the store: its schema and its time limits. All are values; nothing connects
//! before `connect` or the first use.

use std::{fmt, time::Duration};

use sqlx::PgPool;

use super::{bridge::Bridge, limits::Limits, place::Place, store::Postgres};
use crate::store::error::{StoreError, StoreErrorKind};

/// The builder of a [`Postgres`].
///
/// The defaults suit a database in the same data center. The section [A database that does not
/// answer](Postgres#a-database-that-does-not-answer) has a table of the limits.
///
/// ```no_run
/// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use tower_tracks::store::Postgres;
///
/// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
/// let store = Postgres::builder(pool)
///     .lock_timeout(Duration::from_secs(4))
///     .idle_timeout(Duration::from_secs(2))
///     .operation_timeout(Duration::from_secs(15))
///     .connect()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use]
#[derive(Clone)]
pub struct PostgresBuilder {
    pool: PgPool,
    schema: String,
    limits: Limits,
    parallelism: Option<usize>,
}

impl PostgresBuilder {
    /// Returns a builder with the defaults.
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            schema: "tracks".to_owned(),
            limits: Limits::default(),
            parallelism: None,
        }
    }

    /// Sets the schema of the tables. It is created if it does not exist, which needs the right to create
    /// schemas in the database. Defaults to `tracks`.
    ///
    /// The name is 1 to 63 of `a-z`, `0-9` and `_`, does not begin with a digit, and does not begin with
    /// `pg_`.
    ///
    /// A name that is not allowed is an error of [`connect`](Self::connect) or
    /// [`lazy`](Self::lazy).
    ///
    /// ```no_run
    /// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::store::Postgres;
    ///
    /// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
    /// // Two applications in one database, each with its own store.
    /// let shop = Postgres::builder(pool.clone()).schema("shop_tracks").connect().await?;
    /// let blog = Postgres::builder(pool).schema("blog_tracks").connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn schema(mut self, schema: &str) -> Self {
        schema.clone_into(&mut self.schema);
        self
    }

    /// Sets how many ranges of units [`attribute`](crate::store::Attribute::attribute) reads at once. Each range has a
    /// thread, and a connection of the pool. If there is no free connection within a second, there are fewer
    /// ranges. 0 counts as 1. Defaults to the number of cores, at most 8 and at most half of the pool, and to 1
    /// for a phase with at most 50,000 exposures.
    ///
    /// The answer is the same for every number. Leave connections for the recorder: with as many ranges as the pool
    /// has connections, its writes wait for the end of a report.
    ///
    /// ```no_run
    /// # async fn connect(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::store::Postgres;
    ///
    /// // A report must not take more than one core from the application.
    /// let store = Postgres::builder(pool).parallelism(1).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn parallelism(mut self, ranges: usize) -> Self {
        self.parallelism = Some(ranges.max(1));
        self
    }

    /// Sets how long a statement waits for a lock of another transaction. After that, the operation fails
    /// with [`Busy`](StoreErrorKind::Busy), and a recorder tries again. Defaults to ten seconds.
    ///
    /// PostgreSQL supports at most 2³¹ − 1 milliseconds, which is about 24 days; a longer limit is
    /// set to that.
    ///
    /// ```no_run
    /// # async fn connect(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Postgres;
    ///
    /// let limit = Duration::from_secs(3);
    /// let store = Postgres::builder(pool).lock_timeout(limit).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.limits.lock = limit;
        self
    }

    /// Sets how long PostgreSQL waits for the next statement of a transaction that writes. A program
    /// that is stopped or cut off within a transaction holds its locks no longer than that. Use less
    /// than [`lock_timeout`](Self::lock_timeout), so that other programs do not fail first. Defaults to
    /// five seconds.
    ///
    /// ```no_run
    /// # async fn connect(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Postgres;
    ///
    /// let limit = Duration::from_secs(2);
    /// let store = Postgres::builder(pool).idle_timeout(limit).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.limits.idle = limit;
        self
    }

    /// Sets the time limit of operations whose cost does not depend on the number of facts: writing a batch,
    /// claiming the store, erasing a unit, listing phases or the facts of a unit. Every operation waits for a
    /// connection for at most two thirds of this limit. Defaults to 30 seconds.
    ///
    /// A recorder writes again after the limit, so a short limit causes repetitions, but loses nothing.
    ///
    /// ```no_run
    /// # async fn connect(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Postgres;
    ///
    /// let limit = Duration::from_secs(10);
    /// let store = Postgres::builder(pool).operation_timeout(limit).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn operation_timeout(mut self, limit: Duration) -> Self {
        self.limits.operation = limit;
        self
    }

    /// Sets the time limit of operations that read all facts: the queries of a report,
    /// [`retain`](crate::store::Store::retain) and a migration of the tables. For queries in chunks,
    /// such as [`dump`](crate::store::Store::dump), it applies to each chunk, including the time in
    /// which the caller uses it. Defaults to ten minutes.
    ///
    /// ```no_run
    /// # async fn connect(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Postgres;
    ///
    /// let limit = Duration::from_secs(30 * 60);
    /// let store = Postgres::builder(pool).scan_timeout(limit).connect().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn scan_timeout(mut self, limit: Duration) -> Self {
        self.limits.scan = limit;
        self
    }

    /// Returns the store without connecting. At the first use with a reachable PostgreSQL, the tables are
    /// migrated and the store is claimed for its units. Until then, all methods except
    /// [`claim`](crate::store::Store::claim) fail with [`Unavailable`](StoreErrorKind::Unavailable), and a
    /// recorder keeps its events in the queue.
    ///
    /// Errors that [`connect`](Self::connect) would return are logged once: tables of a later version, a
    /// missing right, or units of another secret. Open the pool with `connect_lazy`:
    ///
    /// ```no_run
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::{Units, record::Recorder, store::Postgres};
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
    /// If the name of the schema is invalid, or outside of a tokio runtime.
    pub fn lazy(self) -> Result<Postgres, StoreError> {
        let schema = checked(&self.schema)?;
        let bridge = Bridge::here()?;
        let place = Place::new(bridge.connections(self.pool), schema, self.limits);
        let place = place.parallel(self.parallelism);
        Ok(Postgres::new(place, bridge))
    }

    /// Connects, migrates the tables, and returns the store.
    ///
    /// ```no_run
    /// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::store::{Postgres, Store};
    ///
    /// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
    /// let store = Postgres::builder(pool).schema("tracks").connect().await?;
    /// let size = tokio::task::spawn_blocking(move || store.bytes()).await??;
    /// println!("{} bytes", size.unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the name of the schema is invalid, PostgreSQL cannot be reached, or its tables are those of a later
    /// version of this crate. Also outside of a tokio runtime.
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

/// Returns the name of a schema if it is allowed. PostgreSQL truncates longer names without an
/// error, and reserves those with `pg_`.
fn checked(schema: &str) -> Result<&str, StoreError> {
    // The name becomes a part of statements, where it needs no escaping with these bytes.
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
