//! The log of changes: a table of its own, which the first change creates.

use rusqlite::{OptionalExtension, Row, Transaction};

use crate::store::{
    log_rows::{AppendedLogRow, LogRow, LogRows, NewLogRow},
    timestamp::Timestamp,
};

use super::failure::Outcome;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS change (
    number INTEGER PRIMARY KEY,
    set_name TEXT NOT NULL,
    phase INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT";

const EXISTS: &str = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'change'";

const AFTER: &str = "SELECT number, CAST(set_name AS BLOB), phase, CAST(json AS BLOB) FROM change
    WHERE number > ?1 ORDER BY number";

const LATEST: &str = "SELECT number, CAST(set_name AS BLOB), phase, CAST(json AS BLOB) FROM change
    WHERE set_name = ?1 AND phase = ?2 ORDER BY number DESC LIMIT 1";

/// Returns the rows after a number.
pub(super) fn after(moment: &Transaction<'_>, number: u64) -> Outcome<LogRows> {
    let now = Timestamp::now();
    // A file without changes, or one that only a reader has opened, has no table.
    if moment
        .query_row(EXISTS, [], |_| Ok(()))
        .optional()?
        .is_none()
    {
        return Ok(LogRows {
            rows: Vec::new(),
            last: 0,
            now,
        });
    }
    let mut select = moment.prepare(AFTER)?;
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let rows = select.query_map([number], log_row)?;
    let rows = rows.collect::<rusqlite::Result<_>>()?;
    Ok(LogRows {
        rows,
        last: last(moment)?,
        now,
    })
}

/// Appends a row, unless its set has had another since the previous one. The transaction excludes other
/// writers, so numbers are committed in their order.
pub(super) fn append(transaction: &Transaction<'_>, row: NewLogRow) -> Outcome<AppendedLogRow> {
    transaction.execute(CREATE, [])?;
    let of_set = (&row.set, row.phase);
    let latest = transaction.query_row(LATEST, of_set, log_row).optional()?;
    if let Some(latest) = latest.filter(|latest| latest.number != row.previous) {
        return Ok(AppendedLogRow::Conflict(latest));
    }
    let number = last(transaction)? + 1;
    let now = Timestamp::now();
    let text = (row.text)(number, now);
    let insert = "INSERT INTO change (number, set_name, phase, json) VALUES (?1, ?2, ?3, ?4)";
    transaction.execute(insert, (number.cast_signed(), row.set, row.phase, &text))?;
    Ok(AppendedLogRow::Added(number, now))
}

fn last(moment: &Transaction<'_>) -> Outcome<u64> {
    let last = "SELECT coalesce(max(number), 0) FROM change";
    Ok(moment
        .query_row(last, [], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}

fn log_row(row: &Row<'_>) -> rusqlite::Result<LogRow> {
    let set: Vec<u8> = row.get(1)?;
    Ok(LogRow {
        number: row.get::<_, i64>(0)?.unsigned_abs(),
        set: String::from_utf8_lossy(&set).into_owned(),
        phase: row.get(2)?,
        text: row.get(3)?,
    })
}
