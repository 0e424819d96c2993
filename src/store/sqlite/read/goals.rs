//! The goals of a file.

use rusqlite::Transaction;

use crate::event::Goal;

use super::names::goal;
use crate::store::sqlite::failure::Outcome;

/// All goals, sorted.
pub(in crate::store::sqlite) fn goals(transaction: &Transaction<'_>) -> Outcome<Vec<Goal>> {
    let mut statement = transaction.prepare("SELECT name FROM goal ORDER BY name")?;
    let rows = statement.query_map([], |row| goal(row, 0))?;
    let goals = rows.filter_map(Result::transpose);
    Ok(goals.collect::<rusqlite::Result<_>>()?)
}
