//! Losses: counts of one writer, of which the larger one is the later.
//!
//! A loss names a track, a goal or neither. The unique index has 0 for what is missing, because
//! `NULL` is never equal to `NULL`.

use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::valid,
    columns::{bigint, narrow},
    failure::Outcome,
    place::{Place, Tx},
    statement,
};
use crate::store::{
    catalog::Loss,
    facts::Batch,
    sql::{Columns, Listed},
};

const ADD: &str = "INSERT INTO loss AS known (writer_id, track_id, goal_id, sink, reason, n)
    SELECT writer_id, track_id, goal_id, sink, reason, max(n)
    FROM unnest($1, $2, $3, $4, $5, $6) AS asked (writer_id, track_id, goal_id, sink, reason, n)
    GROUP BY writer_id, track_id, goal_id, sink, reason
    ORDER BY writer_id, track_id, goal_id, sink COLLATE \"C\", reason COLLATE \"C\"
    ON CONFLICT (writer_id, coalesce(track_id, 0), coalesce(goal_id, 0), sink, reason)
    DO UPDATE SET n = greatest(known.n, excluded.n)";

const LOSSES: &str = "SELECT phase.set_name, phase.phase, phase.unit_kind, track.name,
        track.control, goal.name, sink, reason, sum(n)::text
    FROM loss
    LEFT JOIN track ON track.id = track_id
    LEFT JOIN phase ON phase.id = track.phase_id
    LEFT JOIN goal ON goal.id = goal_id
    GROUP BY phase.id, track.id, goal.id, sink, reason";

/// Adds losses; of those that are known the larger number stays.
pub(super) async fn add_losses(batch: &Batch, ids: &Listed<i32>, tx: &mut Tx) -> Outcome<()> {
    let rows = &batch.losses;
    if rows.is_empty() {
        return Ok(());
    }
    let writers = rows.iter().map(|row| ids.writer(row.writer));
    let track = |index| ids.track(index).map(|(_, track)| track);
    let tracks = rows.iter().map(|row| row.track.map(track).transpose());
    let goals = rows
        .iter()
        .map(|row| row.goal.map(|goal| ids.goal(goal)).transpose());
    let query = statement::query(ADD)
        .bind(writers.collect::<Result<Vec<i32>, _>>()?)
        .bind(tracks.collect::<Result<Vec<Option<i32>>, _>>()?)
        .bind(goals.collect::<Result<Vec<Option<i32>>, _>>()?)
        .bind(rows.iter().map(|row| &*row.sink).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| &*row.reason).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| bigint(row.n)).collect::<Vec<_>>());
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Returns the losses over all writers. They are sorted here, because the order of texts in a
/// database depends on its locale.
pub(super) async fn losses(place: Place) -> Outcome<Vec<Loss>> {
    let mut tx = place.reading().await?;
    let rows = statement::query(LOSSES).fetch_all(&mut *tx).await?;
    tx.end();
    let mut losses: Vec<Loss> = valid(&rows, loss)?;
    losses.sort();
    Ok(losses)
}

/// Reads a loss; `None` if one of its names is not allowed.
fn loss(row: &PgRow) -> Outcome<Option<Loss>> {
    let track = optional(row, 3, || row.track(0))?;
    let goal = optional(row, 5, || row.goal(5))?;
    let texts = row.text(6)?.zip(row.text(7)?);
    let n = narrow(row, 8)?;
    let parts = track.zip(goal).zip(texts);
    Ok(parts.map(|((track, goal), (sink, reason))| Loss {
        sink,
        reason,
        track,
        goal,
        n,
    }))
}

/// Reads what a row may refer to; `None` where its name is there and not allowed.
fn optional<T>(
    row: &PgRow,
    name: usize,
    read: impl FnOnce() -> Outcome<Option<T>>,
) -> Outcome<Option<Option<T>>> {
    match row.try_get::<Option<&str>, _>(name)? {
        None => Ok(Some(None)),
        Some(_) => Ok(read()?.map(Some)),
    }
}
