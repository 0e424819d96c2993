//! All rows in one snapshot, table by table, as batches. Each batch lists the names that its rows
//! refer to.
//!
//! Erasures come first, so that the reader refuses facts that it should not have; keys of units
//! come after the facts. A chunk of 10,000 rows becomes one batch.

use std::sync::Arc;

use super::{
    bridge::Bridge,
    cursor::{Snapshot, declare},
    dumped::Dumped,
    failure::Outcome,
    names::Names,
    place::Place,
};
use crate::store::{
    error::StoreError,
    facts::{
        AliasRow, AsideRow, Batch, ConversionRow, DefinitionRow, ErasedRow, ExposureRow, LossRow,
        PlanRow, RawUnitRow, SumRow,
    },
};

type Each<'a> = &'a mut dyn FnMut(Batch) -> Result<(), StoreError>;

// Erasures come first, and keys after their facts.
const SELECTS: [&str; 10] = [
    ErasedRow::SELECT,
    DefinitionRow::SELECT,
    PlanRow::SELECT,
    ExposureRow::SELECT,
    ConversionRow::SELECT,
    AliasRow::SELECT,
    SumRow::SELECT,
    LossRow::SELECT,
    RawUnitRow::SELECT,
    AsideRow::SELECT,
];

/// Passes all rows to a closure. The first batch has only names, also those that no row refers to.
pub(super) fn dump(place: Place, bridge: &Bridge, each: Each<'_>) -> Result<(), StoreError> {
    let limit = place.limits().scan;
    let (snapshot, names) = bridge.run(limit, open(place, bridge.clone()))?;
    let mut batch = Batch::default();
    names.list(&mut batch);
    each(batch)?;
    let mut tables = Tables {
        snapshot,
        names,
        each,
        number: 0,
    };
    tables.dump::<ErasedRow>()?;
    tables.dump::<DefinitionRow>()?;
    tables.dump::<PlanRow>()?;
    tables.dump::<ExposureRow>()?;
    tables.dump::<ConversionRow>()?;
    tables.dump::<AliasRow>()?;
    tables.dump::<SumRow>()?;
    tables.dump::<LossRow>()?;
    tables.dump::<RawUnitRow>()?;
    tables.dump::<AsideRow>()
}

/// Reads the names, and declares a cursor for each table.
async fn open(place: Place, bridge: Bridge) -> Outcome<(Arc<Snapshot>, Names)> {
    let mut tx = place.scanning().await?;
    let names = Names::load(&mut tx).await?;
    for (number, select) in SELECTS.into_iter().enumerate() {
        declare(number, select, |query| query, &mut tx).await?;
    }
    // One cursor is read after the other.
    let snapshot = Snapshot::new(tx, bridge, (place.limits().scan, 1));
    Ok((snapshot, names))
}

/// The tables, of which the next one is about to be read.
struct Tables<'a> {
    snapshot: Arc<Snapshot>,
    names: Names,
    each: Each<'a>,
    /// Which of [`SELECTS`] comes next.
    number: usize,
}

impl Tables<'_> {
    /// Passes the rows of one table, a chunk for each batch.
    fn dump<T: Dumped>(&mut self) -> Result<(), StoreError> {
        let mut cursor = self.snapshot.cursor(self.number, T::read)?;
        self.number += 1;
        loop {
            let rows = cursor.chunk()?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut batch = Batch::default();
            for row in rows.into_iter().flatten() {
                row.put(&mut batch, &self.names)?;
            }
            (self.each)(batch)?;
        }
    }
}
