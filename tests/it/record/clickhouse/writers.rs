//! Several programs that write into one store.

use std::{
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    thread,
    time::Duration,
};

use tower_tracks::store::{
    Attribute, Batch, ErasedRow, Memory, RawUnitRow, Store, Timestamp, conformance::dumped,
};

use super::{
    database::{Database, faulty},
    facts::{met, question, unit},
    merges::unmerged,
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

/// Changes two stores in the same way.
fn both(stores: [&dyn Store; 2], change: impl Fn(&dyn Store)) {
    stores.into_iter().for_each(change);
}

#[test]
fn rows_that_a_killed_writer_left_hide_no_later_fact() {
    let Some(database) = Database::new() else {
        return;
    };
    let (store, memory) = (database.store(), Memory::default());
    let stores: [&dyn Store; 2] = [&store, &memory];
    both(stores, |store| {
        store.write(&met(0..10, 0)).unwrap();
    });
    for table in ["exposure", "conversion", "alias"] {
        let copy = format!("CREATE TABLE {{database}}.left_{table} ENGINE = Memory");
        database.query(&format!("{copy} AS SELECT * FROM {{database}}.{table}"));
    }
    let (erased, until) = (unit(5), Timestamp::from_micros(100));
    both(stores, |store| {
        store.erase(ErasedRow::new(erased, until)).unwrap();
    });
    // Of a writer that was killed before it looked for erasures again, and of an erasure that did not come to its end.
    for (table, column) in [
        ("exposure", "unit"),
        ("conversion", "unit"),
        ("alias", "visitor"),
    ] {
        database.query(&format!(
            "INSERT INTO {{database}}.{table} SELECT * FROM {{database}}.left_{table} \
             WHERE {column} IN (SELECT unit FROM {{database}}.erased)"
        ));
    }
    database.query(
        "INSERT INTO {database}.raw_unit (unit, kind, key) SELECT unit, 'visitor', 'ann' FROM {database}.erased",
    );
    let is_equal = || {
        assert_eq!(
            store.attribute(&question()).unwrap(),
            memory.attribute(&question()).unwrap()
        );
        assert_eq!(dumped(&store), dumped(&memory));
        let (own, expected) = (store.history(erased), memory.history(erased));
        assert_eq!(own.unwrap(), expected.unwrap());
    };
    assert!(!store.is_exposed(erased).unwrap());
    is_equal();
    let mut key = Batch::default();
    key.raw_units.push(RawUnitRow::new(
        erased,
        "visitor".into(),
        b"ann".as_slice().into(),
    ));
    both(stores, |store| {
        store.write(&key).unwrap();
    });
    is_equal();
    // A later fact with the same key.
    both(stores, |store| {
        store.write(&met(5..6, 1_000)).unwrap();
    });
    assert!(store.is_exposed(erased).unwrap());
    is_equal();
}

#[test]
fn facts_after_an_erasure_outlast_a_slow_writer_of_earlier_ones() {
    if faulty().is_none() {
        return;
    }
    // A merge of the earlier with the later fact would lose the later one.
    let (store, database) = unmerged().unwrap();
    let (slow, memory) = (database.store(), Memory::default());
    // The names are known, so the second request is the insert of exposures.
    slow.write(&met(0..10, 0)).unwrap();
    let (erased, until) = (unit(11), Timestamp::from_micros(100));
    thread::scope(|scope| {
        database.fault("slow", 1, 1);
        scope.spawn(|| slow.write(&met(11..12, 0)).unwrap());
        thread::sleep(Duration::from_secs(1));
        store.erase(ErasedRow::new(erased, until)).unwrap();
        store.write(&met(11..12, 1_000)).unwrap();
    });
    database.fault("none", 0, 0);
    memory.write(&met(0..10, 0)).unwrap();
    memory.erase(ErasedRow::new(erased, until)).unwrap();
    memory.write(&met(11..12, 1_000)).unwrap();
    assert_eq!(dumped(&store), dumped(&memory));
    let rows = "SELECT count() FROM {database}.exposure";
    assert_eq!(database.number(rows), 11);
}

#[test]
fn many_units_are_erased_at_once() {
    let Some(database) = Database::new() else {
        return;
    };
    let (store, memory) = (database.store(), Memory::default());
    let mut erasures = Batch::default();
    for number in 0..1_100 {
        let erased = ErasedRow::new(unit(number), Timestamp::from_micros(600));
        erasures.erased.push(erased);
    }
    both([&store, &memory], |store| {
        store.write(&met(0..1_200, 0)).unwrap();
        store.write(&erasures).unwrap();
    });
    assert_eq!(dumped(&store), dumped(&memory));
    assert_eq!(
        store.retain(Timestamp::MAX, &[]).unwrap(),
        memory.retain(Timestamp::MAX, &[]).unwrap()
    );
}
