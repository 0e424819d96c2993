//! The goals of a file.

use rusqlite::Transaction;

use crate::event::Goal;

use super::names::goal;
use crate::store::sqlite::failure::Outcome;

/// All goals with a conversion or a lost conversion, sorted.
pub(in crate::store::sqlite) fn goals(transaction: &Transaction<'_>) -> Outcome<Vec<Goal>> {
    // By an index for each goal. Losses have none, but few rows, and are read once.
    let select = "SELECT name FROM goal \
        WHERE EXISTS (SELECT 1 FROM conversion WHERE goal_id = goal.id) \
            OR id IN (SELECT goal_id FROM loss) ORDER BY name";
    let mut statement = transaction.prepare(select)?;
    let rows = statement.query_map([], |row| goal(row, 0))?;
    let goals = rows.filter_map(Result::transpose);
    Ok(goals.collect::<rusqlite::Result<_>>()?)
}
