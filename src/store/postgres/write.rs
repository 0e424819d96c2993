//! Writes a batch: names, definitions, erasures, facts, sums, durations, losses, keys, events set aside.
//!
//! A batch without erasures holds a shared lock: writers run side by side, and an erasure waits for
//! them. A batch with erasures holds the lock alone, because a fact that another writer is about to
//! commit cannot be deleted yet.

use std::sync::Arc;

use super::{
    aside::set_aside,
    definitions::{add_plans, define},
    erase::erase,
    facts::{Stored, add},
    failure::Outcome,
    ids::listed,
    keys::keep_keys,
    latencies::add_latencies,
    losses::add_losses,
    moment::stored,
    place::{Lock, Place, Tx},
    sums::add_sums,
    tombstones::Tombstones,
};
use crate::store::{
    facts::{AliasRow, Batch, ConversionRow, ExposureRow, Ranks},
    sql::{Conversion, Exposure, Listed},
    written::{Rows, Written},
};

/// Writes a batch in one transaction.
///
/// All writers go through the tables in this order, so that none waits for one that waits for it.
pub(super) async fn write(place: Place, batch: Arc<Batch>) -> Outcome<Written> {
    let mut tx = begin(&place, &batch).await?;
    match write_in(&place, &batch, &mut tx).await {
        Ok(written) => {
            tx.commit().await?;
            Ok(written)
        }
        Err(failure) => {
            tx.fail(&failure);
            Err(failure)
        }
    }
}

/// Writes the tables of a batch in the fixed order.
async fn write_in(place: &Place, batch: &Batch, tx: &mut Tx) -> Outcome<Written> {
    let ids = listed(batch, tx).await?;
    define(batch, &ids, tx).await?;
    add_plans(batch, &ids, tx).await?;
    // First, so that nothing comes in that is to be gone.
    erase(&batch.erased, tx).await?;
    let tombstones = Tombstones::of(batch, tx).await?;
    let written = add_facts(batch, &ids, &tombstones, tx).await?;
    add_sums(batch, &ids, tx).await?;
    add_latencies(batch, &ids, tx).await?;
    add_losses(batch, &ids, tx).await?;
    keep_keys(batch, &tombstones, tx).await?;
    if !batch.aside.is_empty() {
        // As late as possible: others that set events aside wait from here to the commit.
        place.lock(tx, Lock::Aside).await?;
        set_aside(batch, &tombstones, tx).await?;
    }
    Ok(written)
}

/// Begins the transaction. One with erasures excludes all other writers; the others run side by
/// side.
async fn begin(place: &Place, batch: &Batch) -> Outcome<Tx> {
    if batch.erased.is_empty() {
        return place.adding().await;
    }
    let mut tx = place.changing().await?;
    place.lock(&mut tx, Lock::Erasure).await?;
    Ok(tx)
}

/// Writes exposures, conversions and aliases, and returns the counts.
async fn add_facts(
    batch: &Batch,
    ids: &Listed<i32>,
    tombstones: &Tombstones,
    tx: &mut Tx,
) -> Outcome<Written> {
    let exposures = exposures(batch, ids, tombstones)?;
    let conversions = conversions(batch, ids, tombstones)?;
    let aliases = aliases(batch, tombstones);
    Ok(Written {
        exposures: add_kept(exposures, batch.exposures.len(), tx).await?,
        conversions: add_kept(conversions, batch.conversions.len(), tx).await?,
        aliases: add_kept(aliases, batch.aliases.len(), tx).await?,
    })
}

/// Adds those of so many that were not erased.
async fn add_kept<F: Stored>(kept: Vec<F>, sent: usize, tx: &mut Tx) -> Outcome<Rows> {
    let erased = (sent - kept.len()) as u64;
    let rows = add(kept, tx).await?;
    Ok(Rows { erased, ..rows })
}

// Each row by its own time, before those of one key are merged. They are merged by the time in the
// database, whose type has a minimum: of two rows that are equal there, the rest of the columns
// decides, in whichever order they come.

/// Returns the exposures of units that were not erased after them.
fn exposures(
    batch: &Batch,
    ids: &Listed<i32>,
    tombstones: &Tombstones,
) -> Outcome<Vec<Exposure<i32>>> {
    let (rows, ranks) = (batch.exposures.iter(), Ranks::of(batch));
    let kept = rows.filter(|row| !tombstones.cover(row.unit, row.first_at));
    let stored = kept.map(|row| ExposureRow {
        first_at: stored(row.first_at),
        ..*row
    });
    let exposures = stored.map(|row| Ok(Exposure::new(&row, ids, &ranks)?));
    exposures.collect()
}

/// Returns the conversions of units that were not erased after them.
fn conversions(
    batch: &Batch,
    ids: &Listed<i32>,
    tombstones: &Tombstones,
) -> Outcome<Vec<Conversion<i32>>> {
    let rows = batch.conversions.iter();
    let kept = rows.filter(|row| !tombstones.cover(row.unit, row.at));
    let stored = kept.map(|row| ConversionRow {
        at: stored(row.at),
        ..*row
    });
    let conversions = stored.map(|row| Ok(Conversion::new(&row, ids)?));
    conversions.collect()
}

/// Returns the aliases of which neither side was erased after them.
fn aliases(batch: &Batch, tombstones: &Tombstones) -> Vec<AliasRow> {
    let kept = batch.aliases.iter().filter(|row| {
        let mut units = [row.visitor, row.user].into_iter();
        !units.any(|unit| tombstones.cover(unit, row.first_at))
    });
    kept.copied().collect()
}
