use tokio::task::block_in_place;

use crate::{record::postgres::schema::Schema, sinks::Folder};

use super::node::{Log, Set, Settings};

/// A database with a log of changes that is empty, which goes with this.
pub(super) struct Database {
    pub(super) log: Log,
    folder: Folder,
    schema: Option<Schema>,
}

impl Database {
    pub(super) fn sqlite() -> Self {
        let folder = Folder::new();
        Self {
            log: Log::Sqlite(folder.join("facts.db")),
            folder,
            schema: None,
        }
    }

    /// Returns `None`, with a printed line, without a server.
    pub(super) fn postgres() -> Option<Self> {
        let schema = Schema::new()?;
        let log = Log::Postgres {
            uri: schema.uri().to_owned(),
            schema: schema.name().to_owned(),
        };
        Some(Self {
            log,
            folder: Folder::new(),
            schema: Some(schema),
        })
    }

    /// Returns a log that cannot be read, since its file is a folder.
    pub(super) fn unreadable() -> Self {
        let folder = Folder::new();
        Self {
            log: Log::Lines(folder.join("")),
            folder,
            schema: None,
        }
    }

    /// Returns a database of a server that a test may stop.
    pub(super) fn of(uri: &str, schema: &str) -> Self {
        Self {
            log: Log::Postgres {
                uri: uri.to_owned(),
                schema: schema.to_owned(),
            },
            folder: Folder::new(),
            schema: None,
        }
    }

    /// Returns the settings of a node with the interval of the crate, and without a cache.
    pub(super) fn settings(&self, sets: &[Set]) -> Settings {
        Settings {
            log: self.log.clone(),
            sets: sets.to_vec(),
            every: None,
            cache: None,
            starts_paused: false,
            off: String::new(),
        }
    }

    /// Returns the settings of a node that reads the log all the time.
    pub(super) fn soon(&self, sets: &[Set]) -> Settings {
        Settings {
            every: Some(20),
            ..self.settings(sets)
        }
    }

    /// Returns the same settings with a cache of this name.
    pub(super) fn cached(&self, settings: &Settings, name: &str) -> Settings {
        Settings {
            cache: Some(self.folder.join(name)),
            ..settings.clone()
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The end of a schema waits for the server.
        block_in_place(|| drop(self.schema.take()));
    }
}
