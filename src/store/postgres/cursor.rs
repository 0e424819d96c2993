//! Rows in chunks, from cursors in one snapshot. A report holds one chunk of each cursor in memory,
//! while the next one is fetched.
//!
//! All cursors share one connection, so their fetches wait for each other; each has the time of all
//! of them. A failed fetch closes the transaction, and the other cursors fail too.

use std::{mem, sync::Arc, time::Duration, vec};

use sqlx::{QueryBuilder, postgres::PgRow};
use tokio::sync::Mutex;

use super::{
    bridge::{Bridge, Pending},
    facts::Sql,
    failure::Outcome,
    place::Tx,
    statement,
    within::within,
};
use crate::store::error::{StoreError, StoreErrorKind};

/// How many rows are fetched at a time.
const ROWS: usize = 10_000;

/// A transaction that reads, while there are cursors in it. It may be dropped anywhere, which a
/// transaction alone may not.
pub(super) struct Snapshot {
    /// Gone when this is dropped, and after a failure.
    tx: Mutex<Option<Tx>>,
    bridge: Bridge,
    /// For one chunk.
    limit: Duration,
    /// For one chunk of each cursor that waits for the transaction at the same moment.
    limit_of_all: Duration,
}

/// The rows of a cursor. While one chunk is used the next is fetched.
pub(super) struct Cursor<T> {
    snapshot: Arc<Snapshot>,
    number: usize,
    read: Read<T>,
    rows: vec::IntoIter<PgRow>,
    next: Option<Pending<Vec<PgRow>>>,
}

type Read<T> = Box<dyn Fn(PgRow) -> Outcome<T>>;

/// Opens a cursor of this number, which stays open to the end of the transaction.
pub(super) async fn declare(
    number: usize,
    select: &str,
    bind: impl FnOnce(Sql<'_>) -> Sql<'_>,
    tx: &mut Tx,
) -> Outcome<()> {
    // The name of a cursor cannot be a parameter, so it is part of the text.
    let mut query = QueryBuilder::new("DECLARE ");
    query.push(format_args!(
        "cursor_{number} NO SCROLL CURSOR FOR {select}"
    ));
    let query = bind(query.build().persistent(false));
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Returns the name of a transaction's snapshot, by which others read it as long as the transaction lasts.
pub(super) async fn export(tx: &mut Tx) -> Outcome<String> {
    let query = statement::scalar("SELECT pg_export_snapshot()");
    Ok(query.fetch_one(&mut **tx).await?)
}

impl Snapshot {
    /// Returns a snapshot of so many cursors at once, each chunk of which has a limit.
    pub(super) fn new(tx: Tx, bridge: Bridge, (limit, cursors): (Duration, usize)) -> Arc<Self> {
        let cursors = u32::try_from(cursors).unwrap_or(u32::MAX);
        Arc::new(Self {
            tx: Mutex::new(Some(tx)),
            bridge,
            limit,
            limit_of_all: limit.saturating_mul(cursors),
        })
    }

    /// Begins to fetch the rows of a cursor.
    pub(super) fn cursor<T: Send + 'static>(
        self: &Arc<Self>,
        number: usize,
        read: impl Fn(PgRow) -> Outcome<T> + 'static,
    ) -> Result<Cursor<T>, StoreError> {
        let mut cursor = Cursor {
            snapshot: Arc::clone(self),
            number,
            read: Box::new(read),
            rows: Vec::new().into_iter(),
            next: None,
        };
        cursor.begin()?;
        Ok(cursor)
    }

    /// Fetches one chunk.
    async fn fetch(self: Arc<Self>, number: usize) -> Outcome<Vec<PgRow>> {
        let mut kept = self.tx.lock().await;
        // Taken out, so that it is closed, and others fail, where this does not come to its end.
        let mut tx = kept.take().ok_or_else(broken)?;
        let mut query = QueryBuilder::new("FETCH ");
        query.push(format_args!("{ROWS} FROM cursor_{number}"));
        let query = query.build().persistent(false);
        let fetch = async { Ok(query.fetch_all(&mut *tx).await?) };
        let rows = within(self.limit, fetch).await?;
        *kept = Some(tx);
        Ok(rows)
    }
}

/// The error of a cursor whose transaction was given up by another.
fn broken() -> StoreError {
    let message = "the transaction that reads from PostgreSQL was given up";
    StoreError::new(StoreErrorKind::Unavailable, message)
}

impl<T: Send + 'static> Cursor<T> {
    /// Returns the next rows; none when there are no more.
    pub(super) fn chunk(&mut self) -> Result<Vec<T>, StoreError> {
        let rows = self.fetched()?.into_iter();
        let rows = rows.map(|row| (self.read)(row)).collect::<Outcome<_>>();
        Ok(rows?)
    }

    /// Returns the next rows as they came.
    fn fetched(&mut self) -> Result<Vec<PgRow>, StoreError> {
        let Some(next) = mem::take(&mut self.next) else {
            return Ok(Vec::new());
        };
        let rows = next.wait()?;
        // `FETCH` returns fewer rows only at the end, so a chunk that is not full is the last.
        if rows.len() == ROWS {
            self.begin()?;
        }
        Ok(rows)
    }

    /// Begins to fetch the next chunk, while the current one is used.
    fn begin(&mut self) -> Result<(), StoreError> {
        let snapshot = Arc::clone(&self.snapshot);
        let limit = snapshot.limit_of_all;
        let fetch = snapshot.fetch(self.number);
        self.next = Some(self.snapshot.bridge.begin(limit, fetch)?);
        Ok(())
    }
}

impl<T: Send + 'static> Iterator for Cursor<T> {
    type Item = Result<T, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rows.as_slice().is_empty() {
            match self.fetched() {
                Ok(rows) => self.rows = rows.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        // Decoded by the thread that uses them, of which each range has one: the runtime may have a single one
        // for all connections.
        let row = (self.read)(self.rows.next()?);
        Some(row.map_err(StoreError::from))
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if let Some(tx) = self.tx.get_mut().take() {
            // The connection goes back to its pool by a task.
            self.bridge.there(|| tx.end());
        }
    }
}
