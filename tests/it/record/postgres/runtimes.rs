use std::{
    thread,
    time::{Duration, Instant},
};

use sqlx::PgPool;
use tokio::{
    runtime::{Builder, Runtime},
    task::spawn_blocking,
};
use tower_tracks::store::{Attribute, Postgres, Store, StoreError, StoreErrorKind};

use super::{
    facts::{met, question},
    schema::{Schema, pool_here},
};

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// As a machine with one processor has by default.
fn one_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

fn two_threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

async fn connect(schema: &Schema) -> Postgres {
    connect_to(schema, pool_here(schema.uri(), 1)).await
}

async fn connect_to(schema: &Schema, pool: PgPool) -> Postgres {
    let builder = Postgres::builder(pool).schema(schema.name());
    builder.connect().await.unwrap()
}

fn kind<T: std::fmt::Debug>(result: Result<T, StoreError>) -> StoreErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn one_that_was_shut_down() {
    let Some(schema) = Schema::new() else { return };
    let runtime = two_threads();
    let store = runtime.block_on(connect(&schema));
    drop(runtime);
    assert_eq!(kind(store.phases()), StoreErrorKind::Over);
    assert_eq!(kind(store.write(&met(0..1))), StoreErrorKind::Over);
    let answer = store.attribute(&question());
    assert_eq!(kind(answer), StoreErrorKind::Over);
}

#[test]
fn a_store_outlives_a_runtime_of_one_thread() {
    for runtime in [current_thread(), one_thread()] {
        let Some(schema) = Schema::new() else { return };
        let store = runtime.block_on(connect(&schema));
        drop(runtime);
        assert_eq!(store.write(&met(0..1)).unwrap().total().new, 2);
        assert!(store.attribute(&question()).unwrap().is_some());
    }
}

#[test]
fn one_that_is_shut_down_meanwhile() {
    let Some(schema) = Schema::new() else { return };
    let runtime = two_threads();
    let store = runtime.block_on(connect(&schema));
    store.write(&met(0..20_001)).unwrap();
    let mut runtime = Some(runtime);
    let mut batches = 0;
    let dump = store.dump(&mut |_| {
        batches += 1;
        drop(runtime.take());
        Ok(())
    });
    assert_eq!(kind(dump), StoreErrorKind::Over);
    assert!(batches < 3, "{batches}");
}

/// The one thread waits, and its runtime does nothing meanwhile.
#[test]
fn async_code_on_the_only_thread() {
    for runtime in [current_thread(), one_thread()] {
        let Some(schema) = Schema::new() else { return };
        runtime.block_on(async {
            let store = connect(&schema).await;
            let writing = tokio::spawn(async move {
                assert_eq!(store.write(&met(0..1)).unwrap().total().new, 2);
                store
            });
            let store = writing.await.unwrap();
            let answer = spawn_blocking(move || store.attribute(&question()));
            assert!(answer.await.unwrap().unwrap().is_some());
        });
    }
}

/// The store's own connections go with those of the pool, so that a database can be dropped.
#[test]
fn a_pool_that_is_closed_closes_the_connections_of_the_store() {
    let Some(schema) = Schema::new() else { return };
    let uri = format!("{}?application_name={}", schema.uri(), schema.name());
    let runtime = current_thread();
    let pool = runtime.block_on(async { pool_here(&uri, 1) });
    let builder = Postgres::builder(pool.clone()).schema(schema.name());
    let store = runtime.block_on(builder.connect()).unwrap();
    let connections = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '{}'",
        schema.name()
    );
    assert_eq!(schema.number(&connections), 1);
    runtime.block_on(pool.close());
    assert_eq!(kind(store.write(&met(0..1))), StoreErrorKind::Unavailable);
    let begun = Instant::now();
    while schema.number(&connections) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn async_code_on_one_of_several_threads() {
    let Some(schema) = Schema::new() else { return };
    two_threads().block_on(async {
        let pool = pool_here(schema.uri(), 1);
        let store = connect_to(&schema, pool.clone()).await;
        // The only connection comes back by a task of the runtime. A thread that blocks in a store may
        // have that task next, and no other thread takes it from there.
        let begun = Instant::now();
        while pool.num_idle() == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let writing = async move { store.write(&met(0..1)) };
        let written = tokio::spawn(writing).await.unwrap();
        assert_eq!(written.unwrap().total().new, 2);
    });
}

#[test]
fn another_runtime_and_a_plain_thread() {
    let Some(schema) = Schema::new() else { return };
    let runtime = two_threads();
    let store = runtime.block_on(connect(&schema));
    let written = current_thread().block_on(async { store.write(&met(0..1)) });
    assert_eq!(written.unwrap().total().new, 2);
    let phases = thread::spawn(move || store.phases()).join().unwrap();
    assert_eq!(phases.unwrap().len(), 1);
}

/// The only connection of the pool goes back to it.
#[test]
fn a_reader_that_has_enough() {
    let Some(schema) = Schema::new() else { return };
    let runtime = two_threads();
    let store = runtime.block_on(connect(&schema));
    store.write(&met(0..20_001)).unwrap();
    let enough = || StoreError::new(StoreErrorKind::Refused, "enough");
    let dump = store.dump(&mut |_| Err(enough()));
    assert_eq!(kind(dump), StoreErrorKind::Refused);
    assert_eq!(store.phases().unwrap().len(), 1);
}
