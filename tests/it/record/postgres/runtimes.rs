use std::thread;

use tokio::{
    runtime::{Builder, Runtime},
    task::spawn_blocking,
};
use tower_tracks::record::{Postgres, Store, StoreError, StoreErrorKind};

use super::{
    facts::{met, question},
    schema::{Schema, pool_here},
};

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn two_threads() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

async fn connect(schema: &Schema) -> Postgres {
    let pool = pool_here(schema.uri(), 1);
    let builder = Postgres::builder(pool).schema(schema.name());
    builder.connect().await.unwrap()
}

fn kind<T: std::fmt::Debug>(result: Result<T, StoreError>) -> StoreErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn one_that_was_shut_down() {
    for runtime in [one_thread(), two_threads()] {
        let Some(schema) = Schema::new() else { return };
        let store = runtime.block_on(connect(&schema));
        drop(runtime);
        assert_eq!(kind(store.phases()), StoreErrorKind::Unavailable);
        assert_eq!(kind(store.write(&met(0..1))), StoreErrorKind::Unavailable);
        let answer = store.attribute(&question());
        assert_eq!(kind(answer), StoreErrorKind::Unavailable);
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
    assert_eq!(kind(dump), StoreErrorKind::Unavailable);
    assert!(batches < 3, "{batches}");
}

/// The one thread would wait for itself.
#[test]
fn async_code_on_the_only_thread() {
    let Some(schema) = Schema::new() else { return };
    one_thread().block_on(async {
        let store = connect(&schema).await;
        let error = store.write(&met(0..1)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Other);
        assert!(error.to_string().contains("spawn_blocking"), "{error}");
        let blocking = store.clone();
        let written = spawn_blocking(move || blocking.write(&met(0..1)));
        assert_eq!(written.await.unwrap().unwrap().total().new, 2);
        let answer = spawn_blocking(move || store.attribute(&question()));
        assert!(answer.await.unwrap().unwrap().is_some());
    });
}

#[test]
fn async_code_on_one_of_several_threads() {
    let Some(schema) = Schema::new() else { return };
    two_threads().block_on(async {
        let store = connect(&schema).await;
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
    let written = one_thread().block_on(async { store.write(&met(0..1)) });
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
