//! Sums over requests. The sum of squares has 128 bits, so it is a `numeric`, sent and read as
//! text.

use sqlx::postgres::PgRow;

use super::{
    catalog::valid,
    columns::{bigint, narrow},
    failure::Outcome,
    place::{Place, Tx},
    statement,
};
use crate::store::{
    catalog::SumsByBucket,
    facts::{Batch, PhaseName, RequestSums, TrackName},
    sql::{Columns, Listed},
};

const ADD: &str = "INSERT INTO request_sum AS known
    (track_id, bucket, writer_id, requests, errors, aborted, duration_us, duration_us_sq)
    SELECT track_id, bucket, writer_id, max(requests), max(errors), max(aborted),
        max(duration_us), max(duration_us_sq::numeric)
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS asked (
        track_id, bucket, writer_id, requests, errors, aborted, duration_us, duration_us_sq)
    GROUP BY track_id, bucket, writer_id
    ORDER BY track_id, bucket, writer_id
    ON CONFLICT (track_id, bucket, writer_id) DO UPDATE SET
        requests = greatest(known.requests, excluded.requests),
        errors = greatest(known.errors, excluded.errors),
        aborted = greatest(known.aborted, excluded.aborted),
        duration_us = greatest(known.duration_us, excluded.duration_us),
        duration_us_sq = greatest(known.duration_us_sq, excluded.duration_us_sq)";

const SUMS: &str = "SELECT phase.set_name, phase.phase, phase.unit_kind, track.name, track.control,
        bucket, sum(requests)::text, sum(errors)::text, sum(aborted)::text,
        sum(duration_us)::text, sum(duration_us_sq)::text
    FROM request_sum
    JOIN track ON track.id = track_id
    JOIN phase ON phase.id = track.phase_id
    WHERE phase.set_name = $1 AND phase.phase = $2
    GROUP BY phase.id, track.id, bucket";

/// Adds sums over requests; of those that are known the larger number stays.
pub(super) async fn add_sums(batch: &Batch, ids: &Listed<i32>, tx: &mut Tx) -> Outcome<()> {
    let rows = &batch.sums;
    if rows.is_empty() {
        return Ok(());
    }
    let tracks = rows.iter().map(|row| Ok(ids.track(row.track)?.1));
    let buckets = rows.iter().map(|row| row.bucket.into());
    let writers = rows.iter().map(|row| ids.writer(row.writer));
    let column = |of: fn(&RequestSums) -> u64| -> Vec<i64> {
        rows.iter().map(|row| bigint(of(&row.sums))).collect()
    };
    let squares = rows.iter().map(|row| row.sums.duration_us_sq.to_string());
    let query = statement::query(ADD)
        .bind(tracks.collect::<Outcome<Vec<i32>>>()?)
        .bind(buckets.collect::<Vec<i32>>())
        .bind(writers.collect::<Result<Vec<i32>, _>>()?)
        .bind(column(|sums| sums.requests))
        .bind(column(|sums| sums.errors))
        .bind(column(|sums| sums.aborted))
        .bind(column(|sums| sums.duration_us))
        .bind(squares.collect::<Vec<String>>());
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Returns the sums of a phase by track and bucket, over all writers.
pub(super) async fn sums(place: Place, phase: PhaseName) -> Outcome<SumsByBucket> {
    let mut tx = place.scanning().await?;
    let query = statement::query(SUMS)
        .bind(&*phase.set)
        .bind(i64::from(phase.phase));
    let rows = query.fetch_all(&mut *tx).await?;
    tx.end();
    valid(&rows, sum)
}

/// Reads a sum; `None` if its track has an invalid name.
fn sum(row: &PgRow) -> Outcome<Option<((TrackName, u16), RequestSums)>> {
    let bucket = row.bucket(5)?;
    let sums = RequestSums {
        requests: narrow(row, 6)?,
        errors: narrow(row, 7)?,
        aborted: narrow(row, 8)?,
        duration_us: narrow(row, 9)?,
        duration_us_sq: row.wide(10)?,
    };
    Ok(row.track(0)?.map(|track| ((track, bucket), sums)))
}
