//! Locks that another session holds and does not release.

use std::{sync::mpsc, thread, time::Instant};

use sqlx::{Connection, Executor, PgConnection, QueryBuilder};
use tower_tracks::store::{Attribute, ErasedRow, Postgres, Store, StoreErrorKind, Timestamp};

use super::{
    super::{
        emptied::{builder, delay, expose, written},
        facts::{met, question, unit},
        schema::{Schema, wait},
    },
    BOUND, Broken, COMMIT, bounded, flush, hasty,
};
use crate::wire::{Fault, Way};

fn erased() -> ErasedRow {
    ErasedRow::new(unit(1), Timestamp::MAX)
}

fn store(schema: &Schema) -> Postgres {
    let builder = Postgres::builder(schema.pool()).schema(schema.name());
    wait(hasty(builder).connect()).unwrap()
}

/// As a person who left `psql` in a transaction.
#[test]
fn a_locked_table_holds_nobody_up_for_long_and_nothing_is_lost() {
    let Some(schema) = Schema::new() else { return };
    let store = store(&schema);
    store.write(&met(0..10)).unwrap();
    let recorder = builder().store(store.clone()).start().unwrap();
    let mut psql = wait(PgConnection::connect(schema.uri())).unwrap();
    wait(psql.execute("BEGIN")).unwrap();
    let lock = format!("LOCK TABLE {}.exposure", schema.name());
    wait(QueryBuilder::new(lock).build().execute(&mut psql)).unwrap();
    (0..100_u64).for_each(|key| expose(&recorder, &delay(), key));
    let error = flush(&recorder).unwrap_err().to_string();
    assert!(error.contains("another transaction holds"), "{error}");
    let error = bounded(|| store.erase(erased())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy, "{error}");
    let error = bounded(|| store.attribute(&question())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy, "{error}");
    assert_eq!(bounded(|| store.phases()).unwrap().len(), 1);
    wait(psql.close()).unwrap();
    let tally = written(&recorder);
    assert_eq!((tally.written, tally.dropped, tally.aside), (100, 0, 0));
    let stored = schema.number("SELECT count(*) FROM {schema}.exposure");
    assert_eq!(stored, 110);
}

/// Its program is stopped, or cut off, and holds the lock that keeps erasures out.
#[test]
fn a_writer_that_does_not_go_on_keeps_others_waiting_no_longer_than_it_may_be_idle() {
    let Some(schema) = Schema::new() else { return };
    let (stopped, other) = (Broken::new(&schema, 1), store(&schema));
    other.write(&met(0..10)).unwrap();
    let at_commit = Fault::Swallow(Way::ToServer);
    stopped.wire.strike_at(COMMIT, at_commit);
    let stopping = stopped.store.clone();
    let writer = thread::spawn(move || stopping.write(&met(0..20)));
    stopped.wire.wait_for_faults(1);
    let (sender, answers) = mpsc::channel();
    let begun = Instant::now();
    thread::spawn(move || {
        sender.send(other.erase(erased()).map(drop)).ok();
        sender.send(other.write(&met(0..30)).map(drop)).ok();
    });
    for _ in 0..2 {
        let answer = answers.recv_timeout(BOUND).expect("others go on");
        answer.unwrap();
    }
    assert!(begun.elapsed() < BOUND);
    let error = writer.join().unwrap().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
}
