//! The rows with names or texts that this crate would not write. They are checked here and not in
//! SQL, by the same rules as all other reading.
//!
//! The tables with a row for each unit are not checked: they have no names of their own, and each
//! report runs this.

use crate::store::error::StoreError;

use super::columns::Columns;

/// Tells whether the columns of a row are allowed.
type IsValid<F> = fn(&dyn Columns<Failure = F>) -> Result<bool, F>;

/// Returns the tables with names and texts, with what selects the columns to check.
pub(in crate::store) fn checks<F: From<StoreError>>()
-> [(&'static str, &'static str, IsValid<F>); 8] {
    [
        (
            "phase",
            "SELECT set_name, phase, unit_kind FROM phase",
            |row| Ok(row.phase(0)?.is_some()),
        ),
        (
            "track",
            // A track is read with its phase. A valid one stands here, since invalid phases are counted above.
            "SELECT 'a', CAST(1 AS bigint), 'a', name, control FROM track",
            |row| Ok(row.track(0)?.is_some()),
        ),
        ("goal", "SELECT name FROM goal", |row| {
            Ok(row.goal(0)?.is_some())
        }),
        (
            "definition",
            "SELECT CAST(json AS text) FROM definition WHERE json IS NOT NULL",
            |row| Ok(row.json(0)?.is_some()),
        ),
        ("plan", "SELECT json FROM plan", |row| {
            Ok(row.json(0)?.is_some())
        }),
        ("segment", "SELECT name FROM segment", |row| {
            Ok(row.text(0)?.is_some())
        }),
        ("writer", "SELECT node FROM writer", |row| {
            Ok(row.text(0)?.is_some())
        }),
        ("loss", "SELECT sink, reason FROM loss", |row| {
            Ok(row.text(0)?.is_some() && row.text(1)?.is_some())
        }),
    ]
}
