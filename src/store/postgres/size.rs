//! The size of the tables, and whether a unit was exposed: what a ceiling needs.

use super::{failure::Outcome, place::Place, statement, uuid::Uuid};
use crate::unit::Unit;

// Phase by phase, since with these the primary key begins.
const IS_EXPOSED: &str = "SELECT EXISTS (
        SELECT 1 FROM phase JOIN exposure ON phase_id = phase.id WHERE unit = $1
    )";

// The size of a table includes that of its indexes and of long texts, so these are not added again.
const BYTES: &str = "SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = $1 AND relkind = 'r'";

/// Returns whether an exposure of a unit is there.
pub(super) async fn is_exposed(place: Place, unit: Unit) -> Outcome<bool> {
    let mut tx = place.reading().await?;
    let query = statement::scalar(IS_EXPOSED).bind(Uuid::from(unit));
    let is_exposed = query.fetch_one(&mut *tx).await?;
    tx.end();
    Ok(is_exposed)
}

/// Returns how many bytes the tables of the schema take, with their indexes. What was deleted counts
/// until PostgreSQL uses its place again.
pub(super) async fn bytes(place: Place) -> Outcome<u64> {
    let mut tx = place.reading().await?;
    let query = statement::scalar::<i64>(BYTES).bind(place.schema().to_owned());
    let bytes = query.fetch_one(&mut *tx).await?;
    tx.end();
    Ok(u64::try_from(bytes).unwrap_or(0))
}
