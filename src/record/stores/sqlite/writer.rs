use rusqlite::{Connection, Transaction, TransactionBehavior::Immediate};

use super::{
    failure::{Failure, Outcome},
    write::Ids,
};

/// The one connection that writes.
pub(super) struct Writer {
    pub(super) connection: Connection,
    ids: Ids,
}

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        Self {
            connection,
            ids: Ids::default(),
        }
    }

    /// Changes the tables: all of it or nothing.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>, &mut Ids) -> Outcome<T>,
    ) -> Outcome<T> {
        let Self { connection, ids } = self;
        let changed = connection
            .transaction_with_behavior(Immediate)
            .map_err(Failure::from)
            .and_then(|transaction| {
                let answer = change(&transaction, ids)?;
                transaction.commit()?;
                Ok(answer)
            });
        if changed.is_err() {
            // Some of them may be of rows that were rolled back.
            *ids = Ids::default();
        }
        changed
    }
}
