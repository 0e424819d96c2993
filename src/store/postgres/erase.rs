//! Deleting the facts of units. An exclusive lock excludes writers, so no fact can be added that
//! the deletion does not see. A tombstone stays.
//!
//! The primary keys begin with phase or goal, so the statements join those tables: PostgreSQL then
//! looks up the unit in each instead of reading the table. Several units are deleted by the same
//! statements, as arrays.

use std::collections::BTreeMap;

use super::{
    failure::Outcome,
    moment::Moment,
    place::{Lock, Place, Tx},
    statement,
    uuid::Uuid,
};
use crate::store::facts::ErasedRow;

const MARK: &str = "INSERT INTO erased AS known SELECT * FROM unnest($1, $2) AS asked (unit, at)
    ORDER BY unit ON CONFLICT (unit) DO UPDATE SET at = greatest(known.at, excluded.at)";

// Phase by phase and goal by goal, since with these the primary keys begin.
const DELETES: [&str; 5] = [
    "DELETE FROM exposure USING phase, unnest($1, $2) AS erased (unit, at)
        WHERE phase_id = phase.id AND exposure.unit = erased.unit AND first_at <= erased.at",
    "DELETE FROM conversion USING goal, unnest($1, $2) AS erased (unit, at)
        WHERE goal_id = goal.id AND conversion.unit = erased.unit AND conversion.at <= erased.at",
    "DELETE FROM alias USING unnest($1, $2) AS erased (unit, at)
        WHERE visitor = erased.unit AND first_at <= erased.at",
    "DELETE FROM alias USING unnest($1, $2) AS erased (unit, at)
        WHERE \"user\" = erased.unit AND first_at <= erased.at",
    "DELETE FROM aside USING unnest($1, $2) AS erased (unit, at)
        WHERE strpos(payload, replace(erased.unit::text, '-', '')) > 0 AND aside.at <= erased.at",
];

const DELETE_KEYS: &str = "DELETE FROM raw_unit USING unnest($1, $2) AS erased (unit, at)
    WHERE raw_unit.unit = erased.unit
    AND NOT EXISTS (
        SELECT FROM phase JOIN exposure ON phase_id = phase.id WHERE exposure.unit = raw_unit.unit)
    AND NOT EXISTS (
        SELECT FROM goal JOIN conversion ON goal_id = goal.id
        WHERE conversion.unit = raw_unit.unit)
    AND NOT EXISTS (SELECT FROM alias WHERE visitor = raw_unit.unit)
    AND NOT EXISTS (SELECT FROM alias WHERE \"user\" = raw_unit.unit)";

/// Deletes the facts of one unit, in a transaction of its own.
pub(super) async fn erase_one(place: Place, erased: ErasedRow) -> Outcome<u64> {
    let mut tx = place.changing().await?;
    place.lock(&mut tx, Lock::Erasure).await?;
    let rows = erase(&[erased], &mut tx).await?;
    tx.commit().await?;
    Ok(rows)
}

/// Deletes the facts of units, and returns the number of rows. No write may be in progress.
pub(super) async fn erase(erased: &[ErasedRow], tx: &mut Tx) -> Outcome<u64> {
    if erased.is_empty() {
        return Ok(0);
    }
    let mut latest: BTreeMap<Uuid, Moment> = BTreeMap::new();
    for row in erased {
        let at = row.at.into();
        let known = latest.entry(row.unit.into()).or_insert(at);
        *known = at.max(*known);
    }
    let units: Vec<Uuid> = latest.keys().copied().collect();
    let times: Vec<Moment> = latest.values().copied().collect();
    let mut rows = 0;
    // Keys come after the facts: that of a unit with later facts stays. The marks do not count as rows
    // that were deleted.
    for delete in DELETES.into_iter().chain([DELETE_KEYS, MARK]) {
        let query = statement::query(delete).bind(&units).bind(&times);
        let deleted = query.execute(&mut **tx).await?.rows_affected();
        rows += if delete == MARK { 0 } else { deleted };
    }
    Ok(rows)
}
