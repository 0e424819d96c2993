use std::collections::BTreeMap;

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
    DO UPDATE SET json = excluded.json, first_at = excluded.first_at
    WHERE excluded.first_at < known.first_at";

/// Adds definitions; of one that is known the earliest stays.
pub(super) async fn define(batch: &Batch, ids: &Ids, tx: &mut Tx) -> Outcome<()> {
    if batch.definitions.is_empty() {
        return Ok(());
    }
    let rows = merged(batch, ids)?;
    let phases: Vec<i32> = rows.keys().map(|(phase, _)| *phase).collect();
    let fingerprints: Vec<&[u8]> = rows.keys().map(|(_, print)| print.as_slice()).collect();
    let texts: Vec<&str> = rows.values().map(|row| &*row.json).collect();
    let times: Vec<Moment> = rows.values().map(|row| row.first_at.into()).collect();
    let query = sqlx::query(DEFINE).bind(phases).bind(fingerprints);
    query.bind(texts).bind(times).execute(&mut **tx).await?;
    Ok(())
}

/// Of several with one fingerprint the earliest.
fn merged<'b>(
    batch: &'b Batch,
    ids: &Ids,
) -> Outcome<BTreeMap<(i32, [u8; 32]), &'b DefinitionRow>> {
    let mut rows = BTreeMap::new();
    for row in &batch.definitions {
        let key = (ids.phase(row.phase)?, row.fingerprint);
        let known = rows.entry(key).or_insert(row);
        if row.first_at < known.first_at {
            *known = row;
        }
    }
    Ok(rows)
}
