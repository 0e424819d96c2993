use std::{
    env,
    io::{self, Write},
    process,
    sync::{
        LazyLock, Once, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{PgPool, QueryBuilder, postgres::PgPoolOptions};
use tokio::runtime::{Builder, Runtime};
use tower_tracks::store::{Postgres, PostgresBuilder, StoreError};

/// A connection URI of a database in which schemas may be made.
const VARIABLE: &str = "TRACKS_TEST_POSTGRES";

/// The runtime of all stores, but of those that are tested without one.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
});

/// Whose connections go from schema to schema.
static POOL: OnceLock<PgPool> = OnceLock::new();

/// A schema of a test's own, which goes with it.
pub(crate) struct Schema {
    name: String,
    uri: String,
}

impl Schema {
    /// Returns an unused name; `None`, with a printed line, without a database.
    pub(crate) fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(uri) = env::var(VARIABLE) else {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                skipped(&format!(
                    "{VARIABLE} names no database; `.ci/postgres cargo test --test it record` does"
                ));
            });
            return None;
        };
        let (id, count) = (process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let name = format!("tracks_{id}_{count}");
        Some(Self { name, uri })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    /// Returns the store by the connections of all tests.
    pub(crate) fn store(&self) -> Postgres {
        let pool = POOL.get_or_init(|| self.pool());
        self.connect(pool.clone()).unwrap()
    }

    /// Returns the store by the connections of all tests, with other settings.
    pub(crate) fn store_with(
        &self,
        set: impl FnOnce(PostgresBuilder) -> PostgresBuilder,
    ) -> Postgres {
        let pool = POOL.get_or_init(|| self.pool());
        let builder = Postgres::builder(pool.clone()).schema(&self.name);
        wait(set(builder).connect()).unwrap()
    }

    /// Returns a store by a pool of its own, as another node has it.
    pub(crate) fn node(&self) -> Postgres {
        self.connect(self.pool()).unwrap()
    }

    pub(crate) fn pool(&self) -> PgPool {
        self.pool_of(&self.uri)
    }

    pub(super) fn pool_of(&self, uri: &str) -> PgPool {
        self.pool_of_up_to(uri, 8)
    }

    pub(super) fn pool_of_up_to(&self, uri: &str, connections: u32) -> PgPool {
        let _context = RUNTIME.enter();
        pool_here(uri, connections)
    }

    pub(crate) fn connect(&self, pool: PgPool) -> Result<Postgres, StoreError> {
        wait(Postgres::builder(pool).schema(&self.name).connect())
    }

    /// Runs a statement in the schema.
    pub(crate) fn execute(&self, statement: &str) -> u64 {
        let pool = POOL.get_or_init(|| self.pool());
        let mut query = QueryBuilder::new(statement.replace("{schema}", &self.name));
        wait(query.build().execute(pool)).unwrap().rows_affected()
    }

    /// Returns the lines that are asked for in the schema.
    pub(crate) fn texts(&self, select: &str) -> Vec<String> {
        let pool = POOL.get_or_init(|| self.pool());
        let mut query = QueryBuilder::new(select.replace("{schema}", &self.name));
        wait(query.build_query_scalar().fetch_all(pool)).unwrap()
    }

    /// Returns the number that a query in the schema returns.
    pub(crate) fn number(&self, select: &str) -> i64 {
        let pool = POOL.get_or_init(|| self.pool());
        let mut query = QueryBuilder::new(select.replace("{schema}", &self.name));
        wait(query.build_query_scalar().fetch_one(pool)).unwrap()
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.execute("DROP SCHEMA IF EXISTS {schema} CASCADE");
    }
}

/// Returns a pool of up to so many connections, made when they are needed, of this runtime.
pub(super) fn pool_here(uri: &str, connections: u32) -> PgPool {
    let options = PgPoolOptions::new().max_connections(connections);
    options.connect_lazy(uri).unwrap()
}

/// Runs a future on the runtime of all stores.
pub(super) fn wait<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

/// Writes past the capture of the test harness, which would hide it where the test passes.
pub(super) fn skipped(why: &str) {
    let message = format!("\nSKIPPED: the store in PostgreSQL: {why}\n");
    let written = writeln!(io::stderr(), "{message}");
    written.unwrap_or_else(|error| panic!("{message} ({error})"));
}
