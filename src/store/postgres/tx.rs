//! A transaction with its connection. The type decides by its state whether the connection is used
//! again: a connection whose state is not known is closed.
//!
//! Ending does not wait: a task rolls back and returns the connection, within two seconds. A
//! dropped transaction closes its connection at once.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use sqlx::{Executor, PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::{runtime::Handle, time::timeout};

use super::failure::{Failure, Outcome};

/// How long a connection may take until it is ready for the next transaction.
const PATIENCE: Duration = Duration::from_secs(2);

/// A transaction.
///
/// Its connection goes back to the pool only after the transaction has ended in order, by
/// [`commit`](Self::commit) or [`end`](Self::end). Otherwise it is closed: it may wait forever for a
/// response, and so would its next user.
pub(super) struct Tx {
    connection: PoolConnection<Postgres>,
    pool: PgPool,
    state: State,
}

/// The state of the transaction, which decides whether its connection is used again.
#[derive(PartialEq, Eq)]
enum State {
    Open,
    Committed,
    /// The connection is back in the pool, or closed by it.
    Returned,
}

impl Tx {
    /// Begins a transaction by a statement.
    pub(super) async fn begin(
        connection: PoolConnection<Postgres>,
        pool: PgPool,
        statement: &'static str,
    ) -> Result<Self, sqlx::Error> {
        // Open before PostgreSQL has said so: if this fails or is dropped half-way, the state is unknown, and the
        // connection has to be closed.
        let state = State::Open;
        let mut tx = Self {
            connection,
            pool,
            state,
        };
        tx.execute(sqlx::raw_sql(statement)).await?;
        Ok(tx)
    }

    /// Commits, and returns the connection to the pool.
    pub(super) async fn commit(mut self) -> Outcome<()> {
        self.execute(sqlx::raw_sql("COMMIT")).await?;
        self.state = State::Committed;
        self.end();
        Ok(())
    }

    /// Ends the transaction and rolls back uncommitted changes, without waiting for that.
    pub(super) fn end(self) {
        tokio::spawn(timeout(PATIENCE, self.give_back()));
    }

    /// Ends the transaction of work that failed. The connection is kept where PostgreSQL itself said
    /// what failed.
    pub(super) fn fail(self, failure: &Failure) {
        // After any other error the server may still be about to answer, and the next statement on this
        // connection would take that answer for its own.
        if let Failure::Store(_) | Failure::Database(sqlx::Error::Database(_)) = failure {
            self.end();
        }
    }

    /// Rolls back if necessary, and returns the connection.
    async fn give_back(mut self) -> Result<(), sqlx::Error> {
        if self.state == State::Open {
            self.execute(sqlx::raw_sql("ROLLBACK")).await?;
        }
        self.connection.return_to_pool().await;
        self.state = State::Returned;
        Ok(())
    }
}

/// Tests the idle connections of a pool, and closes those that do not answer: they were made to the
/// same server, by the same way.
pub(super) fn test_idle(pool: &PgPool) {
    let Ok(runtime) = Handle::try_current() else {
        return;
    };
    // All before any of them is back.
    let idle: Vec<_> = std::iter::from_fn(|| pool.try_acquire()).collect();
    for mut connection in idle {
        // The pool tests what is returned to it.
        runtime.spawn(timeout(PATIENCE, connection.return_to_pool()));
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.state != State::Returned {
            // Not awaited, it drops the connection, which closes it and makes room in the pool.
            drop(self.connection.return_to_pool());
            test_idle(&self.pool);
        }
    }
}
