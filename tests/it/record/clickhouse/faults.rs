//! A server that fails for a while. Nothing that the queue of a recorder can hold is lost, and the accounts add up.

use std::time::{Duration, Instant};

use tower_tracks::store::{
    Attribute, Memory, Store, StoreErrorKind, Timestamp, conformance::dumped,
};

use super::{
    database::faulty,
    facts::{builder, met, question, report, written},
};

const KINDS: [&str; 4] = ["unavailable", "refused", "cut", "torn"];

#[test]
fn a_write_survives_single_faults() {
    let Some(database) = faulty() else { return };
    let (store, memory) = (database.store(), Memory::default());
    for (kind, first) in KINDS.into_iter().zip((0..).step_by(50)) {
        for skip in 0..8 {
            database.fault(kind, skip, 1);
            let batch = met(first..first + 50, skip.into());
            store.write(&batch).unwrap();
            memory.write(&batch).unwrap();
            database.fault("none", 0, 0);
        }
    }
    assert_eq!(dumped(&store), dumped(&memory));
    assert_eq!(
        store.attribute(&question()).unwrap(),
        memory.attribute(&question()).unwrap()
    );
}

#[test]
fn a_write_that_failed_is_completed_by_the_next() {
    let Some(database) = faulty() else { return };
    let (store, memory) = (database.store(), Memory::default());
    let batch = met(0..50, 0);
    memory.write(&batch).unwrap();
    for skip in 0..5 {
        for kind in KINDS {
            // In every second turn, the names are unknown, too.
            let store = if skip % 2 == 0 {
                &store
            } else {
                &database.store()
            };
            database.fault(kind, skip, 100);
            let error = store.write(&batch).unwrap_err();
            assert!(error.is_transient(), "{error:?}");
            database.fault("none", 0, 0);
        }
    }
    store.write(&batch).unwrap();
    assert_eq!(dumped(&store), dumped(&memory));
}

#[test]
fn an_answer_that_ends_early_is_an_error() {
    let Some(database) = faulty() else { return };
    let store = database.store();
    store.write(&met(0..500, 0)).unwrap();
    for kind in ["torn", "failed"] {
        for skip in 0..20 {
            database.fault(kind, skip, 100);
            let answer = store.attribute(&question());
            database.fault("none", 0, 0);
            match answer {
                Ok(answer) => assert_eq!(
                    answer,
                    store.attribute(&question()).unwrap(),
                    "{kind} {skip}"
                ),
                Err(error) => assert!(error.is_transient(), "{error:?}"),
            }
        }
    }
    let error = {
        database.fault("failed", 9, 100);
        store.attribute(&question()).unwrap_err()
    };
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(
        error.to_string().contains("MEMORY_LIMIT_EXCEEDED"),
        "{error}"
    );
    database.fault("none", 0, 0);
}

#[test]
fn a_slow_answer_ends_at_the_limit() {
    let Some(database) = faulty() else { return };
    database.store().write(&met(0..10, 0)).unwrap();
    let limit = Duration::from_secs(2);
    let lazy = || database.builder().operation_timeout(limit).lazy().unwrap();
    let opened = lazy();
    opened.phases().unwrap();
    // Before an answer and in the middle of one, also of the first question of a store.
    for kind in ["slow", "stalled"] {
        for store in [&opened, &lazy()] {
            database.fault(kind, 0, 1);
            let begin = Instant::now();
            let error = store.phases().unwrap_err();
            assert_eq!(error.kind(), StoreErrorKind::TimedOut, "{kind}: {error}");
            assert!(begin.elapsed() < Duration::from_secs(4));
            database.fault("none", 0, 0);
            assert!(store.phases().is_ok());
        }
    }
    // After the names, a question about all facts has a limit of its own.
    database.fault("stalled", 1, 1);
    opened.conversions_by_day(Timestamp::MAX).unwrap();
}

#[test]
fn a_recorder_loses_nothing_that_its_queue_holds() {
    let Some(database) = faulty() else { return };
    let recorder = builder().store(database.store()).start().unwrap();
    let mut reported = 0;
    for (turn, kind) in KINDS.into_iter().enumerate() {
        // A write sends each request three times, so it fails once for each kind.
        database.fault(kind, turn as u32, 4);
        report(&recorder, reported..reported + 100);
        reported += 100;
    }
    database.fault("slow", 0, 1);
    let tally = written(&recorder);
    database.fault("none", 0, 0);
    assert_eq!(
        (tally.dropped, tally.accepted),
        (0, 2 * reported),
        "{tally}"
    );
    let store = database.store();
    let (mut exposures, mut conversions) = (0, 0);
    let dump = store.dump(&mut |batch| {
        exposures += batch.exposures.len() as u64;
        conversions += batch.conversions.len() as u64;
        Ok(())
    });
    dump.unwrap();
    assert_eq!((exposures, conversions), (reported, reported));
    assert!(store.losses().unwrap().is_empty());
}
