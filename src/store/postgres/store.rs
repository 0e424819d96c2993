//! The store itself: it hands each method to the file that does it, with the limit of its kind of
//! work.

use std::{fmt, sync::Arc, time::Duration};

use sqlx::PgPool;

use super::{
    attribute, bridge::Bridge, builder::PostgresBuilder, busiest, catalog, claim, dump, erase,
    failure::Outcome, history, invalid, latencies, losses, opening::open, overlap, place::Place,
    readouts, retain, size, sums, write,
};
use crate::{
    event::Goal,
    store::{
        attribution::{Attribute, Attribution, Question},
        catalog::{
            BusiestSecond, ConversionsByDay, History, InvalidRows, LatencyCounts, Loss, Overlap,
            Phase, Readout, SumsByBucket,
        },
        error::StoreError,
        facts::{Batch, ErasedRow, PhaseName},
        store::Store,
        timestamp::Timestamp,
        written::Written,
    },
    unit::Unit,
};

#[cfg(feature = "control")]
use super::log;
#[cfg(feature = "control")]
use crate::store::log_rows::{AppendedLogRow, LogRows, NewLogRow};

/// A store in its own schema in PostgreSQL, for programs on several machines.
///
/// It uses the application's pool, with its number of connections, its TLS and its timeouts. On a runtime
/// with one thread, the store opens [its own connections](#threads). A write uses one connection, and so
/// does each query but [`attribute`](Attribute::attribute), which uses one for each range of units.
///
/// ```no_run
/// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
/// use tower_tracks::store::Postgres;
///
/// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
/// let store = Postgres::connect(pool).await?;
/// # Ok(())
/// # }
/// ```
///
/// # A database that is down
///
/// If the database is down, [`connect`](Self::connect) fails. With [`lazy`](Self::lazy), the program starts
/// anyway. If the tables disappear after the store was opened, events stay in the recorder's queue until the
/// tables are back. A missing schema is not created again, because it may have been renamed or may be
/// restored. A new empty schema with its name is filled.
///
/// # A database that does not answer
///
/// Every operation has a time limit. So a connection that dies silently, a server that hangs, or a lock of
/// another program never blocks the store for good. After the limit, the error is
/// [`Unavailable`](crate::store::StoreErrorKind::Unavailable) or
/// [`Busy`](crate::store::StoreErrorKind::Busy). A recorder then repeats the write on another connection; a
/// write whose confirmation was lost counts once. [`PostgresBuilder`] sets the limits:
///
/// limit | default | operation
/// --- | --- | ---
/// [`lock_timeout`](PostgresBuilder::lock_timeout) | 10 s | waiting for a lock of another transaction
/// [`idle_timeout`](PostgresBuilder::idle_timeout) | 5 s | a transaction that writes, between two statements
/// [`operation_timeout`](PostgresBuilder::operation_timeout) | 30 s | writing a batch, erasing a unit, small queries
/// [`scan_timeout`](PostgresBuilder::scan_timeout) | 10 min | reading all facts: reports, `dump`, `retain`, a migration
///
/// The first two limits, and four fifths of each of the others, are also set in PostgreSQL for each
/// transaction, so they also apply behind a pooler. After a limit, the connection is closed instead of
/// returned to the pool, and idle connections are tested.
///
/// # Behind a pooler
///
/// The store works with transaction pooling, such as PgBouncer with `pool_mode = transaction`: no setting,
/// lock, cursor or prepared statement outlives a transaction. `sqlx` sends `extra_float_digits` when it
/// connects, so set `ignore_startup_parameters = extra_float_digits` in PgBouncer, or
/// `extra_float_digits(None)` for the pool. The application's own queries through the same pool use named
/// statements, even with `statement_cache_capacity(0)`: they need `persistent(false)`.
///
/// # Threads
///
/// The methods of a [`Store`] block. Call them on threads that may wait: that of a recorder, one of
/// `spawn_blocking`, or your own. In async code, they block a thread of the runtime.
///
/// A connection works on the runtime on which it was opened. So the connections of the store depend on the
/// runtime of the call of [`connect`](Self::connect) or [`lazy`](Self::lazy):
///
/// * A runtime with one thread, such as a current-thread runtime, makes no progress while the thread
///   waits, for instance when the last recorder is dropped there. So the store opens its own connections on
///   its own thread: as many as it needs, within the limit of the pool, with the options and hooks of the
///   pool. They are closed together with the pool, and work after the runtime was shut down.
/// * On a runtime with several threads, the store uses the pool. If all of these threads wait for stores, no
///   operation can begin, and after ten seconds the error is
///   [`Unavailable`](crate::store::StoreErrorKind::Unavailable). The same error occurs after this runtime was
///   shut down.
///
/// # Tables
///
/// [`connect`](Self::connect) creates the tables, or the first use of a [lazy](Self::lazy) store. This needs
/// the right to create a schema, unless the schema exists. Times are of the type `timestamptz`; times before
/// 4714 BC, which it does not support, are stored as `-infinity`. The view `exposures` is for warehouse
/// tools: `unit`, `timestamp`, `experiment`, `variant`.
///
/// # Example
///
/// Several machines record into one database, and one of them shows results. A clone of the store
/// uses the same pool:
///
/// ```no_run
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// use tower_tracks::{Units, record::Recorder, store::{Postgres, Store}};
///
/// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
/// let store = Postgres::connect(pool).await?;
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(store.clone()).start()?;
///
/// // The methods of a store block, so async code uses a thread that may wait.
/// let phases = tokio::task::spawn_blocking(move || store.phases()).await??;
/// println!("{} phases", phases.len());
/// # drop(recorder);
/// # Ok(())
/// # }
/// ```
///
/// # Types
///
/// The tables have the names and columns of a store in SQLite. Their types are those of PostgreSQL:
///
/// value | type
/// --- | ---
/// units, and the ids of writers and conversions | `uuid`
/// times | `timestamptz`
/// fingerprints, and the keys of raw units | `bytea`
/// definitions and read-outs | `json`, which keeps the text as it is
/// plans and names | `text`, in the order of their bytes (`COLLATE "C"`)
/// the sum of the squares of durations | `numeric`, because it exceeds 64 bits
/// other counts, and values in millionths | `bigint`
///
/// This query counts the units of each track, with crossed units in each of their tracks:
///
/// ```sql
/// SELECT track.name, count(*) AS units
/// FROM tracks.exposure
/// JOIN tracks.track ON track.id = exposure.track_id
/// JOIN tracks.phase ON phase.id = track.phase_id
/// WHERE phase.set_name = 'delay' AND phase.phase = 1
/// GROUP BY track.name;
/// ```
///
///
/// # Rights
///
/// A role that opens the store for the first time needs the right to create its schema, or tables
/// in it. Later, a role that records needs the right to select, insert, update and delete rows, and
/// to use the schema. A program that only shows results needs the rights to
/// use the schema and to select, unless it stores read-outs.
#[derive(Clone)]
pub struct Postgres {
    place: Place,
    bridge: Bridge,
}

