//! Read-outs: one for each phase and kind.

use rusqlite::{Transaction, params};

use crate::store::catalog::Readout;

use super::ids::Ids;
use crate::store::sqlite::failure::Outcome;

/// Stores the read-out of a phase, and replaces the previous one.
pub(in crate::store::sqlite) fn put_readout(
    transaction: &Transaction<'_>,
    ids: &mut Ids,
    readout: &Readout,
) -> Outcome<()> {
    let phase = ids.phase(transaction, &readout.phase)?;
    let upsert = "INSERT INTO readout (phase_id, kind, as_of, json) VALUES (?1, ?2, ?3, ?4) \
                  ON CONFLICT (phase_id, kind) \
                  DO UPDATE SET as_of = excluded.as_of, json = excluded.json";
    let as_of = readout.as_of.as_micros();
    transaction.execute(upsert, params![phase, readout.kind, as_of, readout.json])?;
    Ok(())
}
