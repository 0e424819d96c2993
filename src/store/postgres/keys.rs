//! Keys of raw units. They are written after the facts, because the key of an erased unit is kept
//! only if it has later facts.

use std::collections::{BTreeMap, HashSet};

use super::{failure::Outcome, place::Tx, statement, tombstones::Tombstones, uuid::Uuid};
use crate::store::facts::{Batch, RawUnitRow};

const KNOWN: &str = "SELECT unit FROM unnest($1) AS asked (unit)
    WHERE EXISTS (
        SELECT FROM phase JOIN exposure ON phase_id = phase.id WHERE exposure.unit = asked.unit)
    OR EXISTS (
        SELECT FROM goal JOIN conversion ON goal_id = goal.id WHERE conversion.unit = asked.unit)
    OR EXISTS (SELECT FROM alias WHERE visitor = asked.unit)
    OR EXISTS (SELECT FROM alias WHERE \"user\" = asked.unit)";

/// It also writes equal rows, so that a concurrent deletion of the key has to start again.
const KEEP: &str = "INSERT INTO raw_unit (unit, kind, key)
    SELECT * FROM unnest($1, $2, $3)
    ON CONFLICT (unit) DO UPDATE SET kind = excluded.kind, key = excluded.key";

/// Stores the keys of units, except those of erased units without later facts.
pub(super) async fn keep_keys(batch: &Batch, tombstones: &Tombstones, tx: &mut Tx) -> Outcome<()> {
    let (erased, kept): (Vec<_>, Vec<_>) = batch
        .raw_units
        .iter()
        .partition(|row| tombstones.name(row.unit));
    let known = known(&erased, tx).await?;
    let back = erased
        .into_iter()
        .filter(|row| known.contains(&row.unit.into()));
    // Of several of one unit the last, as if they had come one by one.
    // The map also sorts them by unit: two programs that write the same keys lock them in one order.
    let rows = kept.into_iter().chain(back).map(|row| (row.unit, row));
    let rows: BTreeMap<_, &RawUnitRow> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    let units: Vec<Uuid> = rows.keys().map(|unit| Uuid::from(*unit)).collect();
    let kinds: Vec<&str> = rows.values().map(|row| &*row.kind).collect();
    let keys: Vec<&[u8]> = rows.values().map(|row| &*row.key).collect();
    let query = statement::query(KEEP).bind(units).bind(kinds).bind(keys);
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Returns of which units there are facts.
async fn known(rows: &[&RawUnitRow], tx: &mut Tx) -> Outcome<HashSet<Uuid>> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let units: Vec<Uuid> = rows.iter().map(|row| row.unit.into()).collect();
    let query = statement::scalar(KNOWN).bind(units);
    let units: Vec<Uuid> = query.fetch_all(&mut **tx).await?;
    Ok(units.into_iter().collect())
}
