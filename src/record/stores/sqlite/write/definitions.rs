use rusqlite::{Transaction, params};

use crate::record::DefinitionRow;

use super::{super::failure::Outcome, ids::Listed};

const UPSERT: &str = "INSERT INTO definition (phase_id, fingerprint, json, first_at) \
    VALUES (?1, ?2, ?3, ?4) ON CONFLICT (phase_id, fingerprint) DO UPDATE \
    SET json = excluded.json, first_at = excluded.first_at WHERE excluded.first_at < first_at";

/// Writes definitions; of two with one fingerprint the earliest stays.
pub(super) fn write(
    transaction: &Transaction<'_>,
    listed: &Listed,
    rows: &[DefinitionRow],
) -> Outcome<()> {
    for row in rows {
        let first_at = row.first_at.as_micros();
        let phase = listed.phase(row.phase)?;
        transaction.execute(UPSERT, params![phase, row.fingerprint, row.json, first_at])?;
    }
    Ok(())
}
