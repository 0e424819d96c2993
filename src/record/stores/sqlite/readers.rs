use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, Transaction};

use super::{connect, failure::Outcome};

/// How many connections are kept for the next who read.
const KEPT: usize = 4;

/// The connections that read. There are as many as there are readers at a time.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            idle: Mutex::default(),
        }
    }

    /// Reads the tables as they are at one moment.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Outcome<T> {
        let idle = self.idle().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => connect::reader(&self.path)?,
        };
        let transaction = connection.transaction()?;
        let answer = read(&transaction)?;
        drop(transaction);
        let mut idle = self.idle();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(answer)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
