use std::path::Path;

use crate::record::{Sqlite, Store};

use super::{args::Args, failure::Failure, groups::Group};

/// What all commands share: which store, and the sets of the application.
pub(super) struct Session<'a> {
    store: Option<&'a str>,
    pub(super) groups: &'a [Box<dyn Group>],
}

impl<'a> Session<'a> {
    pub(super) fn new(args: &'a Args, groups: &'a [Box<dyn Group>]) -> Self {
        Self {
            store: args.store.as_deref(),
            groups,
        }
    }

    /// Returns whether a store was named.
    pub(super) fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// Returns where the store is.
    pub(super) fn place(&self) -> Result<&'a str, Failure> {
        let missing = || Failure::usage("no store: say --store PATH, or set TRACKS_STORE");
        self.store.ok_or_else(missing)
    }

    /// Opens the store, which has to be there.
    pub(super) fn store(&self) -> Result<Box<dyn Store>, Failure> {
        open(self.place()?)
    }

    /// Opens the store, which is made if there is none.
    pub(super) fn store_or_new(&self) -> Result<Box<dyn Store>, Failure> {
        make(self.place()?)
    }
}

/// Opens a store that has to be there: a misspelt path is no empty store.
pub(super) fn open(place: &str) -> Result<Box<dyn Store>, Failure> {
    if !is_url(place) && !Path::new(place).is_file() {
        return Err(Failure::new(format!("there is no store {place:?}")));
    }
    make(place)
}

/// Here another kind of store comes in, by the look of its place.
fn make(place: &str) -> Result<Box<dyn Store>, Failure> {
    if is_url(place) {
        // It may have a password, so it is not repeated.
        let message = "this program reads files of SQLite; it knows no stores by URL";
        return Err(Failure::usage(message));
    }
    let store = Sqlite::open(place);
    let store = store.map_err(|error| Failure::of(format!("store {place:?}"), &error))?;
    Ok(Box::new(store))
}

fn is_url(place: &str) -> bool {
    place.contains("://")
}
