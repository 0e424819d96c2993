use std::{mem, sync::Arc, vec};

use sqlx::{QueryBuilder, postgres::PgRow};
use tokio::sync::Mutex;

use super::{
    bridge::{Bridge, Pending},
    facts::Sql,
    failure::Outcome,
    place::Tx,
};
use crate::record::StoreError;

/// How many rows are fetched at a time.
const ROWS: usize = 10_000;

/// A transaction that reads, while there are cursors in it. It may be dropped anywhere, which a
/// transaction alone may not.
pub(super) struct Snapshot {
    /// Gone only when this is dropped.
    tx: Mutex<Option<Tx>>,
    bridge: Bridge,
}

/// The rows of a cursor. While one chunk is used the next is fetched.
pub(super) struct Cursor<T> {
    snapshot: Arc<Snapshot>,
    number: usize,
    read: Read<T>,
    rows: vec::IntoIter<T>,
    next: Option<Pending<Vec<T>>>,
}

type Read<T> = Arc<dyn Fn(&PgRow) -> Outcome<T> + Send + Sync>;

/// Opens a cursor of this number, which stays open to the end of the transaction.
pub(super) async fn declare(
    number: usize,
    select: &str,
    bind: impl FnOnce(Sql<'_>) -> Sql<'_>,
    tx: &mut Tx,
) -> Outcome<()> {
    let mut query = QueryBuilder::new("DECLARE ");
    query.push(format_args!(
        "cursor_{number} NO SCROLL CURSOR FOR {select}"
    ));
    let query = bind(query.build().persistent(false));
    query.execute(&mut **tx).await?;
    Ok(())
}

impl Snapshot {
    pub(super) fn new(tx: Tx, bridge: Bridge) -> Arc<Self> {
        let tx = Mutex::new(Some(tx));
        Arc::new(Self { tx, bridge })
    }

    /// Begins to fetch the rows of a cursor.
    pub(super) fn cursor<T: Send + 'static>(
        self: &Arc<Self>,
        number: usize,
        read: impl Fn(&PgRow) -> Outcome<T> + Send + Sync + 'static,
    ) -> Result<Cursor<T>, StoreError> {
        let mut cursor = Cursor {
            snapshot: Arc::clone(self),
            number,
            read: Arc::new(read),
            rows: Vec::new().into_iter(),
            next: None,
        };
        cursor.begin()?;
        Ok(cursor)
    }

    async fn fetch<T>(self: Arc<Self>, number: usize, read: Read<T>) -> Outcome<Vec<T>> {
        let mut tx = self.tx.lock().await;
        let Some(tx) = tx.as_mut() else {
            return Ok(Vec::new());
        };
        let mut query = QueryBuilder::new("FETCH ");
        query.push(format_args!("{ROWS} FROM cursor_{number}"));
        let query = query.build().persistent(false);
        let rows = query.fetch_all(&mut **tx).await?;
        rows.iter().map(|row| read(row)).collect()
    }
}

impl<T: Send + 'static> Cursor<T> {
    /// Returns the next rows; none when there are no more.
    pub(super) fn chunk(&mut self) -> Result<Vec<T>, StoreError> {
        let Some(next) = mem::take(&mut self.next) else {
            return Ok(Vec::new());
        };
        let rows = next.wait()?;
        if rows.len() == ROWS {
            self.begin()?;
        }
        Ok(rows)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        let (snapshot, read) = (Arc::clone(&self.snapshot), Arc::clone(&self.read));
        let fetch = snapshot.fetch(self.number, read);
        self.next = Some(self.snapshot.bridge.begin(fetch)?);
        Ok(())
    }
}

impl<T: Send + 'static> Iterator for Cursor<T> {
    type Item = Result<T, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(row) = self.rows.next() {
            return Some(Ok(row));
        }
        match self.chunk() {
            Ok(rows) => self.rows = rows.into_iter(),
            Err(error) => return Some(Err(error)),
        }
        self.rows.next().map(Ok)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // The connection goes back to its pool by a task.
        let tx = self.tx.get_mut().take();
        self.bridge.drop_there(tx);
    }
}
