//! The store in a file of SQLite.

mod directory;
mod facts;
mod failing;
mod opening;
mod processes;
mod read_only;
mod reading;
mod replaced;
mod schema;

use tower_tracks::store::Sqlite;

pub(super) use self::directory::Directory;
use super::conformance::{self, conformance};

conformance!(conforms, Some(open()));

fn open() -> (Sqlite, Directory) {
    let directory = Directory::in_memory();
    let store = Sqlite::open(directory.file()).unwrap();
    (store, directory)
}
