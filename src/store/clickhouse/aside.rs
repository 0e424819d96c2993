//! Events that a batch sets aside.

use crate::store::{
    error::StoreError,
    facts::{AsideRow, Batch},
};

use super::{place::Place, row_binary::Encoder, tombstones::Tombstones};

/// Whether one of the units of an event was erased at its time or later.
pub(super) fn is_erased(row: &AsideRow, tombstones: &Tombstones) -> bool {
    row.mentions().any(|unit| tombstones.cover(unit, row.at))
}

/// Writes the events that were set aside and not erased.
pub(super) fn set_aside(
    place: &Place,
    batch: &Batch,
    tombstones: &Tombstones,
) -> Result<(), StoreError> {
    let mut rows = Encoder::default();
    for row in &batch.aside {
        if !is_erased(row, tombstones) {
            let rows = rows.int(row.at.as_micros()).text(row.reason.as_bytes());
            rows.text(row.payload.as_bytes());
        }
    }
    place.insert("aside (at, reason, payload)", rows)
}
