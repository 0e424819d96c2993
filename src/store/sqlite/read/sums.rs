//! Sums over requests. The sum of squares is a blob of sixteen bytes, the highest first.

use std::collections::BTreeMap;

use rusqlite::{Row, Transaction};

use crate::store::facts::{PhaseName, RequestSums, TrackName};

use super::names;
use crate::store::sqlite::{failure::Outcome, values::count};

/// Sums are added here and not in SQL, which has no numbers of 128 bits.
const ALL: &str = "SELECT bucket, requests, errors, aborted, duration_us, duration_us_sq \
    FROM request_sum WHERE track_id = ?1";

pub(in crate::store::sqlite) fn sums(
    transaction: &Transaction<'_>,
    phase: &PhaseName,
) -> Outcome<BTreeMap<(TrackName, u16), RequestSums>> {
    let mut sums: BTreeMap<_, RequestSums> = BTreeMap::new();
    let Some((id, phase)) = names::find(transaction, phase)? else {
        return Ok(sums);
    };
    let mut statement = transaction.prepare(ALL)?;
    for (id, track) in names::tracks_of(transaction, id, &phase)? {
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let key = (track.clone(), row.get(0)?);
            sums.entry(key).or_default().add(&of_row(row, 1)?);
        }
    }
    Ok(sums)
}

/// Reads the five numbers from a column on.
pub(super) fn of_row(row: &Row<'_>, first: usize) -> rusqlite::Result<RequestSums> {
    Ok(RequestSums {
        requests: count(row, first)?,
        errors: count(row, first + 1)?,
        aborted: count(row, first + 2)?,
        duration_us: count(row, first + 3)?,
        duration_us_sq: row.get(first + 4).map(u128::from_be_bytes)?,
    })
}
