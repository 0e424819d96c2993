//! Tables that go while a recorder runs, and come back.

use std::time::{Duration, Instant};

use tower_tracks::{
    Exposure, Key, MultiTrackSet, Observe, SimpleTrackSet, Units,
    record::{Recorder, RecorderBuilder, Tally},
    store::Store,
};

use super::schema::Schema;

/// How long a test waits for what does not come, before it fails.
const LONG: Duration = Duration::from_secs(60);

pub(super) fn builder() -> RecorderBuilder {
    let units = Units::pseudonym("0123456789abcdef").unwrap();
    Recorder::builder(units).age(Duration::from_millis(5))
}

pub(super) fn delay() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay").track("long", 2000_u64);
    set.build().unwrap()
}

pub(super) fn expose(recorder: &Recorder, sets: &MultiTrackSet, key: impl Into<Key<'static>>) {
    let (key, now) = (key.into(), std::time::SystemTime::now());
    let exposure = Exposure::new(sets.assign(key.clone(), &()), key, now);
    recorder.observe(&exposure.unwrap());
}

/// Flushes until everything is written.
pub(super) fn written(recorder: &Recorder) -> Tally {
    let begin = Instant::now();
    loop {
        match recorder.flush().wait() {
            Ok(tallies) => return tallies.get("store").unwrap(),
            Err(error) => assert!(begin.elapsed() < LONG, "{error}"),
        }
    }
}

fn exposures(schema: &Schema) -> i64 {
    schema.number("SELECT count(*) FROM {schema}.exposure")
}

#[test]
fn events_wait_for_a_dropped_schema_and_an_empty_one_is_filled() {
    let Some(schema) = Schema::new() else { return };
    let (store, sets) = (schema.node(), delay());
    let recorder = builder().store(store.clone()).start().unwrap();
    expose(&recorder, &sets, "alice");
    written(&recorder);
    schema.execute("DROP SCHEMA {schema} CASCADE");
    expose(&recorder, &sets, "bob");
    let error = recorder.flush().wait().unwrap_err().to_string();
    assert!(error.contains("are not in the schema"), "{error}");
    let there = "SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'";
    assert_eq!(schema.number(there), 0, "it may be about to be renamed");
    schema.execute("CREATE SCHEMA {schema}");
    written(&recorder);
    expose(&recorder, &sets, "alice");
    let tally = written(&recorder);
    assert_eq!((tally.written, tally.dropped, tally.aside), (3, 0, 0));
    assert_eq!(exposures(&schema), 2);
    assert_eq!(store.phases().unwrap()[0].definitions.len(), 1);
    assert!(store.units().unwrap().is_some());
}

/// No write fails in between, so that nothing but the missing claim tells.
#[test]
fn tables_that_others_made_again_are_claimed_and_filled() {
    let Some(schema) = Schema::new() else { return };
    let (store, sets) = (schema.node(), delay());
    let recorder = builder().store(store.clone()).start().unwrap();
    expose(&recorder, &sets, "alice");
    written(&recorder);
    schema.execute("DROP SCHEMA {schema} CASCADE");
    schema.store();
    expose(&recorder, &sets, "bob");
    written(&recorder);
    expose(&recorder, &sets, "alice");
    written(&recorder);
    assert_eq!(exposures(&schema), 2);
    assert_eq!(store.phases().unwrap()[0].definitions.len(), 1);
    assert!(store.units().unwrap().is_some());
}
