//! The store of a command, and the sets of the application.

use std::{
    io::{self, Write},
    path::Path,
    time::Duration,
};

use crate::{
    control::{Change, ChangeLog, JsonLog},
    store::{Sqlite, Store, StoreError, StoreErrorKind},
    text::control,
};

#[cfg(feature = "clickhouse")]
use super::clickhouse;
#[cfg(feature = "postgres")]
use super::postgres;
use super::{
    failure::Failure,
    groups::Group,
    place::{STORE, called, is_http, is_url},
};

/// The default limit of one query, in seconds.
const TIMEOUT: u32 = 600;

/// Which store, and how it is read.
#[derive(Debug, clap::Args)]
pub(super) struct StoreArgs {
    /// The store: the path of an SQLite file, or a URL: with the feature `postgres` as
    /// `postgresql://user@host/database`, with the feature `clickhouse` as `http://host:8123/database`
    #[arg(long, global = true, env = "TRACKS_STORE", hide_env_values = true)]
    #[arg(value_name = STORE)]
    store: Option<String>,

    /// The schema of a store in PostgreSQL
    #[cfg(feature = "postgres")]
    #[arg(long, global = true, env = "TRACKS_SCHEMA", default_value = "tracks")]
    #[arg(value_name = "NAME")]
    schema: String,

    /// The cluster of a store in ClickHouse, if it was created on one
    #[cfg(feature = "clickhouse")]
    #[arg(long, global = true, env = "TRACKS_CLUSTER", value_name = "NAME")]
    cluster: Option<String>,

    /// The limit of one query of an SQLite file, in seconds
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = TIMEOUT)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
}

/// The data that all commands share: the place of the store, and the sets of the application.
pub(super) struct Session<'a> {
    pub(super) args: &'a StoreArgs,
    pub(super) groups: &'a [Box<dyn Group>],
}

impl<'a> Session<'a> {
    /// Returns whether a store was named.
    pub(super) fn has_store(&self) -> bool {
        self.args.store.is_some()
    }

