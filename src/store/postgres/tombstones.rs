//! The erased units of a batch, looked up by one query.

use std::collections::HashMap;

use sqlx::Row;

use super::{failure::Outcome, moment::Moment, place::Tx, statement, uuid::Uuid};
use crate::{
    store::{facts::Batch, timestamp::Timestamp},
    unit::Unit,
};

/// Which of a batch's units were erased, and up to when. It stays true to the end of a transaction
/// that keeps erasures out.
pub(super) struct Tombstones(HashMap<Uuid, Moment>);

impl Tombstones {
    /// Looks up all units of a batch.
    pub(super) async fn of(batch: &Batch, tx: &mut Tx) -> Outcome<Self> {
        let units = units(batch);
        let mut erased = HashMap::new();
        if units.is_empty() {
            return Ok(Self(erased));
        }
        let query = statement::query("SELECT unit, at FROM erased WHERE unit = ANY ($1)");
        for row in query.bind(&units).fetch_all(&mut **tx).await? {
            erased.insert(row.try_get(0)?, row.try_get(1)?);
        }
        Ok(Self(erased))
    }

    /// Returns whether a unit was erased at a time or later.
    pub(super) fn cover(&self, unit: Unit, at: Timestamp) -> bool {
        let erased = self.0.get(&unit.into());
        erased.is_some_and(|erased| Moment::from(at) <= *erased)
    }

    /// Returns whether a unit was erased at any time.
    pub(super) fn name(&self, unit: Unit) -> bool {
        self.0.contains_key(&unit.into())
    }
}

/// Returns the units of a batch, each once, also those that an event set aside names.
fn units(batch: &Batch) -> Vec<Uuid> {
    let exposed = batch.exposures.iter().map(|row| row.unit);
    let converted = batch.conversions.iter().map(|row| row.unit);
    let aliased = batch.aliases.iter().flat_map(|row| [row.visitor, row.user]);
    let raw = batch.raw_units.iter().map(|row| row.unit);
    let aside = batch.aside.iter().flat_map(|row| row.mentions());
    let units = exposed
        .chain(converted)
        .chain(aliased)
        .chain(raw)
        .chain(aside);
    let mut units: Vec<Uuid> = units.map(Uuid::from).collect();
    // A unit mostly occurs several times in a batch, and each is looked up once.
    units.sort_unstable();
    units.dedup();
    units
}
