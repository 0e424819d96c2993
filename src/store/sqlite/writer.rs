//! The connection that writes, with its file and the ids that it knows. It is replaced whole if the
//! path comes to name another file, because ids and settings belong to a connection.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, Transaction, TransactionBehavior::Immediate};

use super::{
    connect,
    failure::{Failure, Outcome},
    open_file::OpenFile,
    write::Ids,
};

/// The one connection that writes.
pub(super) struct Writer {
    /// The path that the application gave, to open the next file.
    path: PathBuf,
    pub(super) connection: Connection,
    file: OpenFile,
    settings: Settings,
    /// The ids of names in this file.
    ids: Ids,
    /// How often the file was found deleted or replaced.
    replacements: u64,
}

/// What the application set, for the next connection, too.
#[derive(Default)]
struct Settings {
    /// Whether each commit waits for the disk.
    is_full: bool,
    /// How long to wait for other writers; `None` for the default.
    patience: Option<Duration>,
}

impl Writer {
    /// Opens or creates the file.
    pub(super) fn open(path: &Path) -> Outcome<Self> {
        let (connection, file) = connect::writer(path)?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            file,
            settings: Settings::default(),
            ids: Ids::default(),
            replacements: 0,
        })
    }

    /// Returns the open file.
    pub(super) fn file(&self) -> &OpenFile {
        &self.file
    }

    /// Returns how often the file was found deleted or replaced.
    pub(super) fn replacements(&self) -> u64 {
        self.replacements
    }

    /// Makes commits wait for the disk, also those of later connections.
    pub(super) fn synchronous_full(&mut self) -> Outcome<()> {
        self.settings.is_full = true;
        self.settings.apply(&self.connection)
    }

    /// Sets how long to wait for other writers, also for later connections.
    pub(super) fn busy_timeout(&mut self, timeout: Duration) -> Outcome<()> {
        self.settings.patience = Some(timeout);
        self.settings.apply(&self.connection)
    }

    /// Opens the file that the path names now, or makes one; returns whether it was another one.
    pub(super) fn follow(&mut self) -> Outcome<bool> {
        if self.file.is_in_place() {
            return Ok(false);
        }
        // A moved file gets all of its facts from the file beside it, which is not used afterwards.
        let emptied = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.connection.query_row(emptied, [], |_| Ok(())).ok();
        self.file.remove_beside();
        let (connection, file) = connect::writer(&self.path)?;
        // Before the old connection is given up, so that a failure leaves the writer as it was.
        self.settings.apply(&connection)?;
        (self.connection, self.file) = (connection, file);
        self.ids = Ids::default();
        self.replacements += 1;
        Ok(true)
    }

    /// Changes the tables: all of it or nothing.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>, &mut Ids) -> Outcome<T>,
    ) -> Outcome<T> {
        let Self {
            connection, ids, ..
        } = self;
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

impl Settings {
    /// Sets a connection.
    fn apply(&self, connection: &Connection) -> Outcome<()> {
        if self.is_full {
            connect::synchronous_full(connection)?;
        }
        if let Some(patience) = self.patience {
            connect::busy_timeout(connection, patience)?;
        }
        Ok(())
    }
}
