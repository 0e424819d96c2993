use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use sqlx::PgPool;

use super::{
    PostgresBuilder, attribute, bridge::Bridge, busiest, catalog, claim, dump, erase,
    failure::Outcome, history, invalid, losses, opening::open, overlap, place::Place, readouts,
    retain, size, sums, write,
};
use crate::{
    event::{Goal, Unit},
    record::{
        Attribution, Batch, BusiestSecond, ErasedRow, History, InvalidRows, Loss, Overlap, Phase,
        PhaseName, Question, Readout, RequestSums, Store, StoreError, Timestamp, TrackName,
        Written,
    },
};

/// A store in a schema of its own in PostgreSQL, for programs that run on several machines.
///
/// The pool is the application's, and so are its number of connections, its TLS, and how long it
/// waits for a connection; on a runtime of one thread, the store has [others like these](#threads). A
/// writer takes one connection at a time, a reader one for as long as it reads.
///
/// ```no_run
/// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
/// use tower_tracks::record::Postgres;
///
/// let pool = sqlx::PgPool::connect("postgresql://localhost/shop").await?;
/// let store = Postgres::connect(pool).await?;
/// # Ok(())
/// # }
/// ```
///
/// # A database that is down
///
/// [`connect`](Self::connect) fails then; with [`lazy`](Self::lazy) the program starts all the same.
/// Of a store that was opened once, the tables may go and come back: events wait in the recorder's
/// queue. A schema that is gone is not made again, since it may be renamed or restored; an empty
/// one that somebody made in its place is filled.
///
/// # A database that does not answer
///
/// Every operation has a time limit, so a connection that dies without a sign, a server that hangs, or
/// a lock that another program keeps stops nothing for good. What was not written in time is
/// [`Unavailable`](crate::record::StoreErrorKind::Unavailable) or
/// [`Busy`](crate::record::StoreErrorKind::Busy); a recorder writes it again on another connection, and
/// a write whose confirmation was lost counts once. The limits are those of [`PostgresBuilder`]:
///
/// limit | default | what
/// --- | --- | ---
/// [`lock_timeout`](PostgresBuilder::lock_timeout) | 10 s | waiting for a lock of another transaction
/// [`idle_timeout`](PostgresBuilder::idle_timeout) | 5 s | a transaction that writes, between two statements
/// [`operation_timeout`](PostgresBuilder::operation_timeout) | 30 s | writing a batch, erasing a unit, small answers
/// [`scan_timeout`](PostgresBuilder::scan_timeout) | 10 min | what goes through all facts: reports, `dump`, `retain`, a migration
///
/// The first two, and four fifths of the others, are also limits of PostgreSQL, set for each
/// transaction alone, so they hold behind a pooler, too. After a limit the connection is closed, not
/// returned to the pool, and the idle ones are tested.
///
/// # Behind a pooler
///
/// A pooler between transactions, such as PgBouncer with `pool_mode = transaction`, is no
/// obstacle: nothing outlives a transaction, neither a setting nor a lock, a cursor or a prepared
/// statement. `sqlx` sends `extra_float_digits` when it connects, so PgBouncer needs
/// `ignore_startup_parameters = extra_float_digits`, or the pool the option
/// `extra_float_digits(None)`. The application's own queries over the same pool have named
/// statements, even with `statement_cache_capacity(0)`: they need `persistent(false)`.
///
/// # Threads
///
/// The methods of a [`Store`] wait, and so are for threads that may wait: the recorder's, one of
/// `spawn_blocking`, one of the application's own. Called by async code they take its thread away
/// from the runtime for as long.
///
/// A connection works on the runtime on which it was made. So it depends on the runtime that
/// [`connect`](Self::connect) or [`lazy`](Self::lazy) was called on which connections the store uses:
///
/// * A runtime of one thread, such as a current-thread runtime, does nothing while this thread
///   waits, as it does when the last recorder is dropped there. So the store uses connections of its
///   own, on a thread of its own: as many as it needs at once, within the limit of the pool, made
///   with the options and hooks that the pool has. They are closed when the pool is, and work after
///   the runtime was shut down.
/// * On a runtime of several threads it uses the pool's own. Where all of these threads wait for
///   stores, nothing begins, and after ten seconds that is an error,
///   [`Unavailable`](crate::record::StoreErrorKind::Unavailable). That is also the error once this
///   runtime was shut down.
///
/// # Tables
///
/// They are made by [`connect`](Self::connect), or of a [lazy](Self::lazy) store when it is first
/// used, which needs the right to make a schema unless it is there. Times are of the type `timestamptz`; those before 4714 BC, which it does not hold, are
/// kept as `-infinity`. The view `exposures` is for warehouse tools: `unit`, `timestamp`,
/// `experiment`, `variant`.
#[derive(Clone)]
pub struct Postgres {
    place: Place,
    bridge: Bridge,
}

