use std::sync::Arc;

use sqlx::{Row, postgres::PgRow};

use super::{
    failure::Outcome,
    moment::Moment,
    place::{Place, Tx},
    statement,
};
use crate::{
    event::Goal,
    record::{
        Definition, Phase, PhaseName, PlanEntry, StoreError, StoreErrorKind, Timestamp, TrackName,
    },
};

const PHASES: &str = "SELECT set_name, phase, unit_kind, id FROM phase ORDER BY set_name, phase";

const TRACKS: &str = "SELECT set_name, phase, unit_kind, track.name, control, track.id
    FROM track JOIN phase ON phase.id = phase_id
    WHERE phase_id = $1 ORDER BY NOT control, track.name";

/// Without those of which no more than the fingerprint is known.
const DEFINITIONS: &str = "SELECT fingerprint, json::text, first_at, id
    FROM definition WHERE phase_id = $1 AND json IS NOT NULL ORDER BY first_at, fingerprint";
const PLANS: &str = "SELECT first_at, json FROM plan WHERE phase_id = $1 ORDER BY first_at, json";

pub(super) async fn phases(place: Place) -> Outcome<Vec<Phase>> {
    let mut tx = place.reading().await?;
    let mut phases = Vec::new();
    for row in statement::query(PHASES).fetch_all(&mut *tx).await? {
        let id = row.try_get(3)?;
        let tracks = tracks(id, &mut tx).await?;
        let definitions = definitions(id, &mut tx).await?;
        phases.push(Phase {
            name: phase_name(&row, 0)?,
            tracks: tracks.into_iter().map(|(_, name)| name).collect(),
            definitions: definitions.into_iter().map(|(_, known)| known).collect(),
            plans: plans(id, &mut tx).await?,
        });
    }
    tx.end();
    Ok(phases)
}

/// Returns all goals, sorted.
pub(super) async fn goals(place: Place) -> Outcome<Vec<Goal>> {
    let mut tx = place.reading().await?;
    let names = "SELECT name FROM goal ORDER BY name COLLATE \"C\"";
    let rows = statement::query(names).fetch_all(&mut *tx).await?;
    tx.end();
    rows.iter().map(|row| goal(row, 0)).collect()
}

/// Returns the id and the kind of a phase.
pub(super) async fn phase(name: &PhaseName, tx: &mut Tx) -> Outcome<Option<(i32, Arc<str>)>> {
    let select = "SELECT id, unit_kind FROM phase WHERE set_name = $1 AND phase = $2";
    let query = statement::query(select)
        .bind(&*name.set)
        .bind(i64::from(name.phase));
    let row = query.fetch_optional(&mut **tx).await?;
    let phase = row.map(|row| Ok((row.try_get(0)?, text(&row, 1)?)));
    phase.transpose()
}

/// Returns the tracks of a phase with their ids, control first.
pub(super) async fn tracks(phase: i32, tx: &mut Tx) -> Outcome<Vec<(i32, TrackName)>> {
    let rows = statement::query(TRACKS)
        .bind(phase)
        .fetch_all(&mut **tx)
        .await?;
    let track = |row: &PgRow| Ok((row.try_get(5)?, track_name(row, 0)?));
    rows.iter().map(track).collect()
}

/// Returns the definitions of a phase with their ids, the earliest first.
pub(super) async fn definitions(phase: i32, tx: &mut Tx) -> Outcome<Vec<(i32, Definition)>> {
    let query = statement::query(DEFINITIONS).bind(phase);
    let rows = query.fetch_all(&mut **tx).await?;
    let definition = |row: &PgRow| {
        let definition = Definition {
            fingerprint: fingerprint(row, 0)?,
            json: text(row, 1)?,
            first_at: time(row, 2)?,
        };
        Ok((row.try_get(3)?, definition))
    };
    rows.iter().map(definition).collect()
}

async fn plans(phase: i32, tx: &mut Tx) -> Outcome<Vec<PlanEntry>> {
    let rows = statement::query(PLANS)
        .bind(phase)
        .fetch_all(&mut **tx)
        .await?;
    let plan = |row: &PgRow| {
        Ok(PlanEntry {
            first_at: time(row, 0)?,
            json: text(row, 1)?,
        })
    };
    rows.iter().map(plan).collect()
}

/// Reads a phase from its set, number and kind.
pub(super) fn phase_name(row: &PgRow, column: usize) -> Outcome<PhaseName> {
    let phase: i64 = row.try_get(column + 1)?;
    Ok(PhaseName {
        set: text(row, column)?,
        phase: u32::try_from(phase).map_err(corrupt)?,
        kind: text(row, column + 2)?,
    })
}

/// Reads a track from those of its phase, its name and whether it is control.
pub(super) fn track_name(row: &PgRow, column: usize) -> Outcome<TrackName> {
    Ok(TrackName {
        phase: phase_name(row, column)?,
        track: text(row, column + 3)?,
        control: row.try_get(column + 4)?,
    })
}

pub(super) fn goal(row: &PgRow, column: usize) -> Outcome<Goal> {
    Ok(Goal::new(row.try_get(column)?).map_err(corrupt)?)
}

pub(super) fn text(row: &PgRow, column: usize) -> Outcome<Arc<str>> {
    let text: &str = row.try_get(column)?;
    Ok(text.into())
}

pub(super) fn time(row: &PgRow, column: usize) -> Outcome<Timestamp> {
    let moment: Moment = row.try_get(column)?;
    Ok(moment.time())
}

pub(super) fn fingerprint(row: &PgRow, column: usize) -> Outcome<[u8; 32]> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(bytes.try_into().map_err(corrupt)?)
}

fn corrupt(source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    let message = "a value in PostgreSQL is not one that this crate wrote";
    StoreError::new(StoreErrorKind::Corrupt, message).caused_by(source)
}
