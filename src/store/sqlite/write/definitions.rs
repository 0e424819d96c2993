//! Definitions and plans. The id of a definition may exist before its JSON, because an exposure
//! names only its fingerprint.

use rusqlite::{Transaction, params};

use crate::store::{
    facts::{DefinitionRow, PlanRow},
    sql::Listed,
};

use super::ids::Ids;
use crate::store::sqlite::failure::Outcome;

const UPDATE: &str = "UPDATE definition SET json = ?2, first_at = ?3 \
    WHERE id = ?1 AND (json IS NULL OR (?3, ?2) < (first_at, json))";

const INSERT_PLAN: &str =
    "INSERT INTO plan (phase_id, first_at, json) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

/// Writes definitions; of two with one fingerprint the earliest stays.
pub(super) fn write(
    transaction: &Transaction<'_>,
    ids: &mut Ids,
    listed: &Listed<i64>,
    rows: &[DefinitionRow],
) -> Outcome<()> {
    for row in rows {
        let phase = listed.phase(row.phase)?;
        let id = ids.definition(transaction, phase, row.fingerprint)?;
        let first_at = row.first_at.as_micros();
        transaction.execute(UPDATE, params![id, row.json, first_at])?;
    }
    Ok(())
}

/// Writes the entries of the log of plans that are not there yet.
pub(super) fn write_plans(
    transaction: &Transaction<'_>,
    listed: &Listed<i64>,
    rows: &[PlanRow],
) -> Outcome<()> {
    for row in rows {
        let phase = listed.phase(row.phase)?;
        let first_at = row.first_at.as_micros();
        transaction.execute(INSERT_PLAN, params![phase, first_at, row.json])?;
    }
    Ok(())
}
