//! Sums over requests, and their durations. The sum of squares is a blob of sixteen bytes, the highest first.

use rusqlite::Transaction;

use crate::store::{
    catalog::{LatencyCounts, SumsByBucket},
    facts::PhaseName,
    sql::Columns,
};

use super::phases::{find, tracks_of};
use crate::store::sqlite::failure::Outcome;

/// Sums are added here and not in SQL, which has no numbers of 128 bits.
const ALL: &str = "SELECT bucket, requests, errors, aborted, duration_us, duration_us_sq \
    FROM request_sum WHERE track_id = ?1";

pub(in crate::store::sqlite) fn sums(
    transaction: &Transaction<'_>,
    phase: &PhaseName,
) -> Outcome<SumsByBucket> {
    let mut sums = SumsByBucket::new();
    let Some((id, _)) = find(transaction, phase)? else {
        return Ok(sums);
    };
    let mut statement = transaction.prepare(ALL)?;
    for (id, track) in tracks_of(transaction, id)? {
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let key = (track.clone(), row.bucket(0)?);
            sums.entry(key).or_default().add(&row.request_sums(1)?);
        }
    }
    Ok(sums)
}

/// Numbers are added here, because a sum in SQL fails where 63 bits do not hold it.
const LATENCIES: &str =
    "SELECT unit_group, bin, requests FROM latency WHERE track_id = ?1 AND requests > 0";

pub(in crate::store::sqlite) fn latencies(
    transaction: &Transaction<'_>,
    phase: &PhaseName,
) -> Outcome<LatencyCounts> {
    let mut counts = LatencyCounts::new();
    let Some((id, _)) = find(transaction, phase)? else {
        return Ok(counts);
    };
    let mut statement = transaction.prepare(LATENCIES)?;
    for (id, track) in tracks_of(transaction, id)? {
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            if let Some((group, bin)) = row.place_of_latency(0)? {
                let sum = counts.entry((track.clone(), group, bin)).or_default();
                *sum = sum.saturating_add(row.count(2)?);
            }
        }
    }
    Ok(counts)
}
