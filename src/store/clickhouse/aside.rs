//! Events that a batch sets aside.

use crate::{
    store::{
        error::StoreError,
        facts::{AsideRow, Batch},
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::{literal, place::Place, row_binary::Encoder, tombstones::Tombstones};

/// The most units of one statement.
const FEW: usize = 200;

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

/// Deletes the events that name one of the units, and are not later than its erasure; returns their number.
pub(super) fn delete_aside(place: &Place, units: &[(Unit, Timestamp)]) -> Result<u64, StoreError> {
    let mut deleted = 0;
    if place.number("count() FROM @aside")? > 0 {
        for units in units.chunks(FEW) {
            let is_named = naming(units);
            let count = format!("count() FROM @aside FINAL WHERE {is_named}");
            let count = place.scanned_number(&count)?;
            if count > 0 {
                place.delete("aside", &is_named)?;
            }
            deleted += count;
        }
    }
    Ok(deleted)
}

/// Returns the condition that an event that was set aside names one of the units, and is not later than its erasure.
/// The event is not parsed, because it may not be valid.
fn naming(units: &[(Unit, Timestamp)]) -> String {
    let one = |(unit, at): &(Unit, Timestamp)| {
        let at = literal::time(*at);
        format!("(at <= {at} AND position(payload, '{unit}') > 0)")
    };
    units.iter().map(one).collect::<Vec<_>>().join(" OR ")
}
