//! The second with the most first exposures to one track.
//!
//! Times are grouped by the second in which they are, which is rounded down also before 1970.

use rusqlite::{Transaction, params};

use crate::store::{catalog::BusiestSecond, facts::PhaseName, sql::Columns, timestamp::Timestamp};

use super::phases::{find, tracks_of};
use crate::store::sqlite::failure::Outcome;

/// A division rounds towards 1970, hence one second less for times before that with a remainder.
const SECONDS: &str = "SELECT track_id, second, n FROM (
        SELECT track_id, first_at / 1000000 - (first_at % 1000000 < 0) AS second, count(*) AS n
        FROM exposure WHERE phase_id = ?1 AND first_at < ?2 GROUP BY track_id, second
    ) JOIN track ON track.id = track_id ORDER BY n DESC, second, track.name";

pub(in crate::store::sqlite) fn busiest_second(
    transaction: &Transaction<'_>,
    phase: &PhaseName,
    as_of: Timestamp,
) -> Outcome<Option<BusiestSecond>> {
    let Some((id, _)) = find(transaction, phase)? else {
        return Ok(None);
    };
    let tracks = tracks_of(transaction, id)?;
    let mut statement = transaction.prepare(SECONDS)?;
    let mut rows = statement.query(params![id, as_of.as_micros()])?;
    // Seconds of tracks with invalid names are passed over, so the statement has no limit of one row.
    while let Some(row) = rows.next()? {
        let (id, second): (i64, i64) = (row.get(0)?, row.get(1)?);
        if let Some((_, track)) = tracks.iter().find(|(track, _)| *track == id) {
            return Ok(Some(BusiestSecond {
                at: Timestamp::from_micros(second.saturating_mul(1_000_000)),
                track: track.clone(),
                units: row.count(2)?,
            }));
        }
    }
    Ok(None)
}
