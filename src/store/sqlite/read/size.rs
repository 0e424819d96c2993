//! The size of the file, and whether a unit was exposed: what a ceiling needs.
//!
//! Both must not read all rows: a ceiling needs them while a program records.

use rusqlite::Transaction;

use crate::unit::Unit;

use crate::store::sqlite::failure::Outcome;

/// Returns whether an exposure of a unit is there. The keys of exposures begin with the phase.
pub(in crate::store::sqlite) fn is_exposed(
    transaction: &Transaction<'_>,
    unit: Unit,
) -> Outcome<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM exposure \
        WHERE phase_id IN (SELECT id FROM phase) AND unit = ?1)";
    Ok(transaction.query_row(select, [unit.to_bytes()], |row| row.get(0))?)
}

/// Returns how many bytes the pages take that are in use, those that wait in the file beside it, too.
/// The pages of what was deleted are free, and are used again.
pub(in crate::store::sqlite) fn bytes(transaction: &Transaction<'_>) -> Outcome<u64> {
    let select = "SELECT (page_count - freelist_count) * page_size \
        FROM pragma_page_count, pragma_freelist_count, pragma_page_size";
    let bytes: i64 = transaction.query_row(select, [], |row| row.get(0))?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}
