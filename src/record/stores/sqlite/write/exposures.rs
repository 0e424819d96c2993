use rusqlite::{Statement, Transaction, params};

use crate::record::{ExposureRow, Rows, Timestamp};

use super::{super::failure::Outcome, super::tombstones::Tombstones, ids::Listed};

const INSERT: &str = "INSERT INTO exposure (phase_id, unit, track_id, first_at, coin, writer_id) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";

/// No coin comes before either side.
const UPDATE: &str = "UPDATE exposure SET first_at = ?4, coin = ?5, writer_id = ?6 \
    WHERE phase_id = ?1 AND unit = ?2 AND track_id = ?3 \
    AND (?4, coalesce(?5, -1)) < (first_at, coalesce(coin, -1))";

/// An exposure by its ids. The order is that of the table, and in it that in which one stays.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Exposure {
    key: (i64, [u8; 16], i64),
    first_at: Timestamp,
    coin: Option<bool>,
    writer: i64,
}

/// Writes exposures in the order of their table, of each key the one that stays.
pub(super) fn write(
    transaction: &Transaction<'_>,
    listed: &Listed,
    erased: &mut Tombstones<'_>,
    rows: &[ExposureRow],
) -> Outcome<Rows> {
    let mut written = Rows::default();
    let mut sorted = Vec::with_capacity(rows.len());
    for row in rows {
        match erased.has(row.unit, row.first_at)? {
            true => written.erased += 1,
            false => sorted.push(exposure(listed, row)?),
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

fn exposure(listed: &Listed, row: &ExposureRow) -> Outcome<Exposure> {
    let (phase, track) = listed.track(row.track)?;
    Ok(Exposure {
        key: (phase, row.unit.to_bytes(), track),
        first_at: row.first_at,
        coin: row.coin,
        writer: listed.writer(row.writer)?,
    })
}

/// Returns how many rows are new: one or none.
fn put(insert: &mut Statement<'_>, update: &mut Statement<'_>, row: &Exposure) -> Outcome<u64> {
    let (phase, unit, track) = row.key;
    let first_at = row.first_at.as_micros();
    let values = params![phase, unit, track, first_at, row.coin, row.writer];
    let new = insert.execute(values)?;
    if new == 0 {
        update.execute(values)?;
    }
    Ok(new as u64)
}
