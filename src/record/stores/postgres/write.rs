use std::sync::Arc;

use super::{
    alias::Alias,
    aside::set_aside,
    conversion::Conversion,
    definitions::define,
    erase::erase,
    exposure::Exposure,
    facts::add,
    failure::Outcome,
    ids::Ids,
    keys::keep_keys,
    losses::add_losses,
    place::{Lock, Place, Tx},
    sums::add_sums,
    tombstones::Tombstones,
};
use crate::record::{Batch, Rows, Written};

/// Writes a batch in one transaction.
///
/// All writers go through the tables in this order, so that none waits for one that waits for it.
pub(super) async fn write(place: Place, batch: Arc<Batch>) -> Outcome<Written> {
    let mut tx = begin(&place, &batch).await?;
    let ids = Ids::of(&batch, &mut tx).await?;
    define(&batch, &ids, &mut tx).await?;
    // First, so that nothing comes in that is to be gone.
    erase(&batch.erased, &mut tx).await?;
    let tombstones = Tombstones::of(&batch, &mut tx).await?;
    let written = add_facts(&batch, &ids, &tombstones, &mut tx).await?;
    add_sums(&batch, &ids, &mut tx).await?;
    add_losses(&batch, &ids, &mut tx).await?;
    keep_keys(&batch, &tombstones, &mut tx).await?;
    if !batch.aside.is_empty() {
        place.lock(&mut tx, Lock::Aside).await?;
        set_aside(&batch, &tombstones, &mut tx).await?;
    }
    tx.commit().await?;
    Ok(written)
}

async fn begin(place: &Place, batch: &Batch) -> Outcome<Tx> {
    if batch.erased.is_empty() {
        return place.adding().await;
    }
    let mut tx = place.changing().await?;
    place.lock(&mut tx, Lock::Erasure).await?;
    Ok(tx)
}

async fn add_facts(
    batch: &Batch,
    ids: &Ids,
    tombstones: &Tombstones,
    tx: &mut Tx,
) -> Outcome<Written> {
    // Each row by its own time, before those of one key are merged.
    let exposures = batch.exposures.iter();
    let exposures = exposures.filter(|row| !tombstones.cover(row.unit, row.first_at));
    let exposures = exposures.map(|row| Exposure::new(row, ids));
    let exposures: Vec<Exposure> = exposures.collect::<Outcome<_>>()?;
    let conversions = batch.conversions.iter();
    let conversions = conversions.filter(|row| !tombstones.cover(row.unit, row.at));
    let conversions = conversions.map(|row| Conversion::new(row, ids));
    let conversions: Vec<Conversion> = conversions.collect::<Outcome<_>>()?;
    let aliases = batch.aliases.iter().filter(|row| {
        let mut units = [row.visitor, row.user].into_iter();
        !units.any(|unit| tombstones.cover(unit, row.first_at))
    });
    let aliases: Vec<Alias> = aliases.map(Alias::from).collect();
    let rest = |all: usize, left: usize| (all - left) as u64;
    let erased = [
        rest(batch.exposures.len(), exposures.len()),
        rest(batch.conversions.len(), conversions.len()),
        rest(batch.aliases.len(), aliases.len()),
    ];
    let added = [
        add(exposures, tx).await?,
        add(conversions, tx).await?,
        add(aliases, tx).await?,
    ];
    let rows = |index: usize| Rows {
        erased: erased[index],
        ..added[index]
    };
    Ok(Written {
        exposures: rows(0),
        conversions: rows(1),
        aliases: rows(2),
    })
}
