//! Several programs that write into one store.

use std::{
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    thread,
};

use tower_tracks::store::{Attribute, ErasedRow, Memory, Store, Timestamp, conformance::dumped};

use super::{
    database::Database,
    facts::{met, question, unit},
};

#[test]
fn two_writers_of_the_same_facts_leave_one_of_each() {
    let Some(database) = Database::new() else {
        return;
    };
    let batches = |seed: i64| {
        let turns = (0..12).map(move |turn| if seed == 0 { turn } else { 11 - turn });
        turns.map(move |turn: i64| {
            let first = 60 * turn as u64;
            met(first..first + 120, (turn * 7 + seed * 3) % 10)
        })
    };
    thread::scope(|scope| {
        for seed in 0..2 {
            let store = database.store();
            scope.spawn(move || {
                for batch in batches(seed) {
                    store.write(&batch).unwrap();
                }
            });
        }
    });
    let memory = Memory::default();
    for batch in batches(0).chain(batches(1)) {
        memory.write(&batch).unwrap();
    }
    let store = database.store();
    assert_eq!(
        store.attribute(&question()).unwrap(),
        memory.attribute(&question()).unwrap()
    );
    assert_eq!(dumped(&store), dumped(&memory));
}

#[test]
fn units_erased_during_writes_stay_erased() {
    let Some(database) = Database::new() else {
        return;
    };
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for later in 0..2 {
            let (store, is_over) = (database.store(), &is_over);
            scope.spawn(move || {
                while !is_over.load(SeqCst) {
                    store.write(&met(0..50, later)).unwrap();
                }
            });
        }
        let store = database.store();
        for number in 0..50 {
            store
                .erase(ErasedRow::new(unit(number), Timestamp::MAX))
                .unwrap();
        }
        is_over.store(true, SeqCst);
    });
    let store = database.store();
    for number in 0..50 {
        assert!(!store.is_exposed(unit(number)).unwrap(), "{number}");
    }
    // Nor are there rows that an erasure hides.
    let rows = "SELECT count() FROM {database}.exposure";
    assert_eq!(database.number(rows), 0);
}

#[test]
fn a_fact_that_comes_after_its_erasure_is_hidden() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    store
        .erase(ErasedRow::new(unit(4), Timestamp::MAX))
        .unwrap();
    let memory = Memory::default();
    memory.write(&met(0..10, 0)).unwrap();
    memory
        .erase(ErasedRow::new(unit(4), Timestamp::MAX))
        .unwrap();
    // Of a writer that was killed before it looked for erasures again.
    database.query(
        "INSERT INTO {database}.exposure SELECT phase_id, \
         (SELECT unit FROM {database}.erased LIMIT 1), track_id, first FROM {database}.exposure LIMIT 1",
    );
    assert!(!store.is_exposed(unit(4)).unwrap());
    assert_eq!(
        store.attribute(&question()).unwrap(),
        memory.attribute(&question()).unwrap()
    );
    assert_eq!(dumped(&store), dumped(&memory));
}
