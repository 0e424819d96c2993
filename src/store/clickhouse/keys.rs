//! Keys of raw units. They are written after the facts, because the key of an erased unit is kept only if it has
//! later facts.

use std::collections::HashSet;

use crate::{
    store::{error::StoreError, facts::Batch, sql::Columns},
    unit::Unit,
};

use super::{literal, place::Place, row_binary::Encoder, tombstones::Tombstones, visible};

/// Writes the keys of units, except those of erased units without later facts.
pub(super) fn keep_keys(
    place: &Place,
    batch: &Batch,
    tombstones: &Tombstones,
) -> Result<(), StoreError> {
    let units = batch.raw_units.iter().map(|row| row.unit);
    let erased: Vec<Unit> = units.filter(|unit| tombstones.has(*unit)).collect();
    let with_facts = with_facts(place, &erased)?;
    let mut rows = Encoder::default();
    // The last key of a unit stays. Rows of one insert have one time, so the earlier ones are left out.
    let mut kept = HashSet::new();
    for row in batch.raw_units.iter().rev() {
        let is_kept = !tombstones.has(row.unit) || with_facts.contains(&row.unit);
        if is_kept && kept.insert(row.unit) {
            rows.fixed(&row.unit.to_bytes())
                .text(row.kind.as_bytes())
                .text(&row.key);
        }
    }
    place.insert("raw_unit (unit, kind, key)", rows)
}

/// Deletes the keys of those units that have no visible facts; returns their number.
pub(super) fn delete_keys_of(place: &Place, units: &[Unit]) -> Result<u64, StoreError> {
    let list = |units: &[Unit]| literal::list(units.iter().copied().map(literal::unit));
    let select = format!(
        "unit FROM @raw_unit WHERE unit IN ({}) GROUP BY unit",
        list(units)
    );
    let rows = place.rows("x", &select)?;
    let stored = rows.iter().map(|row| row.unit(0));
    let mut stored = stored.collect::<Result<Vec<Unit>, StoreError>>()?;
    if stored.is_empty() {
        return Ok(0);
    }
    let with_facts = with_facts(place, &stored)?;
    stored.retain(|unit| !with_facts.contains(unit));
    if !stored.is_empty() {
        place.delete("raw_unit", &format!("unit IN ({})", list(&stored)))?;
    }
    Ok(stored.len() as u64)
}

/// Returns which of these units have visible facts.
fn with_facts(place: &Place, units: &[Unit]) -> Result<HashSet<Unit>, StoreError> {
    let mut found = HashSet::new();
    for units in units.chunks(literal::MOST) {
        let is_one = format!(
            "% IN ({})",
            literal::list(units.iter().copied().map(literal::unit))
        );
        let select = format!(
            "unit FROM {} WHERE {} GROUP BY unit",
            visible::units(&is_one),
            is_one.replace('%', "unit")
        );
        for row in place.scanned("x", &select)? {
            found.insert(row.unit(0)?);
        }
    }
    Ok(found)
}
