//! Events that were set aside. They have no key, so one writer at a time compares and adds them,
//! under an advisory lock.

use super::{failure::Outcome, moment::Moment, place::Tx, statement, tombstones::Tombstones};
use crate::store::facts::{AsideRow, Batch};

/// Rows that are equal in all columns are one event. No index enforces this, because a payload has no
/// limit.
const SET_ASIDE: &str = "INSERT INTO aside (at, reason, payload)
    SELECT at, reason, payload FROM (
        SELECT at, reason, payload, min(n) AS n
        FROM unnest($1, $2, $3) WITH ORDINALITY AS asked (at, reason, payload, n)
        GROUP BY at, reason, payload
    ) AS asked
    WHERE NOT EXISTS (
        SELECT FROM aside
        WHERE aside.at = asked.at AND aside.reason = asked.reason
            AND aside.payload = asked.payload)
    ORDER BY n";

/// Stores events for a person to inspect, without those of erased units. No other transaction may do so
/// at the same time.
pub(super) async fn set_aside(batch: &Batch, tombstones: &Tombstones, tx: &mut Tx) -> Outcome<()> {
    let is_erased = |row: &AsideRow| row.mentions().any(|unit| tombstones.cover(unit, row.at));
    let rows = batch.aside.iter().filter(|row| !is_erased(row));
    let rows: Vec<&AsideRow> = rows.collect();
    let times: Vec<Moment> = rows.iter().map(|row| row.at.into()).collect();
    let reasons: Vec<&str> = rows.iter().map(|row| &*row.reason).collect();
    let payloads: Vec<&str> = rows.iter().map(|row| &*row.payload).collect();
    let query = statement::query(SET_ASIDE).bind(times).bind(reasons);
    query.bind(payloads).execute(&mut **tx).await?;
    Ok(())
}
