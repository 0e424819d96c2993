//! Losses: counts of one writer, of which the larger one is the later.

use rusqlite::{Transaction, params};

use crate::store::{facts::LossRow, sql::Listed};

use crate::store::sqlite::{failure::Outcome, values::stored};

const UPSERT: &str = "INSERT INTO loss (writer_id, track_id, goal_id, sink, reason, n) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
    ON CONFLICT (writer_id, coalesce(track_id, 0), coalesce(goal_id, 0), sink, reason) \
    DO UPDATE SET n = max(n, excluded.n)";

/// Writes what did not come into sinks; of two the larger number stays.
pub(super) fn write(
    transaction: &Transaction<'_>,
    listed: &Listed<i64>,
    rows: &[LossRow],
) -> Outcome<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut upsert = transaction.prepare(UPSERT)?;
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
