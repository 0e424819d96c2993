use std::collections::{BTreeMap, btree_map::Entry};

use super::{failure::Outcome, ids::Ids, moment::Moment, place::Tx};
use crate::record::{Batch, DefinitionRow};

/// Compares before it locks: mostly all is as it was.
const DEFINE: &str = "INSERT INTO definition AS known (phase_id, fingerprint, json, first_at)
    SELECT asked.phase_id, asked.fingerprint, asked.json::json, asked.first_at
    FROM unnest($1, $2, $3, $4) AS asked (phase_id, fingerprint, json, first_at)
    WHERE NOT EXISTS (
        SELECT FROM definition
        WHERE definition.phase_id = asked.phase_id
            AND definition.fingerprint = asked.fingerprint
            AND definition.first_at <= asked.first_at)
    ORDER BY asked.phase_id, asked.fingerprint
    ON CONFLICT (phase_id, fingerprint)
    DO UPDATE SET first_at = least(known.first_at, excluded.first_at)";

/// Adds definitions; of those that are known the earliest time stays.
pub(super) async fn define(batch: &Batch, ids: &Ids, tx: &mut Tx) -> Outcome<()> {
    if batch.definitions.is_empty() {
        return Ok(());
    }
    let rows = merged(batch, ids)?;
    let phases: Vec<i32> = rows.keys().map(|(phase, _)| *phase).collect();
    let fingerprints: Vec<&[u8]> = rows.keys().map(|(_, print)| print.as_slice()).collect();
    let texts: Vec<&str> = rows.values().map(|(row, _)| &*row.json).collect();
    let times: Vec<Moment> = rows.values().map(|(_, first_at)| *first_at).collect();
    let query = sqlx::query(DEFINE).bind(phases).bind(fingerprints);
    query.bind(texts).bind(times).execute(&mut **tx).await?;
    Ok(())
}

type Merged<'b> = BTreeMap<(i32, [u8; 32]), (&'b DefinitionRow, Moment)>;

/// Of several with one fingerprint, the first text and the earliest time.
fn merged<'b>(batch: &'b Batch, ids: &Ids) -> Outcome<Merged<'b>> {
    let mut rows = Merged::new();
    for row in &batch.definitions {
        let key = (ids.phase(row.phase)?, row.fingerprint);
        let first_at = row.first_at.into();
        match rows.entry(key) {
            Entry::Vacant(vacant) => drop(vacant.insert((row, first_at))),
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.1 = first_at.min(known.1);
            }
        }
    }
    Ok(rows)
}
