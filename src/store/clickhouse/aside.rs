//! The rows that a batch has besides facts: keys of units, and events that were set aside.

use crate::store::{error::StoreError, facts::Batch};

use super::{erase::is_known, place::Place, row_binary::Encoder, tombstones::Tombstones};

/// Writes the keys of units; that of an erased unit only if it has later facts.
pub(super) fn keep_keys(
    place: &Place,
    batch: &Batch,
    tombstones: &Tombstones,
) -> Result<(), StoreError> {
    let mut rows = Encoder::default();
    // The last key of a unit stays. Rows of one insert have one time, so the earlier ones are left out.
    let mut kept = std::collections::HashSet::new();
    for row in batch.raw_units.iter().rev() {
        if !kept.insert(row.unit) {
            continue;
        }
        if !tombstones.has(row.unit) || is_known(place, row.unit)? {
            rows.fixed(&row.unit.to_bytes())
                .text(row.kind.as_bytes())
                .text(&row.key);
        }
    }
    place.insert("raw_unit (unit, kind, key)", rows)
}

/// Writes the events that were set aside, unless one of their units was erased at that time or later.
pub(super) fn set_aside(
    place: &Place,
    batch: &Batch,
    tombstones: &Tombstones,
) -> Result<(), StoreError> {
    let mut rows = Encoder::default();
    for row in &batch.aside {
        if !row.mentions().any(|unit| tombstones.cover(unit, row.at)) {
            let rows = rows.int(row.at.as_micros()).text(row.reason.as_bytes());
            rows.text(row.payload.as_bytes());
        }
    }
    place.insert("aside (at, reason, payload)", rows)
}
