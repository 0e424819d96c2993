//! Writes a batch into the tables, in one transaction.
//!
//! Each file writes one kind of row, sorted by its key: equal keys are merged before, and
//! neighbours in a table are written together. A row is inserted if its key is new, and otherwise
//! updated if it is smaller.

mod aliases;
mod aside;
mod conversions;
mod definitions;
mod exposures;
mod ids;
mod losses;
mod raw_units;
mod readouts;
mod sums;

use rusqlite::Transaction;

use crate::store::{facts::Batch, written::Written};

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
    let written = Written {
        exposures: exposures::write(transaction, &listed, &mut erased, batch)?,
        conversions: conversions::write(transaction, &listed, &mut erased, &batch.conversions)?,
        aliases: aliases::write(transaction, &mut erased, &batch.aliases)?,
    };
    sums::write(transaction, &listed, &batch.sums)?;
    losses::write(transaction, &listed, &batch.losses)?;
    // After the facts, since they decide.
    raw_units::write(transaction, &mut erased, &batch.raw_units)?;
    aside::write(transaction, &mut erased, &batch.aside)?;
    Ok(written)
}
