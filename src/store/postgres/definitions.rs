//! Definitions with their JSON, and the log of plans.
//!
//! Each program that starts writes its definitions again. So the statement compares before it
//! locks, and usually changes nothing.

use std::collections::BTreeMap;

use super::{failure::Outcome, moment::Moment, place::Tx, statement};
use crate::store::{
    facts::{Batch, DefinitionRow},
    sql::Listed,
};

/// The rows are there, since the ids of all are asked for before. Compares before it locks: mostly all
/// is as it was.
const DEFINE: &str = "WITH earlier AS (
        SELECT asked.* FROM unnest($1, $2, $3, $4) AS asked (phase_id, fingerprint, json, first_at)
        JOIN definition AS known USING (phase_id, fingerprint)
        WHERE known.json IS NULL OR (asked.first_at, asked.json COLLATE \"C\")
            < (known.first_at, known.json::text COLLATE \"C\")
        ORDER BY phase_id, fingerprint FOR UPDATE OF known
    )
    UPDATE definition AS known SET json = earlier.json::json, first_at = earlier.first_at
    FROM earlier
    WHERE known.phase_id = earlier.phase_id AND known.fingerprint = earlier.fingerprint
        AND (known.json IS NULL OR (earlier.first_at, earlier.json COLLATE \"C\")
            < (known.first_at, known.json::text COLLATE \"C\"))";

const PLAN: &str = "INSERT INTO plan (phase_id, first_at, json)
    SELECT * FROM unnest($1, $2, $3) AS asked (phase_id, first_at, json)
    ORDER BY phase_id, first_at, json COLLATE \"C\" ON CONFLICT DO NOTHING";

/// Adds definitions; of one that is known the earliest stays.
pub(super) async fn define(batch: &Batch, ids: &Listed<i32>, tx: &mut Tx) -> Outcome<()> {
    if batch.definitions.is_empty() {
        return Ok(());
    }
    let rows = merged(batch, ids)?;
    let phases: Vec<i32> = rows.keys().map(|(phase, _)| *phase).collect();
    let fingerprints: Vec<&[u8]> = rows.keys().map(|(_, print)| print.as_slice()).collect();
    let texts: Vec<&str> = rows.values().map(|row| &*row.json).collect();
    let times: Vec<Moment> = rows.values().map(|row| row.first_at.into()).collect();
    let query = statement::query(DEFINE).bind(phases).bind(fingerprints);
    query.bind(texts).bind(times).execute(&mut **tx).await?;
    Ok(())
}

/// Adds the entries of the log of plans that are not there yet.
pub(super) async fn add_plans(batch: &Batch, ids: &Listed<i32>, tx: &mut Tx) -> Outcome<()> {
    if batch.plans.is_empty() {
        return Ok(());
    }
    let rows = batch.plans.iter();
    let phases = rows.clone().map(|row| ids.phase(row.phase));
    let phases = phases.collect::<Result<Vec<i32>, _>>()?;
    let times: Vec<Moment> = rows.clone().map(|row| row.first_at.into()).collect();
    let texts: Vec<&str> = rows.map(|row| &*row.json).collect();
    let query = statement::query(PLAN).bind(phases).bind(times).bind(texts);
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Of several with one fingerprint the earliest.
fn merged<'b>(
    batch: &'b Batch,
    ids: &Listed<i32>,
) -> Outcome<BTreeMap<(i32, [u8; 32]), &'b DefinitionRow>> {
    let mut rows = BTreeMap::new();
    for row in &batch.definitions {
        let key = (ids.phase(row.phase)?, row.fingerprint);
        // PostgreSQL updates a row once in a statement, with any of several that match, so the least of
        // each key is chosen before.
        let known = rows.entry(key).or_insert(row);
        if (row.first_at, &row.json) < (known.first_at, &known.json) {
            *known = row;
        }
    }
    Ok(rows)
}
