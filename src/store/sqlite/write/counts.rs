//! Sums over requests, durations, and losses: counts of one writer, of which the larger one is the later.

use rusqlite::{Transaction, params};

use crate::store::{
    facts::{LatencyRow, LossRow, SumRow},
    sql::Listed,
};

use crate::store::sqlite::{failure::Outcome, values::stored};

/// The larger of two blobs of one length is the larger number, its highest byte being the first.
const SUM: &str = "INSERT INTO request_sum (track_id, bucket, writer_id, \
        requests, errors, aborted, duration_us, duration_us_sq) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
    ON CONFLICT (track_id, bucket, writer_id) DO UPDATE SET \
        requests = max(requests, excluded.requests), \
        errors = max(errors, excluded.errors), \
        aborted = max(aborted, excluded.aborted), \
        duration_us = max(duration_us, excluded.duration_us), \
        duration_us_sq = max(duration_us_sq, excluded.duration_us_sq)";

const LATENCY: &str = "INSERT INTO latency (track_id, unit_group, bin, writer_id, requests) \
    VALUES (?1, ?2, ?3, ?4, ?5) \
    ON CONFLICT (track_id, unit_group, bin, writer_id) \
    DO UPDATE SET requests = max(requests, excluded.requests)";

const LOSS: &str = "INSERT INTO loss (writer_id, track_id, goal_id, sink, reason, n) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
    ON CONFLICT (writer_id, coalesce(track_id, 0), coalesce(goal_id, 0), sink, reason) \
    DO UPDATE SET n = max(n, excluded.n)";

/// Writes the sums of requests; of two the larger number stays, for each.
pub(super) fn write_sums(
    transaction: &Transaction<'_>,
    listed: &Listed<i64>,
    rows: &[SumRow],
) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut upsert = transaction.prepare(SUM)?;
    for row in rows {
        let (_, track) = listed.track(row.track)?;
        let sums = &row.sums;
        upsert.execute(params![
            track,
            row.bucket,
            listed.writer(row.writer)?,
            stored(sums.requests),
            stored(sums.errors),
            stored(sums.aborted),
            stored(sums.duration_us),
            sums.duration_us_sq.to_be_bytes(),
        ])?;
    }
    Ok(())
}

/// Writes numbers of requests by duration; of two the larger number stays.
pub(super) fn write_latencies(
    transaction: &Transaction<'_>,
    listed: &Listed<i64>,
    rows: &[LatencyRow],
) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut upsert = transaction.prepare(LATENCY)?;
    for row in rows {
        let (_, track) = listed.track(row.track)?;
        let (writer, requests) = (listed.writer(row.writer)?, stored(row.requests));
        upsert.execute(params![track, row.group, row.bin, writer, requests])?;
    }
    Ok(())
}

/// Writes what did not come into sinks; of two the larger number stays.
pub(super) fn write_losses(
    transaction: &Transaction<'_>,
    listed: &Listed<i64>,
    rows: &[LossRow],
) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut upsert = transaction.prepare(LOSS)?;
    for row in rows {
        let track = row.track.map(|track| listed.track(track)).transpose()?;
        let goal = row.goal.map(|goal| listed.goal(goal)).transpose()?;
        upsert.execute(params![
            listed.writer(row.writer)?,
            track.map(|(_, track)| track),
            goal,
            row.sink,
            row.reason,
            stored(row.n),
        ])?;
    }
    Ok(())
}
