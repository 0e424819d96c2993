//! Deleting phases that have ended, and the facts of units that are in no phase.
//!
//! All statements see one snapshot. If a concurrent write touches a row that is deleted, PostgreSQL
//! ends the transaction, and the call can be repeated.

use super::{catalog, failure::Outcome, moment::Moment, place::Place, statement};
use crate::store::{facts::PhaseName, renames::under_all_names, timestamp::Timestamp};

const ENDED: &str = "SELECT id FROM phase
    WHERE NOT EXISTS (
        SELECT FROM unnest($1, $2) AS running (set_name, phase)
        WHERE running.set_name = phase.set_name AND running.phase = phase.phase)
    AND NOT EXISTS (SELECT FROM exposure WHERE phase_id = phase.id AND first_at >= $3)";

const DELETE_EXPOSURES: &str = "DELETE FROM exposure WHERE phase_id = ANY ($1)";

const DELETE_SUMS: &str =
    "DELETE FROM request_sum USING track WHERE track.id = track_id AND phase_id = ANY ($1)";

const DELETE_LATENCIES: &str =
    "DELETE FROM latency USING track WHERE track.id = track_id AND phase_id = ANY ($1)";

const DELETE_CONVERSIONS: &str = "DELETE FROM conversion WHERE at < $1
    AND NOT EXISTS (SELECT FROM exposure WHERE exposure.unit = conversion.unit)
    AND NOT EXISTS (
        SELECT FROM alias JOIN exposure ON exposure.unit = visitor
        WHERE \"user\" = conversion.unit)";

const DELETE_ALIASES: &str = "DELETE FROM alias WHERE first_at < $1
    AND NOT EXISTS (SELECT FROM exposure WHERE exposure.unit = visitor)
    AND NOT EXISTS (SELECT FROM exposure WHERE exposure.unit = \"user\")";

const DELETE_KEYS: &str = "DELETE FROM raw_unit
    WHERE NOT EXISTS (SELECT FROM exposure WHERE exposure.unit = raw_unit.unit)
    AND NOT EXISTS (SELECT FROM conversion WHERE conversion.unit = raw_unit.unit)
    AND NOT EXISTS (SELECT FROM alias WHERE visitor = raw_unit.unit)
    AND NOT EXISTS (SELECT FROM alias WHERE \"user\" = raw_unit.unit)";

/// Deletes phases that have ended, and units in no other phase. It uses one snapshot, so that units that
/// arrive meanwhile are kept.
pub(super) async fn retain(
    place: Place,
    before: Timestamp,
    running: Vec<PhaseName>,
) -> Outcome<u64> {
    let before = Moment::from(before);
    let running = under_all_names(&running, catalog::phases(place.clone()).await?);
    let mut tx = place.replacing().await?;
    let sets: Vec<&str> = running.iter().map(|phase| &*phase.set).collect();
    let numbers: Vec<i64> = running.iter().map(|phase| phase.phase.into()).collect();
    let query = statement::scalar(ENDED).bind(sets).bind(numbers);
    let ended: Vec<i32> = query.bind(before).fetch_all(&mut *tx).await?;
    // Exposures first: those that are left decide which conversions, aliases and keys stay.
    let query = statement::query(DELETE_EXPOSURES).bind(&ended);
    let exposures = query.execute(&mut *tx).await?.rows_affected();
    for delete in [DELETE_SUMS, DELETE_LATENCIES] {
        let query = statement::query(delete).bind(&ended);
        query.execute(&mut *tx).await?;
    }
    let query = statement::query(DELETE_CONVERSIONS).bind(before);
    let conversions = query.execute(&mut *tx).await?.rows_affected();
    let query = statement::query(DELETE_ALIASES).bind(before);
    query.execute(&mut *tx).await?;
    statement::query(DELETE_KEYS).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(exposures + conversions)
}
