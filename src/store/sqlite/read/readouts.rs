//! Read-outs of one kind.

use rusqlite::Transaction;

use crate::store::catalog::Readout;

use super::names;
use crate::store::sqlite::{
    failure::Outcome,
    values::{json, time},
};

const ALL: &str = "SELECT set_name, phase, unit_kind, as_of, json FROM readout \
    JOIN phase ON phase.id = phase_id WHERE kind = ?1 ORDER BY set_name, phase";

pub(in crate::store::sqlite) fn readouts(
    transaction: &Transaction<'_>,
    kind: &str,
) -> Outcome<Vec<Readout>> {
    let mut statement = transaction.prepare(ALL)?;
    let rows = statement.query_map([kind], |row| {
        let as_of = time(row, 3)?;
        let parts = names::phase(row, 0)?.zip(json(row, 4)?);
        Ok(parts.map(|(phase, json)| Readout {
            phase,
            kind: kind.into(),
            as_of,
            json,
        }))
    })?;
    let readouts = rows.filter_map(Result::transpose);
    Ok(readouts.collect::<rusqlite::Result<_>>()?)
}
