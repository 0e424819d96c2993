//! Numbers of requests by duration.

use sqlx::postgres::PgRow;

use super::{
    catalog::valid,
    columns::{bigint, narrow},
    failure::Outcome,
    place::{Place, Tx},
    statement,
};
use crate::store::{
    catalog::LatencyCounts,
    facts::{Batch, PhaseName, TrackName},
    sql::{Columns, Listed},
};

const ADD: &str = "INSERT INTO latency AS known (track_id, unit_group, bin, writer_id, requests)
    SELECT track_id, unit_group, bin, writer_id, max(requests)
    FROM unnest($1, $2, $3, $4, $5) AS asked (track_id, unit_group, bin, writer_id, requests)
    GROUP BY track_id, unit_group, bin, writer_id
    ORDER BY track_id, unit_group, bin, writer_id
    ON CONFLICT (track_id, unit_group, bin, writer_id) DO UPDATE SET
        requests = greatest(known.requests, excluded.requests)";

const LATENCIES: &str =
    "SELECT phase.set_name, phase.phase, phase.unit_kind, track.name, track.control,
        unit_group, bin, sum(requests)::text
    FROM latency
    JOIN track ON track.id = track_id
    JOIN phase ON phase.id = track.phase_id
    WHERE phase.set_name = $1 AND phase.phase = $2 AND requests > 0
    GROUP BY phase.id, track.id, unit_group, bin";

/// Adds numbers of requests; of those that are known the larger number stays.
pub(super) async fn add_latencies(batch: &Batch, ids: &Listed<i32>, tx: &mut Tx) -> Outcome<()> {
    let rows = &batch.latencies;
    if rows.is_empty() {
        return Ok(());
    }
    let tracks = rows.iter().map(|row| Ok(ids.track(row.track)?.1));
    let groups = rows.iter().map(|row| row.group.into());
    let bins = rows.iter().map(|row| row.bin.into());
    let writers = rows.iter().map(|row| ids.writer(row.writer));
    let requests = rows.iter().map(|row| bigint(row.requests));
    let query = statement::query(ADD)
        .bind(tracks.collect::<Outcome<Vec<i32>>>()?)
        .bind(groups.collect::<Vec<i32>>())
        .bind(bins.collect::<Vec<i32>>())
        .bind(writers.collect::<Result<Vec<i32>, _>>()?)
        .bind(requests.collect::<Vec<i64>>());
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Returns the numbers of requests of a phase by track, group and bin, over all writers.
pub(super) async fn latencies(place: Place, phase: PhaseName) -> Outcome<LatencyCounts> {
    let mut tx = place.scanning().await?;
    let query = statement::query(LATENCIES)
        .bind(&*phase.set)
        .bind(i64::from(phase.phase));
    let rows = query.fetch_all(&mut *tx).await?;
    tx.end();
    valid(&rows, count)
}

/// A number of requests, with its track, group and bin.
type Entry = ((TrackName, u8, u8), u64);

/// Reads a number; `None` if its track has an invalid name, or there is no such bin.
fn count(row: &PgRow) -> Outcome<Option<Entry>> {
    let requests = narrow(row, 7)?;
    let of = row.track(0)?.zip(row.place_of_latency(5)?);
    Ok(of.map(|(track, (group, bin))| ((track, group, bin), requests)))
}
