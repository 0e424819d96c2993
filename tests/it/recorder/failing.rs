//! A sink that fails, refuses, hangs or panics.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use tower_tracks::{
    Key, Observe,
    record::{Record, Sink, SinkError, Taken},
    store::{Batch, LostReason, Store, StoreError, StoreErrorKind},
    unit::Unit,
};

use super::{LONG, builder, delay, exposure, faulty::Faulty, units};

fn error(kind: StoreErrorKind) -> StoreError {
    StoreError::new(kind, "it does not work")
}

fn has(batch: &Batch, unit: Unit) -> bool {
    batch.exposures.iter().any(|row| row.unit == unit)
}

#[test]
fn a_failed_write_is_tried_again_without_loss() {
    let failures = AtomicU32::new(0);
    let store = Faulty::new(move |_| match failures.fetch_add(1, SeqCst) {
        0..3 => Err(error(StoreErrorKind::Busy)),
        _ => Ok(()),
    });
    let recorder = builder().store(store).start().unwrap();
    recorder.observe(&exposure(&delay(), "alice"));
    let failed = recorder.flush().wait().unwrap_err();
    assert_eq!(failed.to_string(), "store: it does not work");
    recorder.observe(&exposure(&delay(), "bob"));
    let begin = Instant::now();
    while recorder.flush().wait().is_err() {
        assert!(begin.elapsed() < LONG);
    }
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!((tally.accepted, tally.written, tally.dropped), (2, 2, 0));
}

#[test]
fn one_that_is_refused_is_set_aside_and_the_rest_is_written() {
    let bad = units().unit("visitor", &Key::from(13));
    let store = Faulty::new(move |batch| match has(batch, bad) {
        true => Err(error(StoreErrorKind::Refused)),
        false => Ok(()),
    });
    let recorder = builder().store(store.clone()).start().unwrap();
    let sets = delay();
    for key in 0..100 {
        recorder.observe(&exposure(&sets, key));
    }
    recorder.flush().wait().unwrap();
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!((tally.written, tally.aside, tally.dropped), (99, 1, 0));
    assert_eq!(store.exposure_rows(), 99);
    let mut reasons = Vec::new();
    let mut keep = |batch: Batch| {
        let reason = |row: tower_tracks::store::AsideRow| row.reason.to_string();
        reasons.extend(batch.aside.into_iter().map(reason));
        Ok(())
    };
    store.dump(&mut keep).unwrap();
    assert_eq!(reasons, ["it does not work"]);
}

#[test]
fn events_that_cannot_be_set_aside_are_counted_by_track() {
    let store = Faulty::new(|batch| match batch.rows() {
        0 => Ok(()),
        _ if batch.losses.is_empty() => Err(error(StoreErrorKind::Refused)),
        _ => Ok(()),
    });
    let recorder = builder().store(store.clone()).start().unwrap();
    let sets = delay();
    for key in 0..50 {
        recorder.observe(&exposure(&sets, key));
    }
    recorder
        .reached(&Key::from(1), "purchase")
        .once("1")
        .unwrap();
    recorder.flush().wait().unwrap();
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!(
        (tally.accepted, tally.dropped, tally.waiting()),
        (51, 51, 0)
    );
    let losses = recorder.losses();
    for lost in &losses {
        assert_eq!(lost.reason, LostReason::Unwritable);
        let counted = match (&lost.track, &lost.goal) {
            (Some(track), None) => {
                let is_in = |key: &u32| sets.assign(*key, &()).track() == Some(&*track.track);
                (0..50).filter(is_in).count() as u64
            }
            (None, Some(goal)) if goal.as_str() == "purchase" => 1,
            other => panic!("{other:?}"),
        };
        assert_eq!(lost.n, counted);
    }
    assert_eq!(losses.len(), 4);
    // And the store keeps it.
    let kept: u64 = store.losses().unwrap().iter().map(|loss| loss.n).sum();
    assert_eq!(kept, 51);
}

/// A sink that waits until it may go on, then does something.
struct Gate {
    name: &'static str,
    open: Arc<AtomicBool>,
    panics: bool,
}

impl Sink for Gate {
    fn name(&self) -> &str {
        self.name
    }

