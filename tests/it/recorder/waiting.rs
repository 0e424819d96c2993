//! What a store refuses for a while waits; what it refuses for its value does not.

use std::{
    io,
    sync::atomic::{AtomicU32, Ordering::SeqCst},
    time::Instant,
};

use tower_tracks::{
    Observe,
    record::{Recorder, Tally},
    store::{Store, StoreError, StoreErrorKind, Timestamp},
};

use super::{LONG, builder, delay, exposure, faulty::Faulty, units};
use crate::log::Log;

/// Flushes until everything is written.
fn written(recorder: &Recorder) -> Tally {
    let begin = Instant::now();
    loop {
        match recorder.flush().wait() {
            Ok(tallies) => return tallies.get("store").unwrap(),
            Err(error) => assert!(begin.elapsed() < LONG, "{error}"),
        }
    }
}

#[test]
fn events_wait_through_every_failure_but_a_refusal() {
    use StoreErrorKind::{
        Busy, Corrupt, Full, NewerSchema, Other, OtherUnits, ReadOnly, Unavailable,
    };
    for kind in [
        Busy,
        Unavailable,
        Full,
        ReadOnly,
        NewerSchema,
        OtherUnits,
        Corrupt,
        Other,
    ] {
        let failures = AtomicU32::new(0);
        let store = Faulty::new(move |_| match failures.fetch_add(1, SeqCst) {
            0..4 => Err(StoreError::new(kind, "it does not work")),
            _ => Ok(()),
        });
        let recorder = builder().store(store.clone()).start().unwrap();
        let sets = delay();
        for key in 0..100 {
            recorder.observe(&exposure(&sets, key));
        }
        let tally = written(&recorder);
        assert_eq!(
            (tally.written, tally.dropped, tally.aside),
            (100, 0, 0),
            "{kind:?}"
        );
        assert_eq!(store.exposure_rows(), 100);
    }
}

#[test]
fn a_spell_of_failures_is_logged_once_with_all_causes() {
    let (log, failures) = (Log::start(), AtomicU32::new(0));
    let store = Faulty::new(move |_| match failures.fetch_add(1, SeqCst) {
        0..5 => {
            let cause = io::Error::other("the moon is full");
            Err(StoreError::new(StoreErrorKind::Other, "waning failed").caused_by(cause))
        }
        _ => Ok(()),
    });
    let recorder = builder().store(store).start().unwrap();
    for key in 0..50 {
        recorder.observe(&exposure(&delay(), key));
    }
    written(&recorder);
    let lines = log.everywhere("waning failed: the moon is full");
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[test]
fn refused_events_are_logged_by_batch_with_all_causes() {
    let log = Log::start();
    let store = Faulty::new(move |batch| match batch.exposures.is_empty() {
        true => Ok(()),
        false => {
            let cause = io::Error::other("a comet passes by");
            Err(StoreError::new(StoreErrorKind::Refused, "no such value").caused_by(cause))
        }
    });
    let recorder = builder().store(store).start().unwrap();
    for key in 0..64 {
        recorder.observe(&exposure(&delay(), key));
    }
    assert_eq!(written(&recorder).aside, 64);
    let lines = log.everywhere("no such value: a comet passes by");
    assert!((1..64).contains(&lines.len()), "{lines:?}");
}

/// As after a backup was restored: what the recorder wrote before is written again.
#[test]
fn a_store_that_lost_its_facts_gets_them_again() {
    let failures = AtomicU32::new(0);
    let store = Faulty::new(move |_| match failures.fetch_add(1, SeqCst) {
        1 => Err(StoreError::new(StoreErrorKind::Unavailable, "it is away")),
        _ => Ok(()),
    });
    let recorder = builder().store(store.clone()).start().unwrap();
    let alice = exposure(&delay(), "alice");
    recorder.observe(&alice);
    written(&recorder);
    let unit = units().unit("visitor", alice.key().unwrap());
    store.memory.retain(Timestamp::MAX, &[]).unwrap();
    assert!(store.memory.history(unit).unwrap().exposures.is_empty());
    recorder.observe(&exposure(&delay(), "bob"));
    written(&recorder);
    recorder.observe(&alice);
    written(&recorder);
    assert_eq!(store.memory.history(unit).unwrap().exposures.len(), 1);
}
