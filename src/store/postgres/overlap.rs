//! Counts by day, and units in several phases or tracks. They are counted in the database.
//!
//! A time that the type cannot hold is `-infinity`, which has no day and no difference; such rows
//! are left out.

use std::time::Duration;

use sqlx::Row;

use crate::store::{
    catalog::{ConversionsByDay, Overlap},
    facts::PhaseName,
    sql::{Columns, answers::USERS_IN_SEVERAL_TRACKS},
    timestamp::Timestamp,
};

use super::{
    catalog::{phase, valid},
    failure::Outcome,
    moment::Moment,
    place::Place,
    statement,
};

const BY_DAY: &str = "SELECT goal.name, day, n FROM (
        SELECT goal_id, floor(extract(epoch FROM at) / 86400)::integer AS day, count(*) AS n
        FROM conversion WHERE at < $1 AND isfinite(at) GROUP BY goal_id, day
    ) AS counted JOIN goal ON goal.id = goal_id";

/// An interval has no room for times that are too far apart, and older servers do not say so.
const OF_PREVIOUS: &str = "SELECT count(*) FROM (
        SELECT unit, min(first_at) AS at FROM exposure
        WHERE phase_id = $1 AND first_at < $4 AND isfinite(first_at) GROUP BY unit
    ) AS now JOIN (
        SELECT unit, min(first_at) AS at FROM exposure
        WHERE phase_id = $2 AND first_at < $4 AND isfinite(first_at) GROUP BY unit
    ) AS previous USING (unit)
    WHERE CASE
        WHEN abs(extract(epoch FROM now.at) - extract(epoch FROM previous.at)) < 9e12
        THEN extract(epoch FROM now.at - previous.at) < $3
        ELSE extract(epoch FROM now.at) - extract(epoch FROM previous.at) < $3
    END";

/// Counts conversions by goal and day of UTC. Times without a number, such as `-infinity`, have no
/// day.
pub(super) async fn conversions_by_day(
    place: Place,
    as_of: Timestamp,
) -> Outcome<ConversionsByDay> {
    let mut tx = place.scanning().await?;
    let query = statement::query(BY_DAY).bind(Moment::from(as_of));
    let rows = query.fetch_all(&mut *tx).await?;
    tx.end();
    valid(&rows, |row| {
        let (day, count) = (row.try_get(1)?, row.count(2)?);
        Ok(row.goal(0)?.map(|goal| ((goal, day), count)))
    })
}

/// Counts the units that were also in the previous phase, and the users in several tracks.
pub(super) async fn overlap(
    place: Place,
    name: PhaseName,
    previous: Option<(PhaseName, Duration)>,
    as_of: Timestamp,
) -> Outcome<Overlap> {
    let mut tx = place.scanning().await?;
    let Some((id, _)) = phase(&name, &mut tx).await? else {
        tx.end();
        return Ok(Overlap::default());
    };
    let as_of = Moment::from(as_of);
    let users = statement::query(USERS_IN_SEVERAL_TRACKS)
        .bind(id)
        .bind(as_of);
    let mut overlap = Overlap {
        users_in_several_tracks: users.fetch_one(&mut *tx).await?.count(0)?,
        ..Overlap::default()
    };
    if let Some((previous, window)) = previous
        && let Some((previous, _)) = phase(&previous, &mut tx).await?
    {
        let units = statement::query(OF_PREVIOUS).bind(id).bind(previous);
        let units = units.bind(window.as_secs_f64()).bind(as_of);
        overlap.of_previous_phase = units.fetch_one(&mut *tx).await?.count(0)?;
    }
    tx.end();
    Ok(overlap)
}
