//! All rows in one snapshot, as batches of bounded size. The watch of the query's time is paused
//! while a batch is handed out, because the time of the reader does not count.
//!
//! The first batch lists all names, also those that no row refers to. A batch ends after 4,096
//! rows, or 4 MiB of texts, because the JSON of a definition may be long.

use std::mem;

use rusqlite::{Row, Transaction, types::ValueRef};

use crate::store::{
    error::StoreError,
    facts::Batch,
    sql::{Dump, Names, tables},
};

use crate::store::sqlite::{
    failure::{Failure, Outcome},
    values::named,
    watch::Watch,
};

/// How many rows go into a batch.
const ROWS: usize = 4096;

/// From how many bytes of texts on a batch is handed out, too.
const BYTES: usize = 4 * 1024 * 1024;

/// Takes a batch.
type Each<'e> = &'e mut dyn FnMut(Batch) -> Result<(), StoreError>;

const SUMS: &str = "SELECT track_id, bucket, writer_id, requests, errors, aborted, duration_us, \
    duration_us_sq FROM request_sum";

pub(in crate::store::sqlite) fn dump(
    transaction: &Transaction<'_>,
    watch: &Watch,
    each: Each<'_>,
) -> Outcome<()> {
    let mut dump = Dump::new(Names {
        writers: named(transaction)?,
        phases: named(transaction)?,
        tracks: named(transaction)?,
        goals: named(transaction)?,
        definitions: named(transaction)?,
        segments: named(transaction)?,
    });
    let mut bytes = 0;
    for (select, add) in tables::<Failure>(SUMS) {
        let mut statement = transaction.prepare(select)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            add(&mut dump, row)?;
            bytes += size(row, columns)?;
            if dump.batch.rows() >= ROWS || bytes >= BYTES {
                bytes = 0;
                watch.pause(|| each(mem::take(&mut dump.batch)))?;
            }
        }
    }
    Ok(watch.pause(|| each(dump.batch))?)
}

/// Returns how many bytes the texts of a row have.
fn size(row: &Row<'_>, columns: usize) -> Outcome<usize> {
    let mut size = 0;
    for column in 0..columns {
        if let ValueRef::Text(text) = row.get_ref(column)? {
            size += text.len();
        }
    }
    Ok(size)
}
