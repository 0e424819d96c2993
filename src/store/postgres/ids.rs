//! The ids of names in this database. A batch has names; tables have ids.
//!
//! Each statement finds known names and adds new ones. `ON CONFLICT DO NOTHING` does not return
//! rows that another transaction adds at the same time, so a statement is repeated until each name
//! has an id.
//!
//! Names are added in the order of their bytes, in every program, so that two that add the same
//! names wait for each other and do not deadlock. Ids are not kept between batches: after a
//! restored backup they may be others.

use sqlx::{
    Postgres,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use super::{
    definition_ids::{definitions, segments},
    failure::Outcome,
    moment::Moment,
    place::Tx,
    statement,
    uuid::Uuid,
};
use crate::store::{
    error::{StoreError, StoreErrorKind},
    facts::{Batch, PhaseName},
};

/// The ids in this database of what a batch lists, by its indices.
///
/// They are asked for in each transaction: what was remembered could be wrong after a backup was
/// restored.
pub(super) struct Ids {
    writers: Vec<i32>,
    phases: Vec<i32>,
    tracks: Vec<i32>,
    /// The phases of the tracks.
    track_phases: Vec<i32>,
    goals: Vec<i32>,
    definitions: Vec<i32>,
    segments: Vec<i32>,
}

// Each adds what is not known in the order of its key, so that two who add the same wait for each
// other and not crosswise. Of two with one key the first in the list is added.

const WRITERS: &str = "WITH asked AS (
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
            WITH ORDINALITY AS asked (uuid, node, started_at, n)
    ), added AS (
        INSERT INTO writer (uuid, node, started_at)
        SELECT uuid, node, started_at FROM asked
        WHERE NOT EXISTS (SELECT FROM writer WHERE writer.uuid = asked.uuid) ORDER BY uuid, n
        ON CONFLICT DO NOTHING RETURNING id, uuid
    )
    SELECT coalesce(writer.id, added.id) FROM asked
    LEFT JOIN writer USING (uuid) LEFT JOIN added USING (uuid) ORDER BY n";

const PHASES: &str = "WITH asked AS (
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
            WITH ORDINALITY AS asked (set_name, phase, unit_kind, n)
    ), added AS (
        INSERT INTO phase (set_name, phase, unit_kind)
        SELECT set_name, phase, unit_kind FROM asked
        WHERE NOT EXISTS (
            SELECT FROM phase
            WHERE phase.set_name = asked.set_name AND phase.phase = asked.phase)
        ORDER BY set_name COLLATE \"C\", phase, n
        ON CONFLICT DO NOTHING RETURNING id, set_name, phase
    )
    SELECT coalesce(phase.id, added.id) FROM asked
    LEFT JOIN phase ON phase.set_name = asked.set_name AND phase.phase = asked.phase
    LEFT JOIN added ON added.set_name = asked.set_name AND added.phase = asked.phase ORDER BY n";

const TRACKS: &str = "WITH asked AS (
        SELECT * FROM unnest($1::integer[], $2::text[], $3::boolean[])
            WITH ORDINALITY AS asked (phase_id, name, control, n)
    ), added AS (
        INSERT INTO track (phase_id, name, control)
        SELECT phase_id, name, control FROM asked
        WHERE NOT EXISTS (
            SELECT FROM track
            WHERE track.phase_id = asked.phase_id AND track.name = asked.name)
        ORDER BY phase_id, name COLLATE \"C\", n
        ON CONFLICT DO NOTHING RETURNING id, phase_id, name
    )
    SELECT coalesce(track.id, added.id) FROM asked
    LEFT JOIN track ON track.phase_id = asked.phase_id AND track.name = asked.name
    LEFT JOIN added ON added.phase_id = asked.phase_id AND added.name = asked.name ORDER BY n";

const GOALS: &str = "WITH asked AS (
        SELECT * FROM unnest($1::text[]) WITH ORDINALITY AS asked (name, n)
    ), added AS (
        INSERT INTO goal (name) SELECT name FROM asked
        WHERE NOT EXISTS (SELECT FROM goal WHERE goal.name = asked.name)
        ORDER BY name COLLATE \"C\"
        ON CONFLICT DO NOTHING RETURNING id, name
    )
    SELECT coalesce(goal.id, added.id) FROM asked
    LEFT JOIN goal ON goal.name = asked.name LEFT JOIN added ON added.name = asked.name
    ORDER BY n";

