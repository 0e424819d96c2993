use rusqlite::Transaction;

use crate::record::{PhaseName, Readout};

use super::super::{failure::Outcome, values::time};

const ALL: &str = "SELECT set_name, phase, unit_kind, kind, as_of, json FROM readout \
    JOIN phase ON phase.id = phase_id WHERE kind = ?1 ORDER BY set_name, phase";

pub(in crate::record::stores::sqlite) fn readouts(
    transaction: &Transaction<'_>,
    kind: &str,
) -> Outcome<Vec<Readout>> {
    let mut statement = transaction.prepare(ALL)?;
    let rows = statement.query_map([kind], |row| {
        let phase = PhaseName {
            set: row.get(0)?,
            phase: row.get(1)?,
            kind: row.get(2)?,
        };
        Ok(Readout {
            phase,
            kind: row.get(3)?,
            as_of: time(row, 4)?,
            json: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
