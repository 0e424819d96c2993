//! The ids of definitions and segments.
//!
//! They are in their own file, because an exposure may name a definition before its JSON is known.

use super::{
    failure::Outcome,
    ids::{ids, phase_id},
    place::Tx,
    statement,
};
use crate::store::facts::Batch;

// As those of `ids.rs`: what is not known is added in the order of its key.

const DEFINITIONS: &str = "WITH asked AS (
        SELECT * FROM unnest($1::integer[], $2::bytea[])
            WITH ORDINALITY AS asked (phase_id, fingerprint, n)
    ), added AS (
        INSERT INTO definition (phase_id, fingerprint)
        SELECT phase_id, fingerprint FROM asked
        WHERE NOT EXISTS (
            SELECT FROM definition
            WHERE definition.phase_id = asked.phase_id
                AND definition.fingerprint = asked.fingerprint)
        ORDER BY phase_id, fingerprint
        ON CONFLICT DO NOTHING RETURNING id, phase_id, fingerprint
    )
    SELECT coalesce(definition.id, added.id) FROM asked
    LEFT JOIN definition USING (phase_id, fingerprint)
    LEFT JOIN added USING (phase_id, fingerprint) ORDER BY n";

const SEGMENTS: &str = "WITH asked AS (
        SELECT * FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, n)
    ), added AS (
        INSERT INTO segment (name) SELECT name FROM asked
        WHERE NOT EXISTS (SELECT FROM segment WHERE segment.name = asked.name)
        ORDER BY name COLLATE \"C\"
        ON CONFLICT DO NOTHING RETURNING id, name
    )
    SELECT coalesce(segment.id, added.id) FROM asked
    LEFT JOIN segment ON segment.name = asked.name LEFT JOIN added ON added.name = asked.name
    ORDER BY n";

/// Returns the ids of the definitions that a batch lists. What is not known is added without its JSON,
/// also those whose JSON is a row of the batch, so that all new rows come in one order.
pub(super) async fn definitions(batch: &Batch, phases: &[i32], tx: &mut Tx) -> Outcome<Vec<i32>> {
    let names = batch.definition_names().iter();
    let mut keys: Vec<(i32, &[u8])> = Vec::new();
    for name in names {
        let phase = phase_id(batch, phases, &name.phase);
        keys.extend(phase.map(|phase| (phase, name.fingerprint.as_slice())));
    }
    let rows = batch.definitions.iter();
    keys.extend(rows.filter_map(|row| {
        let phase = phases.get(row.phase as usize)?;
        Some((*phase, row.fingerprint.as_slice()))
    }));
    let (phases, prints): (Vec<i32>, Vec<&[u8]>) = keys.into_iter().unzip();
    let query = || statement::query(DEFINITIONS).bind(&phases).bind(&prints);
    ids(phases.len(), tx, query).await
}

/// Returns the ids of the segments that a batch lists; those that are not known are added.
pub(super) async fn segments(batch: &Batch, tx: &mut Tx) -> Outcome<Vec<i32>> {
    let names: Vec<&str> = batch.segments().iter().map(|name| &**name).collect();
    ids(names.len(), tx, || statement::query(SEGMENTS).bind(&names)).await
}