impl Postgres {
    /// Returns the store in a place, which is not opened yet.
    pub(super) fn new(place: Place, bridge: Bridge) -> Self {
        Self { place, bridge }
    }

    /// Returns the store in the schema `tracks`, which is created if it does not exist.
    ///
    /// ```no_run
    /// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::store::{Postgres, StoreErrorKind};
    ///
    /// let pool = sqlx::PgPool::connect_lazy("postgresql://localhost/shop")?;
    /// match Postgres::connect(pool).await {
    ///     Err(error) if error.kind() == StoreErrorKind::NewerSchema => eprintln!("upgrade: {error}"),
    ///     connected => drop(connected?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PostgresBuilder::connect`].
    pub async fn connect(pool: PgPool) -> Result<Self, StoreError> {
        Self::builder(pool).connect().await
    }

    /// Returns the store in the schema `tracks` without connecting, so that a program starts while
    /// its database is down. See [`PostgresBuilder::lazy`].
    ///
    /// ```no_run
    /// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
    /// use tower_tracks::store::Postgres;
    ///
    /// // Neither call waits for the database.
    /// let pool = sqlx::PgPool::connect_lazy("postgresql://localhost/shop")?;
    /// let store = Postgres::lazy(pool)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`PostgresBuilder::lazy`].
    pub fn lazy(pool: PgPool) -> Result<Self, StoreError> {
        Self::builder(pool).lazy()
    }

