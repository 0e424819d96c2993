//! A recorder that ends on the threads of the runtime that it was connected on.

use std::time::{Duration, SystemTime};

use tokio::runtime::{Builder, Runtime};
use tower_tracks::{
    Exposure, Key, Observe, SimpleTrackSet, Units, record::Recorder, store::Postgres,
};

use crate::log::Log;

use super::schema::{Schema, pool_here};

const TOLD: i64 = 3_000;

const LONG: Duration = Duration::from_secs(30);

/// Of one thread, of one by the number of processors, and of several.
fn runtimes() -> [Runtime; 3] {
    let several = |threads| {
        let mut builder = Builder::new_multi_thread();
        builder
            .worker_threads(threads)
            .enable_all()
            .build()
            .unwrap()
    };
    let one = Builder::new_current_thread().enable_all().build();
    [one.unwrap(), several(1), several(2)]
}

/// Returns a recorder into the schema that has unwritten events.
async fn told(schema: Schema) -> (Schema, Recorder) {
    let pool = pool_here(schema.uri(), 2);
    let store = Postgres::builder(pool).schema(schema.name()).connect();
    let recorder = Recorder::builder(Units::raw()).age(LONG);
    let recorder = recorder.store(store.await.unwrap()).start().unwrap();
    let sets = SimpleTrackSet::new("delay").track("long", 1_u8);
    let sets = sets.build().unwrap();
    for number in 0..TOLD as u64 {
        let choice = sets.assign(Key::from(number), &());
        let exposure = Exposure::new(choice, Key::from(number), SystemTime::now());
        recorder.observe(&exposure.unwrap());
    }
    (schema, recorder)
}

fn stored(schema: &Schema) -> i64 {
    schema.number("SELECT count(*) FROM {schema}.exposure")
}

#[test]
fn a_shutdown_that_is_waited_for_on_a_thread_of_the_runtime_writes_everything() {
    for runtime in runtimes() {
        let Some(schema) = Schema::new() else { return };
        let ending = async {
            let (schema, recorder) = told(schema).await;
            (schema, recorder.shutdown(LONG).wait())
        };
        let ended = runtime.block_on(async { tokio::spawn(ending).await });
        let (schema, tallies) = ended.unwrap();
        let tally = tallies.get("store").unwrap();
        assert_eq!((tally.written, tally.dropped), (TOLD as u64, 0));
        assert_eq!(stored(&schema), TOLD);
    }
}

/// A drop waits for a second, and a machine may be busy for as long: so another is tried where
/// one of them says that it lost something.
#[test]
fn a_drop_on_a_thread_of_the_runtime_writes_everything() {
    for runtime in runtimes() {
        let wrote_everything = (0..10).any(|_| {
            let Some(schema) = Schema::new() else {
                return true;
            };
            let ending = async {
                let (schema, recorder) = told(schema).await;
                let log = Log::start();
                drop(recorder);
                (schema, log.count("before all events were written"))
            };
            let ended = runtime.block_on(async { tokio::spawn(ending).await });
            let (schema, said) = ended.unwrap();
            let stored = stored(&schema);
            assert!(
                said > 0 || stored == TOLD,
                "{stored} stored, and nothing said"
            );
            stored == TOLD
        });
        assert!(wrote_everything);
    }
}
