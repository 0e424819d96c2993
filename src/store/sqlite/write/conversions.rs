//! Conversions: of each goal, unit and id, the smallest pair of time and value stays.

use rusqlite::{Statement, Transaction, params};

use crate::store::{facts::ConversionRow, timestamp::Timestamp, written::Rows};

use super::ids::Listed;
use crate::store::sqlite::{failure::Outcome, tombstones::Tombstones};

const INSERT: &str = "INSERT INTO conversion (goal_id, unit, idem, at, value, writer_id) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";

const UPDATE: &str = "UPDATE conversion SET at = ?4, value = ?5, writer_id = ?6 \
    WHERE goal_id = ?1 AND unit = ?2 AND idem = ?3 AND (?4, ?5) < (at, value)";

/// A conversion by its ids. The order is that of the table, and in it that in which one stays.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Conversion {
    key: (i64, [u8; 16], [u8; 16]),
    at: Timestamp,
    value: i64,
    writer: i64,
}

/// Writes conversions in the order of their table, of each key the one that stays.
pub(super) fn write(
    transaction: &Transaction<'_>,
    listed: &Listed,
    erased: &mut Tombstones<'_>,
    rows: &[ConversionRow],
) -> Outcome<Rows> {
    let mut written = Rows::default();
    let mut sorted = Vec::with_capacity(rows.len());
    for row in rows {
        match erased.has(row.unit, row.at)? {
            true => written.erased += 1,
            false => sorted.push(conversion(listed, row)?),
        }
    }
    sorted.sort_unstable();
    let all = sorted.len() as u64;
    sorted.dedup_by(|next, first| next.key == first.key);
    let mut insert = transaction.prepare(INSERT)?;
    let mut update = transaction.prepare(UPDATE)?;
    for row in &sorted {
        written.new += put(&mut insert, &mut update, row)?;
    }
    written.known = all - written.new;
    Ok(written)
}

/// Returns a row by the ids of this file.
fn conversion(listed: &Listed, row: &ConversionRow) -> Outcome<Conversion> {
    Ok(Conversion {
        key: (listed.goal(row.goal)?, row.unit.to_bytes(), row.idem),
        at: row.at,
        value: row.value,
        writer: listed.writer(row.writer)?,
    })
}

/// Returns how many rows are new: one or none.
fn put(insert: &mut Statement<'_>, update: &mut Statement<'_>, row: &Conversion) -> Outcome<u64> {
    let (goal, unit, idem) = row.key;
    let values = params![goal, unit, idem, row.at.as_micros(), row.value, row.writer];
    let new = insert.execute(values)?;
    if new == 0 {
        update.execute(values)?;
    }
    Ok(new as u64)
}
