use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};

use super::{connections::Connections, failure::Outcome};

pub(super) type Tx = Transaction<'static, Postgres>;

/// The schema in a database.
///
/// Nothing outlives a transaction, neither a setting nor a lock, so a pooler between transactions
/// is no obstacle.
#[derive(Clone)]
pub(super) struct Place {
    connections: Connections,
    schema: Arc<str>,
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

/// `pg_temp` comes last, so that nobody's temporary table is taken for one of ours.
const PATH: &str = "SELECT set_config('search_path', format('%I, pg_temp', $1), true)";

const PATH_AND_SHARED_LOCK: &str = "SELECT \
    set_config('search_path', format('%I, pg_temp', $1), true), \
    pg_advisory_xact_lock_shared($2)";

impl Place {
    pub(super) fn new(connections: Connections, schema: &str) -> Self {
        Self {
            connections,
            schema: schema.into(),
        }
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// Begins a transaction that adds facts: many at once, but none beside an erasure.
    pub(super) async fn adding(&self) -> Outcome<Tx> {
        let mut tx = self.begin().await?;
        let query = sqlx::query(PATH_AND_SHARED_LOCK).bind(&*self.schema);
        query
            .bind(self.key(&Lock::Erasure))
            .execute(&mut *tx)
            .await?;
        Ok(tx)
    }

    /// Begins a transaction that sees what others have committed meanwhile.
    pub(super) async fn changing(&self) -> Outcome<Tx> {
        let tx = self.begin().await?;
        self.enter(tx).await
    }

    /// Begins a transaction that has one snapshot, and fails where that is no longer true.
    pub(super) async fn replacing(&self) -> Outcome<Tx> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ";
        self.enter(self.connections.begin(begin).await?).await
    }

    /// Begins a transaction that reads one snapshot.
    pub(super) async fn reading(&self) -> Outcome<Tx> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.enter(self.connections.begin(begin).await?).await
    }

    /// Waits until nobody else has a lock, and holds it to the end of the transaction.
    pub(super) async fn lock(&self, tx: &mut Tx, lock: Lock) -> Outcome<()> {
        let query = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(self.key(&lock));
        query.execute(&mut **tx).await?;
        Ok(())
    }

    /// A role or a database may have another level by default, where concurrent writers fail.
    async fn begin(&self) -> Outcome<Tx> {
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
        Ok(self.connections.begin(begin).await?)
    }

    async fn enter(&self, mut tx: Tx) -> Outcome<Tx> {
        let query = sqlx::query(PATH).bind(&*self.schema);
        query.execute(&mut *tx).await?;
        Ok(tx)
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
