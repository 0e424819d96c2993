//! The claim of the store for one scheme of units: a row of the table `meta`, which the first
//! program inserts.

use rusqlite::{OptionalExtension, Transaction};

use crate::store::claim::other_units;

use super::failure::Outcome;

const CLAIMED: &str = "SELECT value FROM meta WHERE key = 'units'";

/// What raw units are claimed by.
pub(super) const RAW: &str = "raw";

/// Claims the store for one scheme of units; the first claim wins.
pub(super) fn claim(transaction: &Transaction<'_>, units: &str) -> Outcome<()> {
    let first = "INSERT INTO meta VALUES ('units', ?1) ON CONFLICT DO NOTHING";
    transaction.execute(first, [units])?;
    // An earlier claim was left as it is, so the row decides and not the insertion.
    let claimed: String = transaction.query_row(CLAIMED, [], |row| row.get(0))?;
    match claimed == units {
        true => Ok(()),
        false => Err(other_units().into()),
    }
}

/// Returns the claim of units.
pub(super) fn claimed(transaction: &Transaction<'_>) -> Outcome<Option<String>> {
    let claimed = transaction.query_row(CLAIMED, [], |row| row.get(0));
    Ok(claimed.optional()?)
}
