//! Stores in PostgreSQL, whose connections need a runtime.

use std::{error::Error, io, panic::resume_unwind, sync::OnceLock, thread, time::Duration};

use sqlx::{Connection, PgConnection, PgPool, postgres::PgPoolOptions};
use tokio::{
    runtime::{Builder, Handle},
    time::timeout,
};

use crate::store::Postgres;

use super::{failure::Failure, place::called};

/// The time to wait for a connection to the server, and for a free one of the pool.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the store in a schema. It must exist, unless `or_new`.
pub(super) fn open(url: &str, schema: &str, or_new: bool) -> Result<Postgres, Failure> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(Failure::usage(
            "a store by URL begins with postgresql://, http:// or https://",
        ));
    }
    let runtime = runtime().map_err(|error| Failure::of(called(url), &error))?;
    // On a thread of its own, since the application may have called from a runtime of its own.
    let store = thread::scope(|scope| {
        let connecting = scope.spawn(|| runtime.block_on(connect(url, schema, or_new)));
        connecting
            .join()
            .unwrap_or_else(|panic| resume_unwind(panic))
    });
    match store.map_err(|error| Failure::of(called(url), &*error))? {
        Some(store) => Ok(store),
        None => Err(Failure::new(format!(
            "there is no store in the schema {schema:?}"
        ))),
    }
}

/// Connects to the server, and opens the store; `None` if it does not exist, unless `or_new`.
async fn connect(
    url: &str,
    schema: &str,
    or_new: bool,
) -> Result<Option<Postgres>, Box<dyn Error + Send + Sync>> {
    // First by one connection: a pool tries again until it is out of time, and forgets why.
    let first = timeout(PATIENCE, PgConnection::connect(url)).await??;
    // The server was reached, which is all that this connection was for.
    first.close().await.ok();
    let pool = PgPoolOptions::new().acquire_timeout(PATIENCE);
    let pool = pool.connect_lazy(url)?;
    if !or_new && !is_there(&pool, schema).await? {
        return Ok(None);
    }
    let store = Postgres::builder(pool).schema(schema).connect();
    Ok(Some(store.await?))
}

/// Returns whether the schema has the tables of a store.
async fn is_there(pool: &PgPool, schema: &str) -> Result<bool, sqlx::Error> {
    let query = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables
        WHERE schemaname = $1 AND tablename = 'exposure')";
    // In a transaction and without a name, for poolers between transactions.
    let mut tx = pool.begin().await?;
    let query = sqlx::query_scalar(query).bind(schema).persistent(false);
    query.fetch_one(&mut *tx).await
}

/// Returns the runtime of all stores of this process, which runs until it ends.
fn runtime() -> io::Result<Handle> {
    /// The handle of the only runtime: stores keep connections that belong to it.
    static RUNTIME: OnceLock<Handle> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let thread = thread::Builder::new().name("tracks-postgres".into());
    // A runtime of one thread works only while a thread blocks on it.
    thread.spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    // Two threads may both come here. All stores get the first handle, and the other runtime stays
    // idle.
    Ok(RUNTIME.get_or_init(|| handle).clone())
}
