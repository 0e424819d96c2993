//! The rows with names or texts that this crate would not write. They are checked here and not in
//! SQL, by the same rules as all other reading.
//!
//! The tables with a row for each unit are not checked: they have no names of their own.

use sqlx::postgres::PgRow;

use super::{
    catalog::{goal, json, phase_name, text, track_name},
    failure::Outcome,
    place::Place,
    statement,
};
use crate::store::catalog::InvalidRows;

/// Tells whether the columns of a row are allowed.
type IsValid = fn(&PgRow) -> Outcome<bool>;

/// The tables with names and texts, and the columns to check. Tables with a row for each unit are left out,
/// because each report runs this.
const TABLES: [(&str, &str, IsValid); 8] = [
    (
        "phase",
        "SELECT set_name, phase, unit_kind FROM phase",
        |row| Ok(phase_name(row, 0)?.is_some()),
    ),
    (
        "track",
        "SELECT 'a', 1::bigint, 'a', name, control FROM track",
        |row| Ok(track_name(row, 0)?.is_some()),
    ),
    ("goal", "SELECT name FROM goal", |row| {
        Ok(goal(row, 0)?.is_some())
    }),
    (
        "definition",
        "SELECT json::text FROM definition WHERE json IS NOT NULL",
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
pub(super) async fn invalid_rows(place: Place) -> Outcome<Vec<InvalidRows>> {
    let mut tx = place.reading().await?;
    let mut invalid = Vec::new();
    for (table, select, is_valid) in TABLES {
        let rows = statement::query(select).fetch_all(&mut *tx).await?;
        let valid = rows.iter().map(is_valid).collect::<Outcome<Vec<bool>>>()?;
        let count = valid.into_iter().filter(|is_valid| !is_valid).count();
        if count > 0 {
            let rows = u64::try_from(count).unwrap_or(u64::MAX);
            invalid.push(InvalidRows { table, rows });
        }
    }
    tx.end();
    Ok(invalid)
}
