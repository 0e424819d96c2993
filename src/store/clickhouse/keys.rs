//! Keys of raw units. They are written after the facts, because the key of an erased unit is kept only if it has
//! later facts.

use std::collections::HashSet;

use crate::{
    store::{error::StoreError, facts::Batch},
    unit::Unit,
};

use super::{erase::with_facts, place::Place, row_binary::Encoder, tombstones::Tombstones};

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
