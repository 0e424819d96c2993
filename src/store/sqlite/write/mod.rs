//! Writes a batch into the tables, in one transaction.
//!
//! Each file writes one kind of row. A row is inserted if its key is new, and otherwise updated if it
//! is smaller.

mod aliases;
mod aside;
mod conversions;
mod counts;
mod definitions;
mod exposures;
mod facts;
mod ids;
mod raw_units;
mod readouts;

use rusqlite::Transaction;

use crate::store::{
    facts::{Batch, Ranks},
    sql::{Conversion, Exposure, Listed},
    written::Written,
};

use super::{erase::erase, failure::Outcome, tombstones::Tombstones};

pub(super) use self::{ids::Ids, readouts::put_readout};

/// Writes a batch, of which every index is in its lists.
pub(super) fn write(
    transaction: &Transaction<'_>,
    ids: &mut Ids,
    batch: &Batch,
) -> Outcome<Written> {
    let listed = ids.list(transaction, batch)?;
    definitions::write(transaction, ids, &listed, &batch.definitions)?;
    definitions::write_plans(transaction, &listed, &batch.plans)?;
    // First, so that nothing comes in that is to be gone.
    for erased in &batch.erased {
        erase(transaction, *erased)?;
    }
    let mut erased = Tombstones::new(transaction)?;
    let written = write_facts(transaction, &listed, &mut erased, batch)?;
    counts::write_sums(transaction, &listed, &batch.sums)?;
    counts::write_latencies(transaction, &listed, &batch.latencies)?;
    counts::write_losses(transaction, &listed, &batch.losses)?;
    // After the facts, since they decide.
    raw_units::write(transaction, &mut erased, &batch.raw_units)?;
    aside::write(transaction, &mut erased, &batch.aside)?;
    Ok(written)
}

/// Writes exposures, conversions and aliases, and returns the counts.
fn write_facts(
    transaction: &Transaction<'_>,
    listed: &Listed<i64>,
    erased: &mut Tombstones<'_>,
    batch: &Batch,
) -> Outcome<Written> {
    let ranks = Ranks::of(batch);
    Ok(Written {
        exposures: facts::write(
            transaction,
            &batch.exposures,
            |row| erased.has(row.unit, row.first_at),
            |row| Ok(Exposure::new(row, listed, &ranks)?),
        )?,
        conversions: facts::write(
            transaction,
            &batch.conversions,
            |row| erased.has(row.unit, row.at),
            |row| Ok(Conversion::new(row, listed)?),
        )?,
        aliases: facts::write(
            transaction,
            &batch.aliases,
            |row| Ok(erased.has(row.visitor, row.first_at)? || erased.has(row.user, row.first_at)?),
            |row| Ok(*row),
        )?,
    })
}
