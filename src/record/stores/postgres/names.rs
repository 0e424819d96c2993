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
    record::{Batch, DefinitionName, PhaseName, StoreError, StoreErrorKind, TrackName, WriterRow},
};

/// What rows refer to, by the ids of this database.
pub(super) struct Names {
    writers: BTreeMap<u32, WriterRow>,
    phases: BTreeMap<u32, PhaseName>,
    tracks: BTreeMap<u32, TrackName>,
    goals: BTreeMap<u32, Goal>,
    definitions: BTreeMap<u32, DefinitionName>,
    segments: BTreeMap<u32, Arc<str>>,
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

    /// Lists all of them.
    pub(super) fn list(&self, batch: &mut Batch) {
        for writer in self.writers.values() {
            batch.writer(writer);
        }
        for phase in self.phases.values() {
            batch.phase(phase);
        }
        for track in self.tracks.values() {
            batch.track(track);
        }
        for goal in self.goals.values() {
            batch.goal(goal);
        }
        for definition in self.definitions.values() {
            batch.definition(definition);
        }
        for segment in self.segments.values() {
            batch.segment(segment);
        }
    }

    pub(super) fn writer(&self, id: u32, batch: &mut Batch) -> Result<u32, StoreError> {
        found(&self.writers, id).map(|writer| batch.writer(writer))
    }

    pub(super) fn phase(&self, id: u32, batch: &mut Batch) -> Result<u32, StoreError> {
        found(&self.phases, id).map(|phase| batch.phase(phase))
    }

    pub(super) fn track(&self, id: u32, batch: &mut Batch) -> Result<u32, StoreError> {
        found(&self.tracks, id).map(|track| batch.track(track))
    }

    pub(super) fn goal(&self, id: u32, batch: &mut Batch) -> Result<u32, StoreError> {
        found(&self.goals, id).map(|goal| batch.goal(goal))
    }

    pub(super) fn definition(&self, id: u32, batch: &mut Batch) -> Result<u32, StoreError> {
        found(&self.definitions, id).map(|definition| batch.definition(definition))
    }

    pub(super) fn segment(&self, id: u32, batch: &mut Batch) -> Result<u32, StoreError> {
        found(&self.segments, id).map(|segment| batch.segment(segment))
    }
}

async fn by_id<T>(
    select: &'static str,
    tx: &mut Tx,
    read: impl Fn(&PgRow) -> Outcome<T>,
) -> Outcome<BTreeMap<u32, T>> {
    let rows = statement::query(select).fetch_all(&mut **tx).await?;
    let named = |row: &PgRow| Ok((id(row, 0)?, read(row)?));
    rows.iter().map(named).collect()
}

fn definition(row: &PgRow) -> Outcome<DefinitionName> {
    Ok(DefinitionName {
        phase: phase_name(row, 1)?,
        fingerprint: fingerprint(row, 4)?,
    })
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

fn writer(row: &PgRow) -> Outcome<WriterRow> {
    let uuid: Uuid = row.try_get(1)?;
    Ok(WriterRow {
        uuid: uuid.0,
        node: text(row, 2)?,
        started_at: time(row, 3)?,
    })
}

fn found<T>(names: &BTreeMap<u32, T>, id: u32) -> Result<&T, StoreError> {
    names.get(&id).ok_or_else(|| {
        let message = format!("a row in PostgreSQL refers to the id {id}, which nothing has");
        StoreError::new(StoreErrorKind::Corrupt, message)
    })
}