    /// Returns a builder, to set the schema and the limits.
    ///
    /// ```no_run
    /// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Postgres;
    ///
    /// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
    /// let store = Postgres::builder(pool)
    ///     .schema("checkout_tests")
    ///     .scan_timeout(Duration::from_secs(1800))
    ///     .connect()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(pool: PgPool) -> PostgresBuilder {
        PostgresBuilder::new(pool)
    }

    /// Finds or creates the tables, without blocking the thread.
    pub(super) async fn open(self) -> Result<Self, StoreError> {
        let limit = self.place.limits().opening();
        self.bridge.complete(limit, open(self.place())).await?;
        Ok(self)
    }

    /// Opens the store, unless it is open. Each operation calls it, so a lazy store opens itself at
    /// the first use.
    fn opened(&self) -> Result<(), StoreError> {
        if self.place.opening().is_found() {
            return Ok(());
        }
        let limit = self.place.limits().opening();
        self.bridge.run(limit, open(self.place()))
    }

    /// Runs an operation whose cost does not depend on the number of facts.
    fn run<T: Send + 'static>(
        &self,
        operation: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.opened()?;
        self.bridge.run(self.place.limits().operation, operation)
    }

    /// Runs an operation that reads all facts.
    fn scan<T: Send + 'static>(
        &self,
        operation: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.opened()?;
        self.bridge.run(self.place.limits().scan, operation)
    }

    /// Returns the place, for work that runs elsewhere.
    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// The log of changes, in a table of the same schema.
#[cfg(feature = "control")]
impl Postgres {
    pub(crate) fn log_after(&self, number: u64) -> Result<LogRows, StoreError> {
        self.run(log::after(self.place(), number))
    }

    pub(crate) fn append_to_log(&self, row: NewLogRow) -> Result<AppendedLogRow, StoreError> {
        self.run(log::append(self.place(), row))
    }
}

impl Attribute for Postgres {
    /// Counts exposures and attributes conversions, by cursors in one snapshot. Two chunks of
    /// 10,000 rows of each cursor of each range are in memory.
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.opened()?;
        attribute::attribute(self.place(), &self.bridge, question)
    }
}

impl Store for Postgres {
    /// Claims the schema for one scheme of units. Before a [lazy](Postgres::lazy) store was opened,
    /// the claim is kept and made at the first use.
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        let opening = self.place.opening();
        if !opening.keep(units)? {
            let claim = claim::claim(self.place(), units.to_owned());
            self.run(claim)?;
            opening.claimed(units);
        }
        Ok(())
    }

    /// Writes a batch in one transaction, on one connection, with a number of statements that does
    /// not depend on the number of rows up to 10,000 of each kind.
    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        batch.check()?;
        // A copy, since the work may outlive this call, which gives up at its limit.
        self.run(write::write(self.place(), Arc::new(batch.clone())))
    }

    fn units(&self) -> Result<Option<String>, StoreError> {
        self.run(claim::claimed(self.place()))
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.run(catalog::goals(self.place()))
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.run(catalog::phases(self.place()))
    }

    fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
        self.run(invalid::invalid_rows(self.place()))
    }

    fn conversions_by_day(&self, as_of: Timestamp) -> Result<ConversionsByDay, StoreError> {
        self.scan(overlap::conversions_by_day(self.place(), as_of))
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        let previous = previous.map(|(previous, window)| (previous.clone(), window));
        let overlap = overlap::overlap(self.place(), phase.clone(), previous, as_of);
        self.scan(overlap)
    }

    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        self.scan(busiest::busiest_second(self.place(), phase.clone(), as_of))
    }

    fn sums(&self, phase: &PhaseName) -> Result<SumsByBucket, StoreError> {
        self.scan(sums::sums(self.place(), phase.clone()))
    }

    fn latencies(&self, phase: &PhaseName) -> Result<LatencyCounts, StoreError> {
        self.scan(latencies::latencies(self.place(), phase.clone()))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.run(losses::losses(self.place()))
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.run(history::history(self.place(), unit, 0, usize::MAX))
    }

    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        self.run(history::history(self.place(), unit, from, limit))
    }

    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        self.run(size::is_exposed(self.place(), unit))
    }

    /// Returns the size of the tables with their indexes. The space of deleted rows counts until
    /// PostgreSQL uses it again.
    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        self.run(size::bytes(self.place())).map(Some)
    }

    /// Deletes the facts of a unit in one transaction. It waits for writes that are in progress,
    /// and excludes others meanwhile.
    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.run(erase::erase_one(self.place(), erased))
    }

    /// Deletes phases that have ended, in one snapshot. If another transaction changes the same
    /// rows meanwhile, it fails with [`Busy`](crate::store::StoreErrorKind::Busy) and can be
    /// repeated.
    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.scan(retain::retain(self.place(), before, running.to_vec()))
    }

    /// Passes all rows to `each`, in one snapshot. The
    /// [`scan_timeout`](PostgresBuilder::scan_timeout) applies to each chunk, with the time that
    /// `each` takes.
    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.opened()?;
        dump::dump(self.place(), &self.bridge, each)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.run(readouts::put(self.place(), readout.clone()))
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.run(readouts::readouts(self.place(), kind.to_owned()))
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("schema", &self.place.schema())
            .finish_non_exhaustive()
    }
}
