//! Connections that die without a sign, and transactions that do not go on.

mod held;
mod operations;
mod pooled;
mod recording;
mod returned;

use std::time::{Duration, Instant};

use sqlx::PgPool;
use tower_tracks::{
    record::{FlushError, Recorder, Tallies},
    store::{Postgres, PostgresBuilder},
};

use super::schema::{Schema, wait};
use crate::wire::Wire;

/// How long a step may take at most, though the machine is busy. It is more than all limits together.
const BOUND: Duration = Duration::from_secs(40);

/// The whole statement, not the beginning of `COMMITTED`.
const COMMIT: &str = "COMMIT\0";

/// Sets short limits.
fn hasty(builder: PostgresBuilder) -> PostgresBuilder {
    builder
        .idle_timeout(Duration::from_secs(1))
        .lock_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(4))
        .scan_timeout(Duration::from_secs(4))
}

/// A store whose connections a test can break.
struct Broken {
    wire: Wire,
    pool: PgPool,
    store: Postgres,
}

impl Broken {
    fn new(schema: &Schema, connections: u32) -> Self {
        Self::before(schema, schema.uri(), connections)
    }

    fn before(schema: &Schema, uri: &str, connections: u32) -> Self {
        // The tables are made within longer limits.
        schema.store();
        let (wire, uri) = Wire::before(uri);
        let pool = schema.pool_of_up_to(&uri, connections);
        let builder = Postgres::builder(pool.clone()).schema(schema.name());
        let store = wait(hasty(builder).connect()).unwrap();
        Self { wire, pool, store }
    }
}

/// Does something that may not take long.
#[track_caller]
fn bounded<T>(work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = work();
    let took = begun.elapsed();
    assert!(took < BOUND, "it took {took:?}");
    done
}

/// Flushes a recorder, which may not take long.
#[track_caller]
fn flush(recorder: &Recorder) -> Result<Tallies, FlushError> {
    let flush = recorder.flush();
    let flushed = wait(async { tokio::time::timeout(BOUND, flush.into_future()).await });
    flushed.expect("a flush is answered in bounded time")
}
