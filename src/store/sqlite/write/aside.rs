//! Events that were set aside. They are compared by all columns, because they have no key.

use rusqlite::{Transaction, params};

use crate::store::facts::AsideRow;

use crate::store::sqlite::{failure::Outcome, tombstones::Tombstones};

/// Writes events that were set aside, each once, except those of units that were erased since.
pub(super) fn write(
    transaction: &Transaction<'_>,
    erased: &mut Tombstones<'_>,
    rows: &[AsideRow],
) -> Outcome<()> {
    let insert = "INSERT INTO aside (at, reason, payload) SELECT ?1, ?2, ?3 WHERE NOT EXISTS \
                  (SELECT 1 FROM aside WHERE at = ?1 AND reason = ?2 AND payload = ?3)";
    for row in rows {
        if !names_erased(erased, row)? {
            let at = row.at.as_micros();
            transaction.execute(insert, params![at, row.reason, row.payload])?;
        }
    }
    Ok(())
}

/// Returns whether the payload names a unit that was erased since the event was set aside.
fn names_erased(erased: &mut Tombstones<'_>, row: &AsideRow) -> Outcome<bool> {
    for unit in row.mentions() {
        if erased.has(unit, row.at)? {
            return Ok(true);
        }
    }
    Ok(false)
}
