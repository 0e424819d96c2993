//! Writes a batch: names, definitions, erasures, facts, sums, durations, losses, keys, events set aside; one insert
//! for each table. If one of them fails, the rows before it stay, and the batch is written again as a whole.
//!
//! Facts of erased units are left out before they are sent. If the erasures have changed when the facts are there,
//! those that an erasure covers are deleted: whichever of two programs is the last one, it sees what the other did.
//! What a writer left that came to no such end is deleted by the next one that writes later facts of the unit.

use crate::store::{
    error::StoreError,
    facts::Batch,
    written::{Rows, Written},
};

use super::{
    aside::set_aside,
    encoded::{self, Listed},
    erase::{delete_left, erase, erase_again},
    keys::keep_keys,
    names::write_names,
    place::Place,
    row_binary::Encoder,
    tombstones::{Moment, Tombstones},
};

/// Writes a batch that was checked.
pub(super) fn write(place: &Place, batch: &Batch) -> Result<Written, StoreError> {
    if batch.is_empty() && batch.goals().is_empty() && batch.segments().is_empty() {
        return Ok(Written::default());
    }
    let moment = Moment::of(place)?;
    place.state.meet(&moment.identity);
    let listed = Listed::of(batch);
    write_names(batch, &listed, place)?;
    insert(
        place,
        encoded::DEFINITION,
        &batch.definitions,
        |row, rows| {
            encoded::definition(row, &listed, rows);
        },
    )?;
    insert(place, encoded::PLAN, &batch.plans, |row, rows| {
        encoded::plan(row, &listed, rows);
    })?;
    // First, so that nothing comes in that is to be gone.
    erase(place, &batch.erased)?;
    let before = match batch.erased.is_empty() {
        true => moment,
        false => Moment::of(place)?,
    };
    let tombstones = match before.token.0 {
        0 => Tombstones::default(),
        _ => Tombstones::of(batch, place)?,
    };
    delete_left(place, &tombstones.outlived(batch))?;
    let written = write_facts(place, batch, &listed, &tombstones)?;
    write_sums(place, batch, &listed)?;
    keep_keys(place, batch, &tombstones)?;
    set_aside(place, batch, &tombstones)?;
    let after = Moment::of(place)?;
    if after.token != before.token {
        erase_again(place, batch, &tombstones)?;
    }
    place.state.meet(&after.identity);
    Ok(written)
}

/// Inserts rows into a table.
fn insert<R>(
    place: &Place,
    into: &str,
    rows: &[R],
    encode: impl Fn(&R, &mut Encoder),
) -> Result<(), StoreError> {
    let mut encoder = Encoder::default();
    for row in rows {
        encode(row, &mut encoder);
    }
    place.insert(into, encoder)
}

/// Inserts the rows of facts that are not erased, and counts all of them as new.
fn add<R>(
    place: &Place,
    into: &str,
    rows: &[R],
    is_erased: impl Fn(&R) -> bool,
    encode: impl Fn(&R, &mut Encoder),
) -> Result<Rows, StoreError> {
    let mut encoder = Encoder::default();
    let mut counts = Rows::default();
    for row in rows {
        if is_erased(row) {
            counts.erased += 1;
        } else {
            counts.new += 1;
            encode(row, &mut encoder);
        }
    }
    place.insert(into, encoder)?;
    Ok(counts)
}

fn write_facts(
    place: &Place,
    batch: &Batch,
    listed: &Listed,
    tombstones: &Tombstones,
) -> Result<Written, StoreError> {
    Ok(Written {
        exposures: add(
            place,
            encoded::EXPOSURE,
            &batch.exposures,
            |row| tombstones.cover(row.unit, row.first_at),
            |row, rows| encoded::exposure(row, batch, listed, rows),
        )?,
        conversions: add(
            place,
            encoded::CONVERSION,
            &batch.conversions,
            |row| tombstones.cover(row.unit, row.at),
            |row, rows| encoded::conversion(row, listed, rows),
        )?,
        aliases: add(
            place,
            encoded::ALIAS,
            &batch.aliases,
            |row| {
                let mut units = [row.visitor, row.user].into_iter();
                units.any(|unit| tombstones.cover(unit, row.first_at))
            },
            encoded::alias,
        )?,
    })
}

fn write_sums(place: &Place, batch: &Batch, listed: &Listed) -> Result<(), StoreError> {
    insert(place, encoded::SUM, &batch.sums, |row, rows| {
        encoded::sum(row, listed, rows);
    })?;
    insert(place, encoded::LATENCY, &batch.latencies, |row, rows| {
        encoded::latency(row, listed, rows);
    })?;
    insert(place, encoded::LOSS, &batch.losses, |row, rows| {
        encoded::loss(row, listed, rows);
    })
}