    fn write(&mut self, records: &[Record]) -> Result<Taken, SinkError> {
        while !self.open.load(SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        assert!(!self.panics, "the sink is broken");
        let written = records.len() as u64;
        Ok(Taken {
            written,
            ..Taken::default()
        })
    }
}

#[test]
fn a_sink_that_hangs_keeps_neither_another_nor_the_shutdown_waiting() {
    let open = Arc::new(AtomicBool::new(false));
    let store = Faulty::new(|_| Ok(()));
    let hanging = Gate {
        name: "hanging",
        open: open.clone(),
        panics: false,
    };
    let recorder = builder().store(store).sink(hanging).start().unwrap();
    for key in 0..10 {
        recorder.observe(&exposure(&delay(), key));
    }
    let begin = Instant::now();
    while recorder.tallies().get("store").unwrap().written < 10 {
        assert!(begin.elapsed() < LONG);
        std::thread::yield_now();
    }
    let begin = Instant::now();
    let tallies = recorder.shutdown(Duration::from_millis(50)).wait();
    assert!(begin.elapsed() < LONG / 2);
    assert_eq!(tallies.get("store").unwrap().written, 10);
    assert_eq!(tallies.get("hanging").unwrap().dropped, 10);
    open.store(true, SeqCst);
}

#[test]
fn a_sink_that_panics_is_asked_again() {
    let panicking = Gate {
        name: "panicking",
        open: Arc::new(AtomicBool::new(true)),
        panics: true,
    };
    let store = Faulty::new(|_| Ok(()));
    let recorder = builder().store(store).sink(panicking).start().unwrap();
    for key in 0..10 {
        recorder.observe(&exposure(&delay(), key));
    }
    let tallies = recorder.flush().wait().unwrap();
    assert_eq!(tallies.get("store").unwrap().written, 10);
    assert_eq!(tallies.get("panicking").unwrap().dropped, 10);
}

#[test]
fn events_after_the_shutdown_are_counted() {
    let store = Faulty::new(|_| Ok(()));
    let recorder = builder().store(store).start().unwrap();
    recorder.observe(&exposure(&delay(), 1));
    let tallies = recorder.shutdown(LONG).wait();
    assert_eq!(tallies.get("store").unwrap().written, 1);
    recorder.observe(&exposure(&delay(), 2));
    let tally = recorder.tallies().get("store").unwrap();
    assert_eq!((tally.accepted, tally.dropped), (2, 1));
    assert_eq!(recorder.losses()[0].reason, LostReason::Closed);
    // To end twice, or to flush what ended, waits for nothing.
    assert_eq!(recorder.shutdown(LONG).wait().get("store").unwrap(), tally);
    assert!(recorder.flush().wait().is_err());
}

#[test]
fn events_beyond_the_deadline_are_counted() {
    let store = Faulty::new(|batch| match batch.exposures.is_empty() {
        true => Ok(()),
        false => Err(error(StoreErrorKind::Unavailable)),
    });
    let recorder = builder().store(store.clone()).start().unwrap();
    for key in 0..10 {
        recorder.observe(&exposure(&delay(), key));
    }
    let tallies = recorder.shutdown(Duration::from_millis(200)).wait();
    let tally = tallies.get("store").unwrap();
    assert_eq!((tally.accepted, tally.written, tally.dropped), (10, 0, 10));
    // Beyond the time, the thread may still be at it.
    let begin = Instant::now();
    let kept = || {
        store
            .losses()
            .unwrap()
            .iter()
            .map(|loss| loss.n)
            .sum::<u64>()
    };
    while kept() < 10 {
        assert!(begin.elapsed() < LONG);
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(kept(), 10);
    let losses = store.losses().unwrap();
    assert!(losses.iter().all(|loss| &*loss.reason == "time-over"));
}

#[tokio::test]
async fn flush_and_shutdown_are_awaited_on_a_single_thread() {
    let store = Faulty::new(|_| Ok(()));
    let recorder = builder().store(store).start().unwrap();
    recorder.observe(&exposure(&delay(), 1));
    recorder.flush().await.unwrap();
    let closed = recorder.shutdown(LONG).await;
    assert_eq!(closed.get("store").unwrap().written, 1);
    assert_eq!(
        closed.to_string(),
        "store: 1 accepted: 1 written, 0 known before, 0 dropped, 0 set aside"
    );
}

#[test]
fn a_flush_waits_for_each_batch_of_what_was_told_before() {
    let store = Faulty::new(|_| {
        std::thread::sleep(Duration::from_millis(2));
        Ok(())
    });
    let recorder = builder().batch(1).store(store).start().unwrap();
    let sets = delay();
    for key in 0..20 {
        recorder.observe(&exposure(&sets, key));
    }
    let tallies = recorder.flush().wait().unwrap();
    assert_eq!(tallies.get("store").unwrap().written, 20);
}

#[test]
fn a_flush_waits_for_what_was_told_before_alone() {
    let store = Faulty::new(|_| Ok(()));
    let recorder = builder().store(store).start().unwrap();
    let sets = delay();
    let told = AtomicU64::new(0);
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(SeqCst) {
                recorder.observe(&exposure(&sets, told.load(SeqCst)));
                told.fetch_add(1, SeqCst);
                std::thread::sleep(Duration::from_micros(50));
            }
        });
        let flush = |_| (told.load(SeqCst), recorder.flush().wait());
        let flushes: Vec<_> = (0..20).map(flush).collect();
        ended.store(true, SeqCst);
        for (before, after) in flushes {
            let after = after.unwrap().get("store").unwrap();
            assert!(after.written >= before, "{before} {after}");
        }
    });
}
