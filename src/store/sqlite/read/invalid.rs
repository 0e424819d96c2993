//! The rows with names or texts that this crate would not write. They are checked here and not in
//! SQL, by the same rules as all other reading.

use rusqlite::{Row, Transaction};

use crate::store::catalog::InvalidRows;

use super::names;
use crate::store::sqlite::{
    failure::Outcome,
    values::{json, text},
};

/// Tells whether the columns of a row are allowed.
type IsValid = fn(&Row<'_>) -> rusqlite::Result<bool>;

/// The tables with names and texts, and the columns to check. Tables with a row for each unit are left out,
/// because each report runs this.
const TABLES: [(&str, &str, IsValid); 8] = [
    (
        "phase",
        "SELECT set_name, phase, unit_kind FROM phase",
        |row| Ok(names::phase(row, 0)?.is_some()),
    ),
    (
        "track",
        "SELECT 'a', 1, 'a', name, control FROM track",
        |row| Ok(names::track(row, 0)?.is_some()),
    ),
    ("goal", "SELECT name FROM goal", |row| {
        Ok(names::goal(row, 0)?.is_some())
    }),
    (
        "definition",
        "SELECT json FROM definition WHERE json IS NOT NULL",
        |row| Ok(json(row, 0)?.is_some()),
    ),
    ("plan", "SELECT json FROM plan", |row| {
        Ok(json(row, 0)?.is_some())
    }),
    ("segment", "SELECT name FROM segment", |row| {
        Ok(text(row, 0)?.is_some())
    }),
    ("writer", "SELECT node FROM writer", |row| {
        Ok(text(row, 0)?.is_some())
    }),
    ("loss", "SELECT sink, reason FROM loss", |row| {
        Ok(text(row, 0)?.is_some() && text(row, 1)?.is_some())
    }),
];

/// Counts the rows that no other reading returns.
pub(in crate::store::sqlite) fn invalid_rows(
    transaction: &Transaction<'_>,
) -> Outcome<Vec<InvalidRows>> {
    let mut invalid = Vec::new();
    for (table, select, is_valid) in TABLES {
        let mut statement = transaction.prepare(select)?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += u64::from(!is_valid(row)?);
        }
        if count > 0 {
            invalid.push(InvalidRows { table, rows: count });
        }
    }
    Ok(invalid)
}