    /// Returns the place of the store; an error if none was given.
    pub(super) fn place(&self) -> Result<&'a str, Failure> {
        let missing = || format!("no store: say --store {STORE}, or set TRACKS_STORE");
        let store = self.args.store.as_deref();
        store.ok_or_else(|| Failure::usage(missing()))
    }

    /// Opens the store, which must exist.
    pub(super) fn store(&self) -> Result<Box<dyn Store>, Failure> {
        self.open(self.place()?)
    }

    /// Opens the store for writing, and creates it if it does not exist.
    pub(super) fn store_or_new(&self) -> Result<Box<dyn Store>, Failure> {
        let place = self.place()?;
        if is_url(place) {
            self.served(place, true)
        } else {
            self.file(place, Sqlite::open(place))
        }
    }

    /// Opens a store that must exist: a misspelt path must not create an empty store.
    pub(super) fn open(&self, place: &str) -> Result<Box<dyn Store>, Failure> {
        if is_url(place) {
            self.served(place, false)
        } else if Path::new(place).is_file() {
            self.file(place, open_or_read(place))
        } else {
            Err(Failure::new(format!("there is no store {place:?}")))
        }
    }

    /// Opens the log of changes: of a file of JSON lines if one is named, otherwise of the store.
    pub(super) fn log(&self, changes: Option<&Path>) -> Result<Box<dyn ChangeLog>, Failure> {
        if let Some(path) = changes {
            return Ok(Box::new(JsonLog::new(path)));
        }
        let place = self.place()?;
        if is_http(place) {
            return Err(Failure::usage(
                "a store in ClickHouse has no log of changes: name a file by --changes",
            ));
        }
        if is_url(place) {
            return self.served_log(place);
        }
        if !Path::new(place).is_file() {
            return Err(Failure::new(format!("there is no store {place:?}")));
        }
        let store = open_or_read(place);
        Ok(Box::new(
            store.map_err(|error| Failure::of(called(place), &error))?,
        ))
    }

    /// Opens the log of changes. Returns `None` if no file is named, and the store is missing or cannot
    /// keep such a log.
    pub(super) fn log_if_any(
        &self,
        changes: Option<&Path>,
    ) -> Result<Option<Box<dyn ChangeLog>>, Failure> {
        let is_http = self.args.store.as_deref().is_some_and(is_http);
        match changes.is_some() || (self.is_there() && !is_http) {
            true => self.log(changes).map(Some),
            false => Ok(None),
        }
    }

    /// Reads the changes; none if no file is named, and the store has no log.
    pub(super) fn changes(&self, changes: Option<&Path>) -> Result<Vec<Change>, Failure> {
        match self.log_if_any(changes)? {
            Some(log) => Ok(log.after(0)?.changes),
            None => Ok(Vec::new()),
        }
    }

    /// Returns whether a store is named that exists, as far as can be known without opening it.
    pub(super) fn is_there(&self) -> bool {
        let place = self.args.store.as_deref();
        place.is_some_and(|place| is_url(place) || Path::new(place).is_file())
    }

    /// Finishes opening an SQLite file: sets the limit of queries, and warns about rows that are
    /// left out.
    fn file(
        &self,
        place: &str,
        store: Result<Sqlite, StoreError>,
    ) -> Result<Box<dyn Store>, Failure> {
        let store = store.map_err(|error| Failure::of(called(place), &error))?;
        let store = store.read_timeout(Duration::from_secs(self.args.timeout.into()));
        warn_of_invalid(place, &store)?;
        Ok(Box::new(store))
    }

    /// Opens a store of a server.
    fn served(&self, url: &str, or_new: bool) -> Result<Box<dyn Store>, Failure> {
        #[cfg(feature = "clickhouse")]
        if is_http(url) {
            let store = clickhouse::open(url, self.args.cluster.as_deref(), or_new)?;
            warn_of_invalid(url, &store)?;
            return Ok(Box::new(store));
        }
        self.in_postgres(url, or_new)
    }

    /// Opens a store in PostgreSQL.
    #[cfg(feature = "postgres")]
    fn in_postgres(&self, url: &str, or_new: bool) -> Result<Box<dyn Store>, Failure> {
        let store = postgres::open(url, &self.args.schema, or_new)?;
        warn_of_invalid(url, &store)?;
        Ok(Box::new(store))
    }

    #[cfg(feature = "postgres")]
    fn served_log(&self, url: &str) -> Result<Box<dyn ChangeLog>, Failure> {
        Ok(Box::new(postgres::open(url, &self.args.schema, false)?))
    }

    #[cfg(not(feature = "postgres"))]
    fn served_log(&self, url: &str) -> Result<Box<dyn ChangeLog>, Failure> {
        self.served(url, false)?;
        Err(Failure::usage("a log of changes needs a file"))
    }

    /// Refuses a URL, because this program was built without the feature for it.
    #[cfg(not(feature = "postgres"))]
    fn in_postgres(&self, url: &str, _: bool) -> Result<Box<dyn Store>, Failure> {
        let feature = if is_http(url) {
            "clickhouse"
        } else {
            "postgres"
        };
        let message =
            format!("for this URL, the program has to be built with the feature {feature}");
        Err(Failure::usage(message))
    }
}

/// Opens a file, only for reading if it cannot be written, for instance on a read-only mount.
fn open_or_read(place: &str) -> Result<Sqlite, StoreError> {
    use StoreErrorKind::{ReadOnly, Unavailable};
    // In a folder that cannot be written, SQLite fails to create the file `-shm` beside the store,
    // and reports that it cannot open a file.
    Sqlite::open(place).or_else(|error| match error.kind() {
        ReadOnly | Unavailable => Sqlite::open_read_only(place),
        _ => Err(error),
    })
}

/// Warns about rows of a store that are left out.
fn warn_of_invalid(place: &str, store: &dyn Store) -> Result<(), Failure> {
    for invalid in store.invalid_rows()? {
        let notice = format!("{}: {invalid}", called(place));
        // A warning that cannot be written is no reason to withhold the answer.
        writeln!(io::stderr(), "warning: {}", control::one_line(&notice)).ok();
    }
    Ok(())
}