impl Postgres {
    pub(super) fn new(place: Place, bridge: Bridge) -> Self {
        Self { place, bridge }
    }

    /// Returns the store in the schema `tracks`, which is made if it is not there.
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
    /// # Errors
    ///
    /// Those of [`PostgresBuilder::lazy`].
    pub fn lazy(pool: PgPool) -> Result<Self, StoreError> {
        Self::builder(pool).lazy()
    }

    /// Returns a store under way, to say in which schema it is.
    pub fn builder(pool: PgPool) -> PostgresBuilder {
        PostgresBuilder::new(pool)
    }

    pub(super) async fn open(self) -> Result<Self, StoreError> {
        let limit = self.place.limits().opening();
        self.bridge.complete(limit, open(self.place())).await?;
        Ok(self)
    }

    /// Opens the store, unless that was done.
    fn opened(&self) -> Result<(), StoreError> {
        if self.place.opening().is_found() {
            return Ok(());
        }
        let limit = self.place.limits().opening();
        self.bridge.run(limit, open(self.place()))
    }

    /// Runs an operation that does not depend on how many facts there are.
    fn run<T: Send + 'static>(
        &self,
        operation: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.opened()?;
        self.bridge.run(self.place.limits().operation, operation)
    }

    /// Runs an operation that goes through all facts.
    fn scan<T: Send + 'static>(
        &self,
        operation: impl Future<Output = Outcome<T>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.opened()?;
        self.bridge.run(self.place.limits().scan, operation)
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

impl Store for Postgres {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        let opening = self.place.opening();
        if !opening.keep(units)? {
            let claim = claim::claim(self.place(), units.to_owned());
            self.run(claim)?;
            opening.claimed(units);
        }
        Ok(())
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        batch.check()?;
        let write = write::write(self.place(), Arc::new(batch.clone()));
        self.run(write)
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

    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.opened()?;
        attribute::attribute(self.place(), &self.bridge, question)
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
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
        let busiest = busiest::busiest_second(self.place(), phase.clone(), as_of);
        self.scan(busiest)
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.scan(sums::sums(self.place(), phase.clone()))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.run(losses::losses(self.place()))
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        let all = history::history(self.place(), unit, 0, usize::MAX);
        self.run(all)
    }

    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        let part = history::history(self.place(), unit, from, limit);
        self.run(part)
    }

    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        self.run(size::is_exposed(self.place(), unit))
    }

    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        self.run(size::bytes(self.place())).map(Some)
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.run(erase::erase_one(self.place(), erased))
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        let retain = retain::retain(self.place(), before, running.to_vec());
        self.scan(retain)
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.opened()?;
        dump::dump(self.place(), &self.bridge, each)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        let put = readouts::put(self.place(), readout.clone());
        self.run(put)
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        let readouts = readouts::readouts(self.place(), kind.to_owned());
        self.run(readouts)
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("schema", &self.place.schema())
            .finish_non_exhaustive()
    }
}
