//! The second with the most first exposures to one track, which is grouped in the database.

use sqlx::Row;

use super::{
    catalog::{phase, tracks},
    failure::Outcome,
    moment::Moment,
    place::Place,
    statement,
};
use crate::store::{catalog::BusiestSecond, facts::PhaseName, sql::Columns, timestamp::Timestamp};

const SECOND: &str = "SELECT track_id, second, n FROM (
        SELECT track_id, date_trunc('second', first_at) AS second, count(*) AS n FROM exposure
        WHERE phase_id = $1 AND first_at < $2 AND isfinite(first_at) AND track_id = ANY($3)
        GROUP BY track_id, second
    ) AS counted JOIN track ON track.id = track_id
    ORDER BY n DESC, second, track.name COLLATE \"C\" LIMIT 1";

/// Returns the second, of several the earliest, then the one whose track has the smallest name.
pub(super) async fn busiest_second(
    place: Place,
    name: PhaseName,
    as_of: Timestamp,
) -> Outcome<Option<BusiestSecond>> {
    let mut tx = place.scanning().await?;
    let Some((id, _)) = phase(&name, &mut tx).await? else {
        tx.end();
        return Ok(None);
    };
    let tracks = tracks(id, &mut tx).await?;
    // Tracks with invalid names are left out by the statement, since it returns one row alone.
    let ids: Vec<i32> = tracks.iter().map(|(id, _)| *id).collect();
    let query = statement::query(SECOND).bind(id).bind(Moment::from(as_of));
    let row = query.bind(ids).fetch_optional(&mut *tx).await?;
    tx.end();
    let Some(row) = row else {
        return Ok(None);
    };
    let (id, at, units): (i32, _, _) = (row.try_get(0)?, row.time(1)?, row.count(2)?);
    let track = tracks.into_iter().find(|(track, _)| *track == id);
    Ok(track.map(|(_, track)| BusiestSecond { at, track, units }))
}
