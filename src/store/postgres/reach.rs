//! The reason for which there is no connection. A pool reports only that time ran out, which does
//! not help a person.

use std::time::Duration;

use sqlx::{Connection, Error, PgConnection, PgPool};
use tokio::time::timeout;

/// How long to wait for the reason.
const PATIENCE: Duration = Duration::from_secs(2);

/// Returns why there is no connection. A pool that cannot connect tries again until it is out of
/// time, and does not say why; so one connection is tried without the pool.
pub(super) async fn unreached(pool: &PgPool, error: Error) -> Error {
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
