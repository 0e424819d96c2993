//! Recording while connections die.

use std::{
    thread,
    time::{Duration, Instant},
};

use tower_tracks::{
    MultiTrackSet,
    record::{Recorder, Tally},
    store::Postgres,
};

use super::{
    super::{
        emptied::{builder, delay, expose},
        schema::{Schema, wait},
    },
    BOUND, Broken, COMMIT, flush,
};
use crate::wire::{Chance, Fault, Way};

/// A recorder, and the number of reported visitors.
pub(super) struct Told {
    recorder: Recorder,
    sets: MultiTrackSet,
    count: u64,
}

impl Told {
    pub(super) fn new(store: &Postgres) -> Self {
        let recorder = builder().store(store.clone()).start().unwrap();
        let (sets, count) = (delay(), 0);
        Self {
            recorder,
            sets,
            count,
        }
    }

    pub(super) fn tell(&mut self, count: u64) {
        for key in self.count..self.count + count {
            expose(&self.recorder, &self.sets, key);
        }
        self.count += count;
    }

    /// Flushes until everything is written, which may not take long.
    #[track_caller]
    fn written(&self) -> Tally {
        let begun = Instant::now();
        loop {
            match flush(&self.recorder) {
                Ok(tallies) => return tallies.get("store").unwrap(),
                Err(error) => assert!(begun.elapsed() < BOUND * 2, "{error}"),
            }
        }
    }

    /// Everything is written, once, and nothing is lost.
    #[track_caller]
    pub(super) fn is_stored(&self, schema: &Schema, what: &str) -> Tally {
        let tally = self.written();
        let (taken, lost) = (
            tally.written + tally.duplicates,
            tally.dropped + tally.aside,
        );
        assert_eq!((taken, lost), (self.count, 0), "{what}");
        let stored = schema.number("SELECT count(*) FROM {schema}.exposure");
        assert_eq!(stored as u64, self.count, "{what}");
        tally
    }
}

/// Breaks a connection at a moment of writing, and has others work.
fn survive(text: &'static str, fault: Fault) {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 3);
    let mut told = Told::new(&broken.store);
    told.tell(100);
    told.written();
    broken.wire.strike_at(text, fault);
    told.tell(100);
    broken.wire.wait_for_faults(1);
    told.tell(100);
    let tally = told.is_stored(&schema, &format!("{text}: {fault:?}"));
    // What was committed before its answer was lost is known when it is written again.
    let was_committed = text == COMMIT && fault == Fault::Swallow(Way::ToClient);
    assert!(!was_committed || tally.duplicates > 0, "it was not");
}

#[test]
fn events_are_written_after_a_connection_dies_inside_a_transaction() {
    let faults = [
        Fault::Swallow(Way::ToServer),
        Fault::Swallow(Way::ToClient),
        Fault::Swallow(Way::Both),
        Fault::Cut,
        Fault::Delay(Duration::from_millis(20)),
    ];
    thread::scope(|scope| {
        for text in ["BEGIN", "INSERT INTO exposure", COMMIT] {
            for fault in faults {
                scope.spawn(move || survive(text, fault));
            }
        }
    });
}

/// How many connections die while they are idle.
const IDLE: u32 = 12;

/// All of them at once, so that trying one after the other would take too long.
#[test]
fn events_are_written_after_all_idle_connections_die() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, IDLE);
    let mut told = Told::new(&broken.store);
    told.tell(1);
    told.written();
    wait(async {
        let mut connections = Vec::new();
        for _ in 0..IDLE {
            connections.push(broken.pool.acquire().await.unwrap());
        }
        for mut connection in connections {
            connection.return_to_pool().await;
        }
    });
    broken.wire.strike_all(Fault::Swallow(Way::Both));
    let begun = Instant::now();
    told.tell(100);
    told.is_stored(&schema, "idle");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(20), "it took {took:?}");
}

/// Breaks all connections, and lets nothing through new ones for a while.
fn wait_for_connections(way: Way) {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 3);
    let mut told = Told::new(&broken.store);
    broken.wire.strike_new(Some(Fault::Swallow(way)));
    broken.wire.strike_all(Fault::Cut);
    told.tell(100);
    for _ in 0..2 {
        let error = flush(&told.recorder).unwrap_err();
        assert!(error.reason.contains("PostgreSQL"), "{error}");
    }
    broken.wire.strike_new(None);
    told.is_stored(&schema, "at connect");
}

#[test]
fn events_wait_while_new_connections_are_not_answered() {
    thread::scope(|scope| {
        for way in [Way::ToServer, Way::ToClient] {
            scope.spawn(move || wait_for_connections(way));
        }
    });
}

/// The same faults each time, as far as threads allow.
#[test]
fn events_are_written_through_faults_by_chance() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 3);
    let mut told = Told::new(&broken.store);
    broken.wire.strike_by(Some(Chance::new(14, 40)));
    let begun = Instant::now();
    while broken.wire.faults() < 4 && begun.elapsed() < BOUND {
        told.tell(20);
        thread::sleep(Duration::from_millis(10));
    }
    broken.wire.strike_by(None);
    told.tell(100);
    told.is_stored(&schema, "by chance");
    assert!(broken.wire.faults() > 0);
}

#[test]
fn a_shutdown_does_not_wait_for_a_connection_that_died() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 3);
    let mut told = Told::new(&broken.store);
    broken.wire.strike_at(COMMIT, Fault::Swallow(Way::ToServer));
    told.tell(100);
    broken.wire.wait_for_faults(1);
    let limit = Duration::from_millis(100);
    let begun = Instant::now();
    let tallies = told.recorder.shutdown(limit).wait();
    assert!(begun.elapsed() < Duration::from_secs(3), "it waits");
    let tally = tallies.get("store").unwrap();
    assert_eq!((tally.accepted, tally.dropped), (100, 100));
}
