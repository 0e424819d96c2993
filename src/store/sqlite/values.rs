//! Our values as columns have them.

use std::sync::Arc;

use rusqlite::Row;

use crate::{
    store::{
        error::{StoreError, StoreErrorKind},
        facts::grammar,
        timestamp::Timestamp,
    },
    unit::Unit,
};

/// Reads a unit from a blob of sixteen bytes.
pub(super) fn unit(row: &Row<'_>, column: usize) -> rusqlite::Result<Unit> {
    row.get(column).map(Unit::from_bytes)
}

/// Reads a time from its microseconds.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_micros)
}

/// Reads bytes of any length.
pub(super) fn blob(row: &Row<'_>, column: usize) -> rusqlite::Result<Arc<[u8]>> {
    row.get::<_, Vec<u8>>(column).map(Arc::from)
}

/// A count, which is never negative in a file of ours.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    let error = |_| rusqlite::Error::IntegralValueOutOfRange(column, number);
    u64::try_from(number).map_err(error)
}

/// A count as it is stored: 63 bits hold it, or it is the most that they do.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A text that may be kept and shown; `None` for any other value.
pub(super) fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Arc<str>>> {
    Ok(utf8(row, column)?.and_then(grammar::text))
}

/// A text that is JSON; `None` for any other value.
pub(super) fn json(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Arc<str>>> {
    Ok(utf8(row, column)?.and_then(grammar::json))
}

/// A text of UTF-8, which SQLite does not see to; `None` for any other value.
pub(super) fn utf8<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Option<&'r str>> {
    Ok(row.get_ref(column)?.as_str().ok())
}

/// The error of a file with data that this crate did not write.
pub(super) fn foreign(what: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::Corrupt, what)
}
