//! Transactions in the schema of the store. Each kind of work has a function that begins its
//! transaction, with the isolation, the locks and the limits that it needs.
//!
//! function | isolation | use
//! --- | --- | ---
//! `adding` | read committed, with the shared lock of erasures | writing a batch
//! `changing` | read committed | erasing, claiming, read-outs
//! `replacing` | repeatable read | deleting ended phases
//! `reading` | repeatable read, read only | small queries
//! `scanning` | repeatable read, read only, with the limit of scans | reports and dumps
//! `migrating` | read committed | looking for the tables, and making them
//!
//! A transaction enters the schema by its search path, for its own duration.

use std::{sync::Arc, time::Duration};

use sha2::{Digest, Sha256};
use sqlx::{QueryBuilder, Row};

use super::{
    connections::Connections,
    failure::Outcome,
    limits::{self, Limits, setting},
    opening::Opening,
    statement,
};
use crate::store::sql::default_parallelism;

pub(super) use super::tx::Tx;

/// The schema in a database.
///
/// Nothing outlives a transaction, neither a setting nor a lock, so a pooler between transactions
/// is no obstacle.
#[derive(Clone)]
pub(super) struct Place {
    connections: Connections,
    schema: Arc<str>,
    limits: Limits,
    opening: Arc<Opening>,
    /// How many ranges of units are read at once, if the application says so.
    parallelism: Option<usize>,
}

/// How long PostgreSQL waits in a transaction: for a lock, for the end of a statement, and for the
/// next one. So a transaction whose program is gone, or does not go on, does not keep others out.
struct Waits {
    /// The longest wait for a lock of another transaction.
    lock: Duration,
    /// The longest time of one statement.
    statement: Duration,
    /// The longest time between two statements.
    idle: Duration,
}

/// What one transaction keeps others from. The numbers are those of advisory locks.
pub(super) enum Lock {
    /// Changes of the tables.
    Migration,
    /// Erasures, whose rows a writer could not see, and the other way round.
    Erasure,
    /// Further writers of events that are set aside.
    Aside,
    /// Appending to the log of changes.
    #[cfg(feature = "control")]
    Changes,
}

/// `pg_temp` comes last, so that no temporary table replaces one of ours. The query also checks whether
/// our tables exist, because a missing schema in the path is not an error. The limits apply to the
/// transaction, and are set before it waits for a lock.
macro_rules! enter {
    () => {
        "SELECT to_regclass(format('%I.meta', $1)) IS NOT NULL, \
        set_config('search_path', format('%I, pg_temp', $1), true), \
        set_config('lock_timeout', $2, true), set_config('statement_timeout', $3, true), \
        set_config('idle_in_transaction_session_timeout', $4, true)"
    };
}

/// Enters the schema.
const ENTER: &str = enter!();
/// Enters the schema, and takes a lock that erasures exclude.
const ENTER_AND_SHARE_LOCK: &str = concat!(enter!(), ", pg_advisory_xact_lock_shared($5)");
const WAIT_FOR_LOCKS: &str = "SELECT set_config('lock_timeout', $1, true)";

/// How long a further range of units waits for a connection. Without one, there are fewer ranges.
const SOON: Duration = Duration::from_secs(1);

const READ_COMMITTED: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const REPEATABLE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";
const READ_ONLY: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

impl Place {
    /// Returns a schema that was not opened yet.
    pub(super) fn new(connections: Connections, schema: &str, limits: Limits) -> Self {
        Self {
            connections,
            schema: schema.into(),
            limits,
            opening: Arc::default(),
            parallelism: None,
        }
    }

    /// Sets how many ranges of units are read at once.
    pub(super) fn parallel(self, parallelism: Option<usize>) -> Self {
        Self {
            parallelism,
            ..self
        }
    }

