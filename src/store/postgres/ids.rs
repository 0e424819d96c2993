//! The ids of names in this database. A batch has names; tables have ids.
//!
//! Each statement finds known names and adds new ones. `ON CONFLICT DO NOTHING` does not return
//! rows that another transaction adds at the same time, so a statement is repeated until each name
//! has an id.
//!
//! Names are added in the order of their bytes, in every program, so that two that add the same
//! names wait for each other and do not deadlock. Ids are not kept between batches: after a
//! restored backup they may be others.

use sqlx::{Row, postgres::PgRow};

use super::{facts::Sql, failure::Outcome, moment::Moment, place::Tx, statement, uuid::Uuid};
use crate::store::{
    facts::{Batch, PhaseName},
    sql::Listed,
};

/// A statement that returns the ids of rows, and adds those that are not known in the order of their
/// key, so that two who add the same wait for each other and not crosswise. Of two with one key the
/// first in the list is added.
// All parts of a statement see one snapshot. What it adds is not in the table for it, so the ids of new
// rows come from `added`.
macro_rules! find_or_add {
    ($table:literal, columns: $columns:literal, arrays: $arrays:literal, key: $key:literal, order: $order:literal) => {
        concat!(
            "WITH asked AS (
                SELECT asked.*, known.id
                FROM unnest(",
            $arrays,
            ") WITH ORDINALITY AS asked (",
            $columns,
            ", n)
                LEFT JOIN ",
            $table,
            " AS known USING (",
            $key,
            ")
            ), added AS (
                INSERT INTO ",
            $table,
            " (",
            $columns,
            ")
                SELECT ",
            $columns,
            " FROM asked WHERE id IS NULL ORDER BY ",
            $order,
            ", n
                ON CONFLICT DO NOTHING RETURNING id, ",
            $key,
            "
            )
            SELECT coalesce(asked.id, added.id) FROM asked LEFT JOIN added USING (",
            $key,
            ")
            ORDER BY n"
        )
    };
}

const WRITERS: &str = find_or_add!(
    "writer",
    columns: "uuid, node, started_at",
    arrays: "$1::uuid[], $2::text[], $3::timestamptz[]",
    key: "uuid",
    order: "uuid"
);

const PHASES: &str = find_or_add!(
    "phase",
    columns: "set_name, phase, unit_kind",
    arrays: "$1::text[], $2::bigint[], $3::text[]",
    key: "set_name, phase",
    order: "set_name COLLATE \"C\", phase"
);

const TRACKS: &str = find_or_add!(
    "track",
    columns: "phase_id, name, control",
    arrays: "$1::integer[], $2::text[], $3::boolean[]",
    key: "phase_id, name",
    order: "phase_id, name COLLATE \"C\""
);

const GOALS: &str = find_or_add!(
    "goal",
    columns: "name",
    arrays: "$1::text[]",
    key: "name",
    order: "name COLLATE \"C\""
);

const DEFINITIONS: &str = find_or_add!(
    "definition",
    columns: "phase_id, fingerprint",
    arrays: "$1::integer[], $2::bytea[]",
    key: "phase_id, fingerprint",
    order: "phase_id, fingerprint"
);

const SEGMENTS: &str = find_or_add!(
    "segment",
    columns: "name",
    arrays: "$1::text[]",
    key: "name",
    order: "name COLLATE \"C\""
);

/// Returns the ids of what a batch lists; what is not known is added.
pub(super) async fn listed(batch: &Batch, tx: &mut Tx) -> Outcome<Listed<i32>> {
    let writers = writers(batch, tx).await?;
    let phases = phases(batch.phases(), tx).await?;
    let goals: Vec<&str> = batch.goals().iter().map(|goal| goal.as_str()).collect();
    let segments: Vec<&str> = batch.segments().iter().map(|name| &**name).collect();
    Ok(Listed {
        tracks: tracks(batch, &phases, tx).await?,
        goals: ids(GOALS, goals.len(), tx, |query| query.bind(&goals)).await?,
        definitions: definitions(batch, &phases, tx).await?,
        segments: ids(SEGMENTS, segments.len(), tx, |query| query.bind(&segments)).await?,
        writers,
        phases,
    })
}

/// Returns the ids of the writers.
async fn writers(batch: &Batch, tx: &mut Tx) -> Outcome<Vec<i32>> {
    let writers = batch.writers();
    let uuids: Vec<Uuid> = writers.iter().map(|writer| Uuid(writer.uuid)).collect();
    let nodes: Vec<&str> = writers.iter().map(|writer| &*writer.node).collect();
    let times = writers.iter().map(|writer| writer.started_at.into());
    let times: Vec<Moment> = times.collect();
    ids(WRITERS, writers.len(), tx, |query| {
        query.bind(&uuids).bind(&nodes).bind(&times)
    })
    .await
}

/// Returns the ids of phases; those that are not known are added.
pub(super) async fn phases(phases: &[PhaseName], tx: &mut Tx) -> Outcome<Vec<i32>> {
    let sets: Vec<&str> = phases.iter().map(|phase| &*phase.set).collect();
    let numbers: Vec<i64> = phases.iter().map(|phase| phase.phase.into()).collect();
    let kinds: Vec<&str> = phases.iter().map(|phase| &*phase.kind).collect();
    ids(PHASES, phases.len(), tx, |query| {
        query.bind(&sets).bind(&numbers).bind(&kinds)
    })
    .await
}

/// Returns the ids of the tracks, with those of their phases.
async fn tracks(batch: &Batch, phases: &[i32], tx: &mut Tx) -> Outcome<Vec<(i32, i32)>> {
    let tracks = batch.tracks();
    let track_phases = tracks
        .iter()
        .filter_map(|track| phase_id(batch, phases, &track.phase));
    let track_phases: Vec<i32> = track_phases.collect();
    let names: Vec<&str> = tracks.iter().map(|track| &*track.track).collect();
    let controls: Vec<bool> = tracks.iter().map(|track| track.control).collect();
    let ids = ids(TRACKS, tracks.len(), tx, |query| {
        query.bind(&track_phases).bind(&names).bind(&controls)
    })
    .await?;
    Ok(track_phases.into_iter().zip(ids).collect())
}

/// Returns the ids of the definitions that a batch lists. What is not known is added without its JSON,
/// also those whose JSON is a row of the batch, so that all new rows come in one order.
async fn definitions(batch: &Batch, phases: &[i32], tx: &mut Tx) -> Outcome<Vec<i32>> {
    let names = batch.definition_names().iter();
    let named = names.filter_map(|name| {
        let phase = phase_id(batch, phases, &name.phase)?;
        Some((phase, name.fingerprint.as_slice()))
    });
    let rows = batch.definitions.iter().filter_map(|row| {
        let phase = phases.get(row.phase as usize)?;
        Some((*phase, row.fingerprint.as_slice()))
    });
    let (phases, prints): (Vec<i32>, Vec<&[u8]>) = named.chain(rows).unzip();
    ids(DEFINITIONS, phases.len(), tx, |query| {
        query.bind(&phases).bind(&prints)
    })
    .await
}

/// Returns the id of a phase that the batch lists.
fn phase_id(batch: &Batch, phases: &[i32], name: &PhaseName) -> Option<i32> {
    let mut listed = batch.phases().iter().zip(phases);
    let phase = listed.find(|(phase, _)| *phase == name);
    phase.map(|(_, id)| *id)
}

/// Queries until each has an id: rows that another transaction added meanwhile are seen by the next query.
async fn ids<'q>(
    select: &'static str,
    count: usize,
    tx: &mut Tx,
    bind: impl Fn(Sql<'q>) -> Sql<'q>,
) -> Outcome<Vec<i32>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    loop {
        let query = bind(statement::query(select));
        let rows = query.fetch_all(&mut **tx).await?;
        let id = |row: &PgRow| row.try_get(0);
        let ids: Result<Vec<Option<i32>>, _> = rows.iter().map(id).collect();
        if let Some(ids) = ids?.into_iter().collect() {
            return Ok(ids);
        }
    }
}
