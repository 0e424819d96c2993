//! Sums over requests. The sum of squares is a blob of sixteen bytes, the highest first.

use rusqlite::Transaction;

use crate::store::{catalog::SumsByBucket, facts::PhaseName, sql::Columns};

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