impl Ids {
    /// Returns the ids of what a batch lists; what is not known is added.
    pub(super) async fn of(batch: &Batch, tx: &mut Tx) -> Outcome<Self> {
        let writers = writers(batch, tx).await?;
        let phases = phases(batch.phases(), tx).await?;
        let (tracks, track_phases) = tracks(batch, &phases, tx).await?;
        let names: Vec<&str> = batch.goals().iter().map(|goal| goal.as_str()).collect();
        let goals = ids(names.len(), tx, || statement::query(GOALS).bind(&names)).await?;
        Ok(Self {
            definitions: definitions(batch, &phases, tx).await?,
            segments: segments(batch, tx).await?,
            writers,
            phases,
            tracks,
            track_phases,
            goals,
        })
    }

    /// Returns the id of a listed writer. The functions that follow do the same for other names.
    pub(super) fn writer(&self, index: u32) -> Outcome<i32> {
        id(&self.writers, index)
    }

    pub(super) fn phase(&self, index: u32) -> Outcome<i32> {
        id(&self.phases, index)
    }

    pub(super) fn track(&self, index: u32) -> Outcome<i32> {
        id(&self.tracks, index)
    }

    pub(super) fn track_phase(&self, index: u32) -> Outcome<i32> {
        id(&self.track_phases, index)
    }

    pub(super) fn goal(&self, index: u32) -> Outcome<i32> {
        id(&self.goals, index)
    }

    pub(super) fn definition(&self, index: u32) -> Outcome<i32> {
        id(&self.definitions, index)
    }

    pub(super) fn segment(&self, index: u32) -> Outcome<i32> {
        id(&self.segments, index)
    }
}

/// Returns the id at an index, or an error if the batch does not list it.
fn id(ids: &[i32], index: u32) -> Outcome<i32> {
    let id = ids.get(index as usize).copied();
    let message = "a row of a batch refers to what the batch does not list";
    Ok(id.ok_or_else(|| StoreError::new(StoreErrorKind::Refused, message))?)
}

/// Returns the ids of the writers.
async fn writers(batch: &Batch, tx: &mut Tx) -> Outcome<Vec<i32>> {
    let writers = batch.writers();
    let uuids: Vec<Uuid> = writers.iter().map(|writer| Uuid(writer.uuid)).collect();
    let nodes: Vec<&str> = writers.iter().map(|writer| &*writer.node).collect();
    let times = writers.iter().map(|writer| writer.started_at.into());
    let times: Vec<Moment> = times.collect();
    let query = || {
        statement::query(WRITERS)
            .bind(&uuids)
            .bind(&nodes)
            .bind(&times)
    };
    ids(writers.len(), tx, query).await
}

/// Returns the ids of phases; those that are not known are added.
pub(super) async fn phases(phases: &[PhaseName], tx: &mut Tx) -> Outcome<Vec<i32>> {
    let sets: Vec<&str> = phases.iter().map(|phase| &*phase.set).collect();
    let numbers: Vec<i64> = phases.iter().map(|phase| phase.phase.into()).collect();
    let kinds: Vec<&str> = phases.iter().map(|phase| &*phase.kind).collect();
    let query = || {
        statement::query(PHASES)
            .bind(&sets)
            .bind(&numbers)
            .bind(&kinds)
    };
    ids(phases.len(), tx, query).await
}

/// Returns the ids of the tracks, and those of their phases.
async fn tracks(batch: &Batch, phases: &[i32], tx: &mut Tx) -> Outcome<(Vec<i32>, Vec<i32>)> {
    let tracks = batch.tracks();
    let mut track_phases = Vec::with_capacity(tracks.len());
    for track in tracks {
        track_phases.extend(phase_id(batch, phases, &track.phase));
    }
    let names: Vec<&str> = tracks.iter().map(|track| &*track.track).collect();
    let controls: Vec<bool> = tracks.iter().map(|track| track.control).collect();
    let query = || {
        statement::query(TRACKS)
            .bind(&track_phases)
            .bind(&names)
            .bind(&controls)
    };
    let ids = ids(tracks.len(), tx, query).await?;
    Ok((ids, track_phases))
}

/// Returns the id of a phase that the batch lists.
pub(super) fn phase_id(batch: &Batch, phases: &[i32], name: &PhaseName) -> Option<i32> {
    let mut listed = batch.phases().iter().zip(phases);
    let phase = listed.find(|(phase, _)| *phase == name);
    phase.map(|(_, id)| *id)
}

/// Queries until each has an id: rows that another transaction added meanwhile are seen by the next query.
pub(super) async fn ids<'q>(
    count: usize,
    tx: &mut Tx,
    query: impl Fn() -> Query<'q, Postgres, PgArguments>,
) -> Outcome<Vec<i32>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    loop {
        let rows = query().fetch_all(&mut **tx).await?;
        let id = |row: &PgRow| sqlx::Row::try_get(row, 0);
        let ids: Result<Vec<Option<i32>>, _> = rows.iter().map(id).collect();
        if let Some(ids) = ids?.into_iter().collect() {
            return Ok(ids);
        }
    }
}
