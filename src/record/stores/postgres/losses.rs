use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::{goal, text, track_name},
    failure::Outcome,
    ids::Ids,
    place::{Place, Tx},
    statement,
    whole::{bigint, narrow},
};
use crate::record::{Batch, Loss};

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
pub(super) async fn add_losses(batch: &Batch, ids: &Ids, tx: &mut Tx) -> Outcome<()> {
    let rows = &batch.losses;
    if rows.is_empty() {
        return Ok(());
    }
    let writers = rows.iter().map(|row| ids.writer(row.writer));
    let tracks = rows.iter().map(|row| row.track);
    let tracks = tracks.map(|track| track.map(|index| ids.track(index)).transpose());
    let goals = rows.iter().map(|row| row.goal);
    let goals = goals.map(|goal| goal.map(|index| ids.goal(index)).transpose());
    let query = statement::query(ADD)
        .bind(writers.collect::<Outcome<Vec<i32>>>()?)
        .bind(tracks.collect::<Outcome<Vec<Option<i32>>>>()?)
        .bind(goals.collect::<Outcome<Vec<Option<i32>>>>()?)
        .bind(rows.iter().map(|row| &*row.sink).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| &*row.reason).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| bigint(row.n)).collect::<Vec<_>>());
    query.execute(&mut **tx).await?;
    Ok(())
}

pub(super) async fn losses(place: Place) -> Outcome<Vec<Loss>> {
    let mut tx = place.reading().await?;
    let rows = statement::query(LOSSES).fetch_all(&mut *tx).await?;
    tx.end();
    let losses: Outcome<Vec<Loss>> = rows.iter().map(loss).collect();
    let mut losses = losses?;
    losses.sort();
    Ok(losses)
}

fn loss(row: &PgRow) -> Outcome<Loss> {
    let has_track = row.try_get::<Option<&str>, _>(3)?.is_some();
    let has_goal = row.try_get::<Option<&str>, _>(5)?.is_some();
    Ok(Loss {
        sink: text(row, 6)?,
        reason: text(row, 7)?,
        track: has_track.then(|| track_name(row, 0)).transpose()?,
        goal: has_goal.then(|| goal(row, 5)).transpose()?,
        n: narrow(row, 8)?,
    })
}
