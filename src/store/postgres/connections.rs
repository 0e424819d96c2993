//! Where connections come from: the application's pool, or a pool like it on the store's own
//! runtime.
//!
//! A pool reports only that time ran out, which does not help a person. So the reason is looked for
//! without the pool.
//!
//! The store's own pool copies the options of the application's pool, with its limits and hooks.
//! The connect options are copied before each use, because a password may change.

use std::time::Duration;

use sqlx::{
    Connection, Error, PgConnection, PgPool, Postgres,
    pool::{CloseEvent, PoolConnection},
};
use tokio::{runtime::Handle, time::timeout};

use super::tx::{Tx, test_idle};

/// How long to wait for the reason.
const PATIENCE: Duration = Duration::from_secs(2);

/// The connections of a store.
#[derive(Clone)]
pub(super) struct Connections {
    pool: PgPool,
    /// The application's pool, where `pool` is another that does as it does.
    like: Option<PgPool>,
}

impl Connections {
    /// Returns those of a pool.
    pub(super) fn of(pool: PgPool) -> Self {
        Self { pool, like: None }
    }

    /// Returns connections on another runtime, made as those of a pool are, with its limits and
    /// its hooks. They are closed when the pool is.
    pub(super) fn like(pool: PgPool, runtime: &Handle) -> Self {
        // The pool has a task that closes what is idle.
        let _context = runtime.enter();
        // The application's minimum is there already, by its own pool: a second one would take as many
        // connections of the server again, for nothing.
        let options = pool.options().clone().min_connections(0);
        let own = options.connect_lazy_with((*pool.connect_options()).clone());
        runtime.spawn(close_along(pool.close_event(), own.clone()));
        Self {
            pool: own,
            like: Some(pool),
        }
    }

    /// Returns how many connections there are at most.
    pub(super) fn most(&self) -> usize {
        self.pool.options().get_max_connections() as usize
    }

    /// Begins a transaction by a statement, on a connection that is waited for no longer than the
    /// limit and that of the pool.
    pub(super) async fn begin(
        &self,
        statement: &'static str,
        limit: Duration,
    ) -> Result<Tx, Error> {
        if let Some(like) = &self.like {
            // An application may have changed them, as where a password is valid for an hour.
            self.pool
                .set_connect_options((*like.connect_options()).clone());
        }
        match self.acquire(limit).await {
            Ok(connection) => Tx::begin(connection, self.pool.clone(), statement).await,
            Err(error) => Err(unreached(&self.pool, error).await),
        }
    }

    /// Waits for a connection. After a timeout, idle connections are tested.
    async fn acquire(&self, limit: Duration) -> Result<PoolConnection<Postgres>, Error> {
        let acquired = timeout(limit, self.pool.acquire()).await;
        let acquired = acquired.unwrap_or(Err(Error::PoolTimedOut));
        if let Err(Error::PoolTimedOut) = acquired {
            // It may have been one that does not answer, and there may be more.
            test_idle(&self.pool);
        }
        acquired
    }
}

/// Closes the store's own pool when the application's pool is closed.
async fn close_along(closed: CloseEvent, own: PgPool) {
    closed.await;
    own.close().await;
    // A connection that was on its way back is idle by now, where it was the only one.
    own.close().await;
}

/// Returns why there is no connection. A pool that cannot connect tries again until it is out of
/// time, and does not say why; so one connection is tried without the pool.
async fn unreached(pool: &PgPool, error: Error) -> Error {
    // A pool that has all of its connections is out of time since they are in use, and not since
    // PostgreSQL cannot be reached. One more connection would be beyond the limit.
    let has_all = pool.size() >= pool.options().get_max_connections();
    if !matches!(error, Error::PoolTimedOut) || has_all {
        return error;
    }
    let options = pool.connect_options();
    match timeout(PATIENCE, PgConnection::connect_with(&options)).await {
        Ok(Err(reason)) => reason,
        Ok(Ok(connection)) => {
            connection.close().await.ok();
            error
        }
        Err(_) => error,
    }
}
