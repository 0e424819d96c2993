//! All rows in one snapshot, table by table, as batches. Each batch lists the names that its rows
//! refer to.
//!
//! Erasures come first, so that the reader refuses facts that it should not have; keys of units
//! come after the facts. A chunk of 10,000 rows becomes one batch.

use std::{collections::HashMap, mem, sync::Arc};

use super::{
    bridge::Bridge,
    cursor::{Snapshot, declare},
    failure::{Failure, Outcome},
    place::{Place, Tx},
    statement,
};
use crate::store::{
    error::StoreError,
    facts::Batch,
    sql::{Columns, Dump, Name, Named, Names, tables},
};

type Each<'a> = &'a mut dyn FnMut(Batch) -> Result<(), StoreError>;

const SUMS: &str = "SELECT track_id, bucket, writer_id, requests, errors, aborted, duration_us,
    duration_us_sq::text FROM request_sum";

/// Passes all rows to a closure. The first batch has only names, also those that no row refers to.
pub(super) fn dump(place: Place, bridge: &Bridge, each: Each<'_>) -> Result<(), StoreError> {
    let limit = place.limits().scan;
    let (snapshot, mut dump) = bridge.run(limit, open(place, bridge.clone()))?;
    each(mem::take(&mut dump.batch))?;
    for (number, (_, add)) in tables::<Failure>(SUMS).into_iter().enumerate() {
        let mut cursor = snapshot.cursor(number, Ok)?;
        loop {
            let rows = cursor.chunk()?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                add(&mut dump, row)?;
            }
            each(mem::take(&mut dump.batch))?;
        }
    }
    Ok(())
}

/// Reads the names, and declares a cursor for each table.
async fn open(place: Place, bridge: Bridge) -> Outcome<(Arc<Snapshot>, Dump)> {
    let mut tx = place.scanning().await?;
    let dump = Dump::new(Names {
        writers: named(&mut tx).await?,
        phases: named(&mut tx).await?,
        tracks: named(&mut tx).await?,
        goals: named(&mut tx).await?,
        definitions: named(&mut tx).await?,
        segments: named(&mut tx).await?,
    });
    for (number, (select, _)) in tables::<Failure>(SUMS).into_iter().enumerate() {
        declare(number, select, |query| query, &mut tx).await?;
    }
    // One cursor is read after the other.
    let snapshot = Snapshot::new(tx, bridge, (place.limits().scan, 1));
    Ok((snapshot, dump))
}

/// Reads the names of one table.
async fn named<T: Name>(tx: &mut Tx) -> Outcome<Named<T>> {
    let rows = statement::query(T::ALL).fetch_all(&mut **tx).await?;
    let by_id = rows.iter().map(|row| Ok((row.id(0)?, T::read(row)?)));
    let by_id = by_id.collect::<Outcome<HashMap<_, _>>>()?;
    Ok(Named::new(by_id, |_, id| {
        format!("a row in PostgreSQL refers to the id {id}, which nothing has")
    }))
}
