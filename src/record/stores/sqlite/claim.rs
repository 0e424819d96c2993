use rusqlite::Transaction;

use crate::record::stores::claim::other_units;

use super::failure::Outcome;

/// Says how units are made; the first who says it, decides.
pub(super) fn claim(transaction: &Transaction<'_>, units: &str) -> Outcome<()> {
    let first = "INSERT INTO meta VALUES ('units', ?1) ON CONFLICT DO NOTHING";
    transaction.execute(first, [units])?;
    let claimed = "SELECT value FROM meta WHERE key = 'units'";
    let claimed: String = transaction.query_row(claimed, [], |row| row.get(0))?;
    match claimed == units {
        true => Ok(()),
        false => Err(other_units().into()),
    }
}
