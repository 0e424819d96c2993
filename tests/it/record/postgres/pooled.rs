//! The store behind a pooler between transactions.

use std::{
    env,
    sync::{Once, OnceLock},
    thread,
};

use sqlx::PgPool;
use tower_tracks::store::{Attribute, ErasedRow, Postgres, Store, Timestamp, Written};

use super::{
    super::conformance,
    facts::{met, question, unit},
    schema::{Schema, pool_here, skipped, wait},
};

/// The URI of a pooler before the database of the other tests.
const VARIABLE: &str = "TRACKS_TEST_PGBOUNCER";

/// Returns the address of the pooler; `None`, with a printed line, without one.
pub(crate) fn pooler() -> Option<String> {
    let uri = env::var(VARIABLE).ok();
    if uri.is_none() {
        static SAID: Once = Once::new();
        SAID.call_once(|| skipped(&format!("{VARIABLE} names no pooler")));
    }
    uri
}

/// Returns a store by the connections of all tests of the pooler.
fn store(schema: &Schema) -> Option<Postgres> {
    static POOL: OnceLock<PgPool> = OnceLock::new();
    let uri = pooler()?;
    let pool = POOL.get_or_init(|| schema.pool_of(&uri));
    Some(schema.connect(pool.clone()).unwrap())
}

conformance::conformance!(suite, open());

mod changes {
    use super::*;

    tower_tracks::control::conformance::change_log_conformance!(open());
}

/// Returns a store in a schema of its own; `None` without a database or a pooler.
fn open() -> Option<(Postgres, Schema)> {
    let schema = Schema::new()?;
    Some((store(&schema)?, schema))
}

#[test]
fn three_pools_that_write_and_read_at_once() {
    let (Some(schema), Some(uri)) = (Schema::new(), pooler()) else {
        return;
    };
    let nodes = [0, 1, 2].map(|_| schema.connect(schema.pool_of(&uri)).unwrap());
    let write = |(seed, node): (u64, &Postgres)| {
        let mut written = Written::default();
        for turn in 0..30 {
            let first = seed * 200 + turn * 20;
            written += node.write(&met(first..first + 100)).unwrap();
            node.attribute(&question()).unwrap();
            node.phases().unwrap();
        }
        let unit = unit(seed);
        let at = Timestamp::MIN;
        node.erase(ErasedRow::new(unit, at)).unwrap();
        written
    };
    let written = thread::scope(|scope| {
        let nodes = (0..).zip(&nodes);
        let writers: Vec<_> = nodes.map(|node| scope.spawn(move || write(node))).collect();
        let mut sum = Written::default();
        for writer in writers {
            sum += writer.join().unwrap();
        }
        sum
    });
    let rows = schema.number("SELECT count(*) FROM {schema}.exposure");
    assert_eq!(written.exposures.new, rows as u64);
    assert_eq!(rows, 400 + 29 * 20 + 100);
}

/// No pooler is needed to see it: names stay with the connection.
#[test]
fn a_store_leaves_no_prepared_statements() {
    let Some(schema) = Schema::new() else { return };
    wait(async {
        let pool = pool_here(schema.uri(), 1);
        let store = Postgres::builder(pool.clone()).schema(schema.name());
        let store = store.connect().await.unwrap();
        let used = tokio::task::spawn_blocking(move || {
            store.claim("units").unwrap();
            store.write(&met(0..100)).unwrap();
            store.attribute(&question()).unwrap();
            store.history(unit(1)).unwrap();
            store.dump(&mut |_| Ok(())).unwrap();
            store.retain(Timestamp::MAX, &[]).unwrap();
        });
        used.await.unwrap();
        let select = "SELECT count(*) FROM pg_prepared_statements";
        let query = sqlx::query_scalar(select).persistent(false);
        let names: i64 = query.fetch_one(&pool).await.unwrap();
        assert_eq!(names, 0);
    });
}
