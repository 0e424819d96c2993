//! Deleting the facts of one unit. A tombstone stays, so that a log that is read again cannot bring
//! them back.

use rusqlite::{Transaction, params};

use crate::{store::facts::ErasedRow, unit::Unit};

use super::failure::Outcome;

/// The tables with facts of a unit, by what of them is erased. The tables of exposures and
/// conversions are looked through by phase and goal, as their keys begin with those.
const FACTS: [&str; 4] = [
    "DELETE FROM exposure \
     WHERE phase_id IN (SELECT id FROM phase) AND unit = ?1 AND first_at <= ?2",
    "DELETE FROM conversion WHERE goal_id IN (SELECT id FROM goal) AND unit = ?1 AND at <= ?2",
    "DELETE FROM alias WHERE visitor = ?1 AND first_at <= ?2",
    "DELETE FROM alias WHERE user = ?1 AND first_at <= ?2",
];

/// Deletes the facts of a unit up to a time; returns the number of rows.
pub(super) fn erase(transaction: &Transaction<'_>, erased: ErasedRow) -> Outcome<u64> {
    let (unit, at) = (erased.unit.to_bytes(), erased.at.as_micros());
    let tombstone = "INSERT INTO erased VALUES (?1, ?2) \
                     ON CONFLICT (unit) DO UPDATE SET at = max(at, excluded.at)";
    transaction.execute(tombstone, params![unit, at])?;
    let mut rows = 0;
    for facts in FACTS {
        rows += transaction.execute(facts, params![unit, at])?;
    }
    // By the text of the unit, wherever it stands: an event that was set aside may have any form.
    let aside = "DELETE FROM aside WHERE at <= ?2 AND instr(payload, ?1) > 0";
    rows += transaction.execute(aside, params![erased.unit.to_string(), at])?;
    // After the facts, since the key of a unit that has later ones stays.
    if !is_known(transaction, erased.unit)? {
        rows += transaction.execute("DELETE FROM raw_unit WHERE unit = ?1", [unit])?;
    }
    Ok(rows as u64)
}

/// Returns whether there are facts of a unit.
pub(super) fn is_known(transaction: &Transaction<'_>, unit: Unit) -> Outcome<bool> {
    let known = "SELECT EXISTS (SELECT 1 FROM exposure \
                     WHERE phase_id IN (SELECT id FROM phase) AND unit = ?1) \
                 OR EXISTS (SELECT 1 FROM conversion \
                     WHERE goal_id IN (SELECT id FROM goal) AND unit = ?1) \
                 OR EXISTS (SELECT 1 FROM alias WHERE visitor = ?1) \
                 OR EXISTS (SELECT 1 FROM alias WHERE user = ?1)";
    Ok(transaction.query_row(known, [unit.to_bytes()], |row| row.get(0))?)
}
