//! Phases, tracks, definitions and goals. A name that is not allowed is left out, because another
//! program may have written it.

use std::sync::Arc;

use sqlx::{Row, postgres::PgRow};

use super::{
    failure::Outcome,
    place::{Place, Tx},
    statement,
};
use crate::{
    event::Goal,
    store::{
        catalog::{Definition, Phase, PlanEntry},
        facts::{PhaseName, TrackName},
        sql::{Columns, Name, answers},
    },
};

/// Returns all phases with their tracks, definitions and plans, in one snapshot.
pub(super) async fn phases(place: Place) -> Outcome<Vec<Phase>> {
    let mut tx = place.reading().await?;
    let rows = statement::query(answers::PHASES)
        .fetch_all(&mut *tx)
        .await?;
    let named: Vec<_> = valid(&rows, with_id)?;
    let mut phases = Vec::with_capacity(named.len());
    for (id, name) in named {
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
    let rows = statement::query(answers::GOALS).fetch_all(&mut *tx).await?;
    tx.end();
    valid(&rows, |row| row.goal(0))
}

/// Returns the id of a phase that is known by its set and number, and its name as it is stored.
pub(super) async fn phase(name: &PhaseName, tx: &mut Tx) -> Outcome<Option<(i32, PhaseName)>> {
    let query = statement::query(answers::PHASE)
        .bind(&*name.set)
        .bind(i64::from(name.phase));
    let row = query.fetch_optional(&mut **tx).await?;
    row.as_ref().map_or(Ok(None), with_id)
}

/// Reads a phase and its id.
fn with_id(row: &PgRow) -> Outcome<Option<(i32, PhaseName)>> {
    Ok(Some(row.try_get(3)?).zip(row.phase(0)?))
}

/// Returns the tracks of a phase with their ids, control first.
pub(super) async fn tracks(phase: i32, tx: &mut Tx) -> Outcome<Vec<(i32, TrackName)>> {
    let query = statement::query(answers::TRACKS).bind(phase);
    let rows = query.fetch_all(&mut **tx).await?;
    valid(&rows, |row| Ok(Some(row.try_get(5)?).zip(row.track(0)?)))
}

/// Returns all segments with their ids.
pub(super) async fn segments(tx: &mut Tx) -> Outcome<Vec<(i32, Arc<str>)>> {
    let rows = statement::query(<Arc<str> as Name>::ALL)
        .fetch_all(&mut **tx)
        .await?;
    valid(&rows, |row| Ok(Some(row.try_get(0)?).zip(row.text(1)?)))
}

/// Returns the definitions of a phase with their ids, the earliest first.
pub(super) async fn definitions(phase: i32, tx: &mut Tx) -> Outcome<Vec<(i32, Definition)>> {
    let query = statement::query(answers::DEFINITIONS).bind(phase);
    let rows = query.fetch_all(&mut **tx).await?;
    valid(&rows, |row| {
        let definition = answers::definition(row, 0)?;
        Ok(Some(row.try_get(3)?).zip(definition))
    })
}

/// Returns the plans of a phase, the earliest first.
async fn plans(phase: i32, tx: &mut Tx) -> Outcome<Vec<PlanEntry>> {
    let query = statement::query(answers::PLANS).bind(phase);
    valid(&query.fetch_all(&mut **tx).await?, answers::plan)
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
