use std::collections::BTreeMap;

use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::{goal, phase_name, text, time, track_name},
    failure::Outcome,
    place::Tx,
    uuid::Uuid,
};
use crate::{
    event::Goal,
    record::{Batch, PhaseName, StoreError, StoreErrorKind, TrackName, WriterRow},
};

/// What rows refer to, by the ids of this database.
pub(super) struct Names {
    writers: BTreeMap<u32, WriterRow>,
    phases: BTreeMap<u32, PhaseName>,
    tracks: BTreeMap<u32, TrackName>,
    goals: BTreeMap<u32, Goal>,
}

const WRITERS: &str = "SELECT id, uuid, node, started_at FROM writer";
const PHASES: &str = "SELECT id, set_name, phase, unit_kind FROM phase";
const TRACKS: &str = "SELECT track.id, set_name, phase, unit_kind, name, control
    FROM track JOIN phase ON phase.id = phase_id";
const GOALS: &str = "SELECT id, name FROM goal";

impl Names {
    pub(super) async fn load(tx: &mut Tx) -> Outcome<Self> {
        Ok(Self {
            writers: by_id(WRITERS, tx, writer).await?,
            phases: by_id(PHASES, tx, |row| phase_name(row, 1)).await?,
            tracks: by_id(TRACKS, tx, |row| track_name(row, 1)).await?,
            goals: by_id(GOALS, tx, |row| goal(row, 1)).await?,
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
}

async fn by_id<T>(
    select: &'static str,
    tx: &mut Tx,
    read: impl Fn(&PgRow) -> Outcome<T>,
) -> Outcome<BTreeMap<u32, T>> {
    let rows = sqlx::query(select).fetch_all(&mut **tx).await?;
    let named = |row: &PgRow| Ok((id(row, 0)?, read(row)?));
    rows.iter().map(named).collect()
}

/// Reads an id, which has no sign.
pub(super) fn id(row: &PgRow, column: usize) -> Outcome<u32> {
    let id: i32 = row.try_get(column)?;
    Ok(id.unsigned_abs())
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
