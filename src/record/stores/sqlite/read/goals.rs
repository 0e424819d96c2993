use rusqlite::Transaction;

use crate::event::Goal;

use super::super::{failure::Outcome, values::goal};

/// All goals, sorted.
pub(in crate::record::stores::sqlite) fn goals(
    transaction: &Transaction<'_>,
) -> Outcome<Vec<Goal>> {
    let mut statement = transaction.prepare("SELECT name FROM goal ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut goals = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        goals.push(goal(&name)?);
    }
    Ok(goals)
}
