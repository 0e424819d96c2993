use rusqlite::Transaction;

use crate::record::{Definition, Phase};

use super::{
    super::{failure::Outcome, values::time},
    names,
};

pub(in crate::record::stores::sqlite) fn phases(
    transaction: &Transaction<'_>,
) -> Outcome<Vec<Phase>> {
    let phases = names::phases(transaction)?.into_iter();
    let phase = |(id, name)| {
        let tracks = names::tracks_of(transaction, id, &name)?.into_iter();
        Ok(Phase {
            tracks: tracks.map(|(_, track)| track).collect(),
            definitions: definitions_of(transaction, id)?,
            plans: Vec::new(),
            name,
        })
    };
    phases.map(phase).collect()
}

pub(super) fn definitions_of(
    transaction: &Transaction<'_>,
    phase: i64,
) -> Outcome<Vec<Definition>> {
    let all = "SELECT fingerprint, json, first_at FROM definition WHERE phase_id = ?1 \
               ORDER BY first_at, fingerprint";
    let mut statement = transaction.prepare(all)?;
    let rows = statement.query_map([phase], |row| {
        Ok(Definition {
            fingerprint: row.get(0)?,
            json: row.get(1)?,
            first_at: time(row, 2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
