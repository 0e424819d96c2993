//! All rows of a store, on their way to another one.

use crate::store::{
    Batch, ErasedRow, Memory, Store, StoreError, StoreErrorKind, Timestamp,
    conformance::{
        dumped,
        fixtures::{Draws, Fact, batch, random_erasure, random_fact, raw_unit, units},
    },
};

/// A dump can be written into another store, which then has the same rows.
pub fn a_dump_can_be_written_into_another_store(store: &dyn Store) {
    fill(store);
    let other = Memory::default();
    let written = store.dump(&mut |batch| other.write(&batch).map(drop));
    written.unwrap();
    assert_eq!(dumped(&other), dumped(store));
}

/// A dump ends with the error of its reader, which is not called again.
pub fn a_dump_ends_with_the_error_of_its_reader(store: &dyn Store) {
    fill(store);
    let mut calls = 0;
    let result = store.dump(&mut |_| {
        calls += 1;
        Err(StoreError::new(StoreErrorKind::Full, "no room"))
    });
    assert_eq!(result.unwrap_err().kind(), StoreErrorKind::Full);
    assert_eq!(calls, 1);
}

/// Erasures are dumped before facts, or with them, and the keys of units after facts, or with them.
pub fn erasures_are_dumped_first_and_keys_last(store: &dyn Store) {
    fill(store);
    let mut stage = 0;
    let dump = store.dump(&mut |batch| {
        let (first, last) = stages(&batch);
        assert!(first >= stage, "a batch of {first} comes after {stage}");
        stage = last.max(stage);
        Ok(())
    });
    dump.unwrap();
    assert_eq!(stage, 2, "no key was dumped");
}

/// Returns the first and the last stage of a batch: 0 for erasures, 1 for facts, and 2 for keys.
fn stages(batch: &Batch) -> (u8, u8) {
    let facts = batch.exposures.len() + batch.conversions.len() + batch.aliases.len();
    let counts = [batch.erased.len(), facts, batch.raw_units.len()];
    let stages = (0..).zip(counts).filter(|(_, count)| *count > 0);
    let stages: Vec<u8> = stages.map(|(stage, _)| stage).collect();
    let first = stages.first().copied().unwrap_or(2);
    (first, stages.last().copied().unwrap_or(0))
}

/// Writes facts of all kinds, among which are an erased unit and a key.
fn fill(store: &dyn Store) {
    let mut draws = Draws::new(0);
    let facts: Vec<Fact> = (0..300).map(|_| random_fact(&mut draws)).collect();
    store.write(&batch(&facts)).unwrap();
    store.erase(random_erasure(&mut draws)).unwrap();
    let [one, .., other] = units()[..] else {
        return;
    };
    let erased = ErasedRow::new(one, Timestamp::MIN);
    store.erase(erased).unwrap();
    store.write(&batch(&[Fact::Raw(raw_unit(other))])).unwrap();
}