    /// Returns how many ranges of units are read at once, of a phase with many exposures or few. By default,
    /// they take at most half of the connections of the pool.
    pub(super) fn parallelism(&self, has_many: bool) -> usize {
        let most = self.connections.most();
        let half = most / 2;
        let default = if has_many {
            default_parallelism().min(half).max(1)
        } else {
            1
        };
        self.parallelism.unwrap_or(default).clamp(1, most.max(1))
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Begins a transaction that adds facts: many at once, but none beside an erasure.
    pub(super) async fn adding(&self) -> Outcome<Tx> {
        let waits = self.writing(self.limits.operation);
        self.enter(READ_COMMITTED, Some(Lock::Erasure), waits).await
    }

    /// Begins a transaction that sees what others have committed meanwhile.
    pub(super) async fn changing(&self) -> Outcome<Tx> {
        // A role or a database may have another level by default, where concurrent writers fail.
        let waits = self.writing(self.limits.operation);
        self.enter(READ_COMMITTED, None, waits).await
    }

    /// Begins a transaction that has one snapshot, and fails where that is no longer true. It may go
    /// through all facts.
    pub(super) async fn replacing(&self) -> Outcome<Tx> {
        let waits = self.writing(self.limits.scan);
        self.enter(REPEATABLE, None, waits).await
    }

    /// Begins a transaction that reads one snapshot.
    pub(super) async fn reading(&self) -> Outcome<Tx> {
        let waits = self.writing(self.limits.operation);
        self.enter(READ_ONLY, None, waits).await
    }

    /// Begins a transaction that reads one snapshot, and all facts. Between two chunks it may be
    /// idle, while the rows are used.
    pub(super) async fn scanning(&self) -> Outcome<Tx> {
        self.enter(READ_ONLY, None, self.scan()).await
    }

    /// Begins transactions that read the snapshot of another one: as many as there are connections for at
    /// once, so perhaps none.
    pub(super) async fn scanning_beside(&self, snapshot: &str, most: usize) -> Vec<Tx> {
        let mut all = Vec::new();
        while all.len() < most
            && let Ok(tx) = self.beside(snapshot).await
        {
            all.push(tx);
        }
        all
    }

    /// Begins a transaction that reads the snapshot of another one.
    async fn beside(&self, snapshot: &str) -> Outcome<Tx> {
        let mut tx = self.connections.begin(READ_ONLY, SOON).await?;
        // The name of a snapshot cannot be a parameter, so it is part of the text.
        let mut query = QueryBuilder::new("SET TRANSACTION SNAPSHOT ");
        query.push(format_args!("'{}'", snapshot.replace('\'', "''")));
        let query = query.build().persistent(false);
        if let Err(error) = query.execute(&mut *tx).await {
            let failure = error.into();
            tx.fail(&failure);
            return Err(failure);
        }
        self.entered(tx, None, self.scan()).await
    }

    /// Begins a transaction in which the tables may be missing, and are made. It waits for others
    /// who make them, too.
    pub(super) async fn migrating(&self) -> Outcome<Tx> {
        let mut tx = self.begin(READ_COMMITTED).await?;
        let (lock, waits) = (self.limits.scan, self.writing(self.limits.scan));
        // Whether the tables are there is for the caller to find out: a missing schema is no failure yet.
        self.set(&mut tx, None, Waits { lock, ..waits }).await?;
        Ok(tx)
    }

    /// Limits the wait for locks to that of a transaction that writes: a transaction that waits for the
    /// lock of a table blocks all later ones on that table.
    pub(super) async fn hurry(&self, tx: &mut Tx) -> Outcome<()> {
        let query = statement::query(WAIT_FOR_LOCKS).bind(setting(self.limits.lock));
        query.execute(&mut **tx).await?;
        Ok(())
    }

    /// Waits for a lock, and holds it to the end of the transaction.
    pub(super) async fn lock(&self, tx: &mut Tx, lock: Lock) -> Outcome<()> {
        let query = statement::query("SELECT pg_advisory_xact_lock($1)").bind(self.key(&lock));
        query.execute(&mut **tx).await?;
        Ok(())
    }

    /// Begins a transaction on a connection that is free in time.
    async fn begin(&self, begin: &'static str) -> Outcome<Tx> {
        let limit = self.limits.connection();
        Ok(self.connections.begin(begin, limit).await?)
    }

    /// Returns the limits of a transaction that writes.
    fn writing(&self, limit: Duration) -> Waits {
        Waits {
            lock: self.limits.lock,
            statement: limits::statement(limit),
            idle: self.limits.idle,
        }
    }

    /// Returns the limits of a transaction that reads all facts.
    fn scan(&self) -> Waits {
        let (idle, waits) = (self.limits.scan, self.writing(self.limits.scan));
        Waits { idle, ..waits }
    }

    /// Begins a transaction in the schema, if its tables are there.
    async fn enter(&self, begin: &'static str, shared: Option<Lock>, waits: Waits) -> Outcome<Tx> {
        let tx = self.begin(begin).await?;
        self.entered(tx, shared, waits).await
    }

    /// Enters the schema in a transaction that has begun.
    async fn entered(&self, mut tx: Tx, shared: Option<Lock>, waits: Waits) -> Outcome<Tx> {
        match self.set(&mut tx, shared, waits).await {
            Ok(true) => Ok(tx),
            Ok(false) => {
                tx.end();
                Err(self.opening.lose(&self.schema).into())
            }
            Err(failure) => {
                tx.fail(&failure);
                Err(failure)
            }
        }
    }

    /// Makes the schema and the limits those of a transaction. Returns whether its tables are there.
    async fn set(&self, tx: &mut Tx, shared: Option<Lock>, waits: Waits) -> Outcome<bool> {
        let enter = shared.as_ref().map_or(ENTER, |_| ENTER_AND_SHARE_LOCK);
        let query = statement::query(enter)
            .bind(&*self.schema)
            .bind(setting(waits.lock))
            .bind(setting(waits.statement))
            .bind(setting(waits.idle));
        let query = match shared {
            Some(lock) => query.bind(self.key(&lock)),
            None => query,
        };
        let row = query.fetch_one(&mut **tx).await?;
        Ok(row.try_get(0)?)
    }

    /// Returns a number that is another for each schema, and hardly one of the application's own.
    fn key(&self, lock: &Lock) -> i64 {
        let purpose = match lock {
            Lock::Migration => "migration",
            Lock::Erasure => "erasure",
            Lock::Aside => "aside",
            #[cfg(feature = "control")]
            Lock::Changes => "changes",
        };
        // Advisory locks are numbers that all programs of a database share. With the schema in the digest,
        // two stores in one database do not wait for each other.
        let text = format!("tower-tracks {purpose} {}", self.schema);
        let digest = Sha256::digest(text.as_bytes());
        let bytes = digest.iter().take(8);
        bytes.fold(0, |key, byte| key << 8 | i64::from(*byte))
    }
}
