//! Phases, tracks, definitions and goals, and the functions that read names from rows. A name that
//! is not allowed is left out, because another program may have written it.

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
    store::{
        catalog::{Definition, Phase, PlanEntry},
        error::{StoreError, StoreErrorKind},
        facts::{PhaseName, TrackName, grammar},
        timestamp::Timestamp,
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

/// Returns all phases with their tracks, definitions and plans, in one snapshot.
pub(super) async fn phases(place: Place) -> Outcome<Vec<Phase>> {
    let mut tx = place.reading().await?;
    let mut phases = Vec::new();
    for row in statement::query(PHASES).fetch_all(&mut *tx).await? {
        let Some(name) = phase_name(&row, 0)? else {
            continue;
        };
        let id = row.try_get(3)?;
        let tracks = tracks(id, &mut tx).await?;
        let definitions = definitions(id, &mut tx).await?;
        phases.push(Phase {
            name,
            tracks: tracks.into_iter().map(|(_, name)| name).collect(),
            definitions: definitions.into_iter().map(|(_, known)| known).collect(),
            plans: plans(id, &mut tx).await?,
        });
    }
    tx.end();
    Ok(phases)
}

/// Returns all goals with a conversion or a lost conversion, sorted.
pub(super) async fn goals(place: Place) -> Outcome<Vec<Goal>> {
    let mut tx = place.reading().await?;
    let names = "SELECT name FROM goal \
        WHERE EXISTS (SELECT FROM conversion WHERE goal_id = goal.id) \
            OR id IN (SELECT goal_id FROM loss) ORDER BY name COLLATE \"C\"";
    let rows = statement::query(names).fetch_all(&mut *tx).await?;
    tx.end();
    valid(&rows, |row| goal(row, 0))
}

/// Returns the id of a phase that is known by its set and number, and its name as it is stored.
pub(super) async fn phase(name: &PhaseName, tx: &mut Tx) -> Outcome<Option<(i32, PhaseName)>> {
    let select = "SELECT set_name, phase, unit_kind, id FROM phase \
        WHERE set_name = $1 AND phase = $2";
    let query = statement::query(select)
        .bind(&*name.set)
        .bind(i64::from(name.phase));
    let Some(row) = query.fetch_optional(&mut **tx).await? else {
        return Ok(None);
    };
    Ok(Some(row.try_get(3)?).zip(phase_name(&row, 0)?))
}

/// Returns the tracks of a phase with their ids, control first.
pub(super) async fn tracks(phase: i32, tx: &mut Tx) -> Outcome<Vec<(i32, TrackName)>> {
    let rows = statement::query(TRACKS)
        .bind(phase)
        .fetch_all(&mut **tx)
        .await?;
    valid(&rows, |row| {
        Ok(Some(row.try_get(5)?).zip(track_name(row, 0)?))
    })
}

/// Returns the definitions of a phase with their ids, the earliest first.
pub(super) async fn definitions(phase: i32, tx: &mut Tx) -> Outcome<Vec<(i32, Definition)>> {
    let query = statement::query(DEFINITIONS).bind(phase);
    let rows = query.fetch_all(&mut **tx).await?;
    valid(&rows, |row| {
        let (fingerprint, first_at) = (fingerprint(row, 0)?, time(row, 2)?);
        let definition = json(row, 1)?.map(|json| Definition {
            fingerprint,
            json,
            first_at,
        });
        Ok(Some(row.try_get(3)?).zip(definition))
    })
}

/// Returns the plans of a phase, the earliest first.
async fn plans(phase: i32, tx: &mut Tx) -> Outcome<Vec<PlanEntry>> {
    let rows = statement::query(PLANS)
        .bind(phase)
        .fetch_all(&mut **tx)
        .await?;
    valid(&rows, |row| {
        let first_at = time(row, 0)?;
        Ok(json(row, 1)?.map(|json| PlanEntry { first_at, json }))
    })
}

/// Reads rows, and leaves out those that have no valid name.
pub(super) fn valid<T, C: FromIterator<T>>(
    rows: &[PgRow],
    read: impl Fn(&PgRow) -> Outcome<Option<T>>,
) -> Outcome<C> {
    rows.iter()
        .filter_map(|row| read(row).transpose())
        .collect()
}

/// Reads a phase from its set, number and kind; `None` where one of them is not allowed.
pub(super) fn phase_name(row: &PgRow, column: usize) -> Outcome<Option<PhaseName>> {
    let (set, kind) = (row.try_get(column)?, row.try_get(column + 2)?);
    Ok(PhaseName::checked(set, row.try_get(column + 1)?, kind))
}

/// Reads a track from those of its phase, its name and whether it is control.
pub(super) fn track_name(row: &PgRow, column: usize) -> Outcome<Option<TrackName>> {
    let (track, control) = (row.try_get(column + 3)?, row.try_get(column + 4)?);
    let phase = phase_name(row, column)?;
    Ok(phase.and_then(|phase| TrackName::checked(&phase, track, control)))
}

/// Reads the name of a goal.
pub(super) fn goal(row: &PgRow, column: usize) -> Outcome<Option<Goal>> {
    Ok(Goal::new(row.try_get(column)?).ok())
}

/// Reads a text that may be kept and shown; `None` for any other.
pub(super) fn text(row: &PgRow, column: usize) -> Outcome<Option<Arc<str>>> {
    Ok(grammar::text(row.try_get(column)?))
}

/// Reads a text that is JSON; `None` for any other.
pub(super) fn json(row: &PgRow, column: usize) -> Outcome<Option<Arc<str>>> {
    Ok(grammar::json(row.try_get(column)?))
}

/// Reads a time.
pub(super) fn time(row: &PgRow, column: usize) -> Outcome<Timestamp> {
    let moment: Moment = row.try_get(column)?;
    Ok(moment.time())
}

/// Reads the 32 bytes of a fingerprint.
pub(super) fn fingerprint(row: &PgRow, column: usize) -> Outcome<[u8; 32]> {
    let bytes: &[u8] = row.try_get(column)?;
    Ok(bytes.try_into().map_err(corrupt)?)
}

/// Returns the error of a value with a wrong form.
fn corrupt(source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    let message = "a value in PostgreSQL is not one that this crate wrote";
    StoreError::new(StoreErrorKind::Corrupt, message).caused_by(source)
}
