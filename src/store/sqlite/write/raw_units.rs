//! Keys of raw units. They are written last, because the key of an erased unit is kept only if it
//! has later facts.

use rusqlite::{Transaction, params};

use crate::store::facts::RawUnitRow;

use crate::store::sqlite::{erase::is_known, failure::Outcome, tombstones::Tombstones};

/// Writes the keys of units; that of an erased one only where there are facts of it again.
pub(super) fn write(
    transaction: &Transaction<'_>,
    erased: &mut Tombstones<'_>,
    rows: &[RawUnitRow],
) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO raw_unit (unit, kind, key) VALUES (?1, ?2, ?3) \
                  ON CONFLICT (unit) DO UPDATE SET kind = excluded.kind, key = excluded.key \
                  WHERE (kind, key) <> (excluded.kind, excluded.key)";
    let mut insert = transaction.prepare(insert)?;
    for row in rows {
        if erased.of(row.unit)?.is_none() || is_known(transaction, row.unit)? {
            insert.execute(params![row.unit.to_bytes(), row.kind, row.key])?;
        }
    }
    Ok(())
}
