//! Names by id, for a dump: the reverse of the ids of a write.

use std::{collections::BTreeMap, sync::Arc};

use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::{fingerprint, goal, phase_name, text, time, track_name},
    failure::Outcome,
    place::Tx,
    statement,
    uuid::Uuid,
};
use crate::{
    event::Goal,
    store::{
        error::{StoreError, StoreErrorKind},
        facts::{Batch, DefinitionName, PhaseName, TrackName, WriterRow},
    },
};

/// Items by their ids in this database; `None` if the name is invalid: rows that refer to it are left out.
type Named<T> = BTreeMap<u32, Option<T>>;

/// The index in a batch of what a row refers to; `None` where that has no valid name.
type Found = Result<Option<u32>, StoreError>;

/// What rows refer to, by the ids of this database.
pub(super) struct Names {
    writers: Named<WriterRow>,
    phases: Named<PhaseName>,
    tracks: Named<TrackName>,
    goals: Named<Goal>,
    definitions: Named<DefinitionName>,
    segments: Named<Arc<str>>,
}

const WRITERS: &str = "SELECT id, uuid, node, started_at FROM writer";
const PHASES: &str = "SELECT id, set_name, phase, unit_kind FROM phase";
const TRACKS: &str = "SELECT track.id, set_name, phase, unit_kind, name, control
    FROM track JOIN phase ON phase.id = phase_id";
const GOALS: &str = "SELECT id, name FROM goal";
const DEFINITIONS: &str = "SELECT definition.id, set_name, phase, unit_kind, fingerprint
    FROM definition JOIN phase ON phase.id = phase_id";
const SEGMENTS: &str = "SELECT id, name FROM segment";

impl Names {
    /// Reads all names of the database. There are few: their number does not grow with the traffic.
    pub(super) async fn load(tx: &mut Tx) -> Outcome<Self> {
        Ok(Self {
            writers: by_id(WRITERS, tx, writer).await?,
            phases: by_id(PHASES, tx, |row| phase_name(row, 1)).await?,
            tracks: by_id(TRACKS, tx, |row| track_name(row, 1)).await?,
            goals: by_id(GOALS, tx, |row| goal(row, 1)).await?,
            definitions: by_id(DEFINITIONS, tx, definition).await?,
            segments: by_id(SEGMENTS, tx, |row| text(row, 1)).await?,
        })
    }

    /// Lists all names in a batch.
    pub(super) fn list(&self, batch: &mut Batch) {
        for writer in self.writers.values().flatten() {
            batch.writer(writer);
        }
        for phase in self.phases.values().flatten() {
            batch.phase(phase);
        }
        for track in self.tracks.values().flatten() {
            batch.track(track);
        }
        for goal in self.goals.values().flatten() {
            batch.goal(goal);
        }
        for definition in self.definitions.values().flatten() {
            batch.definition(definition);
        }
        for segment in self.segments.values().flatten() {
            batch.segment(segment);
        }
    }

    pub(super) fn writer(&self, id: u32, batch: &mut Batch) -> Found {
        Ok(found(&self.writers, id)?.map(|writer| batch.writer(writer)))
    }

    pub(super) fn phase(&self, id: u32, batch: &mut Batch) -> Found {
        Ok(found(&self.phases, id)?.map(|phase| batch.phase(phase)))
    }

    pub(super) fn track(&self, id: u32, batch: &mut Batch) -> Found {
        Ok(found(&self.tracks, id)?.map(|track| batch.track(track)))
    }

    pub(super) fn goal(&self, id: u32, batch: &mut Batch) -> Found {
        Ok(found(&self.goals, id)?.map(|goal| batch.goal(goal)))
    }

    pub(super) fn definition(&self, id: u32, batch: &mut Batch) -> Found {
        Ok(found(&self.definitions, id)?.map(|definition| batch.definition(definition)))
    }

    pub(super) fn segment(&self, id: u32, batch: &mut Batch) -> Found {
        Ok(found(&self.segments, id)?.map(|segment| batch.segment(segment)))
    }
}

/// Reads the names of one table.
async fn by_id<T>(
    select: &'static str,
    tx: &mut Tx,
    read: impl Fn(&PgRow) -> Outcome<Option<T>>,
) -> Outcome<Named<T>> {
    let rows = statement::query(select).fetch_all(&mut **tx).await?;
    let named = |row: &PgRow| Ok((id(row, 0)?, read(row)?));
    rows.iter().map(named).collect()
}

fn definition(row: &PgRow) -> Outcome<Option<DefinitionName>> {
    let fingerprint = fingerprint(row, 4)?;
    Ok(phase_name(row, 1)?.map(|phase| DefinitionName { phase, fingerprint }))
}

/// Reads an id, which has no sign.
pub(super) fn id(row: &PgRow, column: usize) -> Outcome<u32> {
    let id: i32 = row.try_get(column)?;
    Ok(id.unsigned_abs())
}

/// Reads an id that may be missing.
pub(super) fn optional_id(row: &PgRow, column: usize) -> Outcome<Option<u32>> {
    let id: Option<i32> = row.try_get(column)?;
    Ok(id.map(i32::unsigned_abs))
}

/// One whose node is not allowed stays without it, and its facts with it.
fn writer(row: &PgRow) -> Outcome<Option<WriterRow>> {
    let uuid: Uuid = row.try_get(1)?;
    Ok(Some(WriterRow {
        uuid: uuid.0,
        node: text(row, 2)?.unwrap_or_default(),
        started_at: time(row, 3)?,
    }))
}

/// Returns what an id is of, if that has a valid name.
fn found<T>(names: &Named<T>, id: u32) -> Result<Option<&T>, StoreError> {
    let found = names.get(&id).ok_or_else(|| {
        let message = format!("a row in PostgreSQL refers to the id {id}, which nothing has");
        StoreError::new(StoreErrorKind::Corrupt, message)
    })?;
    Ok(found.as_ref())
}

/// Returns `None` where there is an id, and what it is of has no valid name.
pub(super) fn optional(
    id: Option<u32>,
    find: impl FnOnce(u32) -> Found,
) -> Result<Option<Option<u32>>, StoreError> {
    match id {
        None => Ok(Some(None)),
        Some(id) => Ok(find(id)?.map(Some)),
    }
}
