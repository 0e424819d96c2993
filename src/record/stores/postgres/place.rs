use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::{Postgres, Row, Transaction};

use super::{
    connections::Connections,
    failure::Outcome,
    opening::{Opening, open},
    statement,
};

pub(super) type Tx = Transaction<'static, Postgres>;

/// The schema in a database.
///
/// Nothing outlives a transaction, neither a setting nor a lock, so a pooler between transactions
/// is no obstacle.
#[derive(Clone)]
pub(super) struct Place {
    connections: Connections,
    schema: Arc<str>,
    opening: Arc<Opening>,
}

/// What one transaction keeps others from. The numbers are those of advisory locks.
pub(super) enum Lock {
    /// Changes of the tables.
    Migration,
    /// Erasures, whose rows a writer could not see, and the other way round.
    Erasure,
    /// Further writers of events that are set aside.
    Aside,
}

/// `pg_temp` comes last, so that nobody's temporary table is taken for one of ours. The same tells
/// whether our tables are there: a missing schema in the path is no error.
const PATH: &str = "SELECT to_regclass(format('%I.meta', $1)) IS NOT NULL, \
    set_config('search_path', format('%I, pg_temp', $1), true)";

const PATH_AND_SHARED_LOCK: &str = "SELECT to_regclass(format('%I.meta', $1)) IS NOT NULL, \
    set_config('search_path', format('%I, pg_temp', $1), true), \
    pg_advisory_xact_lock_shared($2)";

const READ_COMMITTED: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const REPEATABLE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ";
const READ_ONLY: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

impl Place {
    pub(super) fn new(connections: Connections, schema: &str) -> Self {
        Self {
            connections,
            schema: schema.into(),
            opening: Arc::default(),
        }
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Begins a transaction that adds facts: many at once, but none beside an erasure.
    pub(super) async fn adding(&self) -> Outcome<Tx> {
        open(self).await?;
        let tx = self.begin(READ_COMMITTED).await?;
        let key = self.key(&Lock::Erasure);
        self.enter(tx, PATH_AND_SHARED_LOCK, Some(key)).await
    }

    /// Begins a transaction that sees what others have committed meanwhile.
    pub(super) async fn changing(&self) -> Outcome<Tx> {
        open(self).await?;
        // A role or a database may have another level by default, where concurrent writers fail.
        let tx = self.begin(READ_COMMITTED).await?;
        self.enter(tx, PATH, None).await
    }

    /// Begins a transaction that has one snapshot, and fails where that is no longer true.
    pub(super) async fn replacing(&self) -> Outcome<Tx> {
        open(self).await?;
        let tx = self.begin(REPEATABLE).await?;
        self.enter(tx, PATH, None).await
    }

    /// Begins a transaction that reads one snapshot.
    pub(super) async fn reading(&self) -> Outcome<Tx> {
        open(self).await?;
        let tx = self.begin(READ_ONLY).await?;
        self.enter(tx, PATH, None).await
    }

    /// Begins a transaction in which the tables may be missing, and are made.
    pub(super) async fn migrating(&self) -> Outcome<Tx> {
        let mut tx = self.begin(READ_COMMITTED).await?;
        let query = statement::query(PATH).bind(&*self.schema);
        query.execute(&mut *tx).await?;
        Ok(tx)
    }

    /// Waits until nobody else has a lock, and holds it to the end of the transaction.
    pub(super) async fn lock(&self, tx: &mut Tx, lock: Lock) -> Outcome<()> {
        let query = statement::query("SELECT pg_advisory_xact_lock($1)").bind(self.key(&lock));
        query.execute(&mut **tx).await?;
        Ok(())
    }

    async fn begin(&self, begin: &'static str) -> Outcome<Tx> {
        Ok(self.connections.begin(begin).await?)
    }

    /// Makes the schema that of a transaction, where its tables are there.
    async fn enter(&self, mut tx: Tx, path: &'static str, lock: Option<i64>) -> Outcome<Tx> {
        let query = statement::query(path).bind(&*self.schema);
        let query = match lock {
            Some(key) => query.bind(key),
            None => query,
        };
        let row = query.fetch_one(&mut *tx).await?;
        match row.try_get(0)? {
            true => Ok(tx),
            false => Err(self.opening.lose(&self.schema).into()),
        }
    }

    /// Returns a number that is another for each schema, and hardly one of the application's own.
    fn key(&self, lock: &Lock) -> i64 {
        let purpose = match lock {
            Lock::Migration => "migration",
            Lock::Erasure => "erasure",
            Lock::Aside => "aside",
        };
        let text = format!("tower-tracks {purpose} {}", self.schema);
        let digest = Sha256::digest(text.as_bytes());
        let bytes = digest.iter().take(8);
        bytes.fold(0, |key, byte| key << 8 | i64::from(*byte))
    }
}
