//! The connections for queries. A query takes an idle one or opens another, so queries never wait
//! for each other.
//!
//! Up to eight connections are kept for later queries. They are closed when the file is replaced. A
//! file that is only read gets a new connection for each query, because one that was opened as
//! immutable does not notice changes.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Transaction};

use crate::{
    disk::FileId,
    store::error::{StoreError, StoreErrorKind},
};

use super::{
    connect,
    failure::Outcome,
    read_only::{self, Frozen},
    watch::Watch,
};

/// How many connections are kept for the next who read.
const KEPT: usize = 8;

/// The connections that read. There are as many as there are readers at a time.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Idle>,
    is_read_only: bool,
    /// How long a reading may take.
    limit: Option<Duration>,
}

/// The idle connections, all to one file.
struct Idle {
    file: FileId,
    connections: Vec<Connection>,
}

/// A connection for one query.
pub(super) struct Reader {
    pub(super) connection: Connection,
    /// The file that it was opened for.
    pub(super) file: FileId,
    frozen: Frozen,
}

impl Readers {
    /// Returns no connections yet; the first query opens one.
    pub(super) fn new(path: &Path, file: FileId) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::new(Idle {
                file,
                connections: Vec::new(),
            }),
            is_read_only: false,
            limit: None,
        }
    }

    /// Opens connections from now on that read a file which cannot be written.
    pub(super) fn read_only(self) -> Self {
        Self {
            is_read_only: true,
            ..self
        }
    }

    /// Sets the time limit of a query.
    pub(super) fn limit(&mut self, limit: Duration) {
        self.limit = Some(limit);
    }

    /// Returns whether the path names another file than the one that was opened last.
    ///
    /// A missing file does not count as replaced: the next connection fails with an error.
    pub(super) fn is_replaced(&self) -> bool {
        let file = FileId::at(&self.path).ok().flatten();
        let mut idle = self.idle();
        if file.is_none() {
            idle.connections.clear();
        }
        file.is_some_and(|file| file != idle.file)
    }

    /// Reads another file from now on.
    pub(super) fn follow(&self, file: FileId) {
        let mut idle = self.idle();
        if idle.file != file {
            idle.file = file;
            idle.connections.clear();
        }
    }

    /// Reads the tables in one snapshot.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>, &Watch) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut reader = self.take()?;
        let answer = self.read_by(&mut reader.connection, read);
        self.keep(reader, answer.is_ok())?;
        answer
    }

    /// Returns an idle connection, or a new one.
    ///
    /// A file that is only read gets a new one each time, since one that was opened as immutable may differ
    /// at the next query.
    pub(super) fn take(&self) -> Outcome<Reader> {
        // The lock is released before the query, so that queries run side by side.
        let (file, idle) = {
            let mut idle = self.idle();
            (idle.file, idle.connections.pop())
        };
        let (connection, frozen) = match idle {
            Some(connection) => (connection, Frozen::default()),
            None if self.is_read_only => read_only::reader(&self.path)?,
            None => (connect::reader(&self.path)?, Frozen::default()),
        };
        Ok(Reader {
            connection,
            file,
            frozen,
        })
    }

    /// Keeps a connection for the next query, or closes it after a failure.
    ///
    /// # Errors
    ///
    /// If the file was changed while it was read as immutable.
    pub(super) fn keep(&self, reader: Reader, is_fine: bool) -> Outcome<()> {
        read_only::check(&self.path, reader.frozen)?;
        let mut idle = self.idle();
        // The file may have been replaced during the query; then its connection is closed.
        let is_current = idle.file == reader.file && !self.is_read_only;
        if is_fine && is_current && idle.connections.len() < KEPT {
            idle.connections.push(reader.connection);
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs a query in a transaction, which makes it one snapshot.
    fn read_by<T>(
        &self,
        connection: &mut Connection,
        read: impl FnOnce(&Transaction<'_>, &Watch) -> Outcome<T>,
    ) -> Outcome<T> {
        let watch = self.watch(connection)?;
        let transaction = connection.transaction()?;
        read(&transaction, &watch)
    }

    /// Starts the watch of a query's time, if it is limited.
    pub(super) fn watch(&self, connection: &Connection) -> Outcome<Watch> {
        let Some(limit) = self.limit else {
            return Ok(Watch::default());
        };
        let watch = Watch::start(connection.get_interrupt_handle(), limit);
        let failed = |error| {
            let message = "the time of a reading cannot be limited";
            StoreError::new(StoreErrorKind::Unavailable, message).caused_by(error)
        };
        watch.map_err(|error: std::io::Error| failed(error).into())
    }

    /// Locks the list of idle connections. It is never held during a query.
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
