//! What may be opened, and what is refused.

use std::fs;

use rusqlite::Connection;
use tower_tracks::store::{Sqlite, Store, StoreErrorKind};

use super::{
    directory::Directory,
    facts::{exposures, unit},
};

#[track_caller]
fn refused(directory: &Directory, kind: StoreErrorKind, message: &str) {
    let error = Sqlite::open(directory.file()).unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(message), "{error}");
}

fn edit(directory: &Directory, sql: &str) {
    let connection = Connection::open(directory.file()).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_reopened_store_has_its_facts() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.claim("pseudonyms 1").unwrap();
    store.write(&exposures(0..10)).unwrap();
    drop(store);
    let store = Sqlite::open(directory.file()).unwrap();
    let written = store.write(&exposures(9..11)).unwrap();
    assert_eq!((written.exposures.new, written.exposures.known), (1, 1));
    let error = store.claim("pseudonyms 2").unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    store.claim("pseudonyms 1").unwrap();
}

#[test]
fn the_empty_file_of_somebody_is_taken() {
    let directory = Directory::new();
    fs::write(directory.file(), "").unwrap();
    Sqlite::open(directory.file()).unwrap();
}

#[test]
fn a_path_like_a_uri_is_a_path() {
    let directory = Directory::new();
    let path = directory.path().join("file:facts.db?mode=memory");
    let store = Sqlite::open(&path).unwrap();
    store.write(&exposures(0..1)).unwrap();
    assert!(path.exists());
}

#[test]
fn a_directory_that_is_not_there_is_not_made() {
    let directory = Directory::new();
    let error = Sqlite::open(directory.path().join("none/facts.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(error.to_string().contains("none/facts.db"), "{error}");
}

#[test]
fn a_file_that_is_not_a_database_is_refused_and_unchanged() {
    let directory = Directory::new();
    let text = "Dear diary, this is no database. ".repeat(100);
    fs::write(directory.file(), &text).unwrap();
    refused(&directory, StoreErrorKind::Corrupt, "no database");
    assert_eq!(fs::read_to_string(directory.file()).unwrap(), text);
}

#[test]
fn the_database_of_somebody_else_is_refused_and_stays() {
    let directory = Directory::new();
    edit(&directory, "CREATE TABLE track (name TEXT)");
    refused(&directory, StoreErrorKind::Corrupt, "another program");
    let directory = Directory::new();
    edit(&directory, "PRAGMA application_id = 7");
    refused(&directory, StoreErrorKind::Corrupt, "another program");
    let connection = Connection::open(directory.file()).unwrap();
    let mode = connection.query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0));
    assert_eq!(mode.unwrap(), "delete");
}

#[test]
fn a_newer_schema_is_refused() {
    let directory = Directory::new();
    drop(Sqlite::open(directory.file()).unwrap());
    edit(
        &directory,
        "UPDATE meta SET value = '4' WHERE key = 'schema'",
    );
    let message = "the file has version 4 of the schema, and this program knows up to 3";
    refused(&directory, StoreErrorKind::NewerSchema, message);
    edit(&directory, "DELETE FROM meta");
    refused(&directory, StoreErrorKind::Corrupt, "which version");
}

/// The first page has the schema, so it opens, and reading tells.
#[test]
fn a_truncated_file_is_corrupt() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.write(&exposures(0..10_000)).unwrap();
    drop(store);
    let length = fs::metadata(directory.file()).unwrap().len();
    let file = fs::File::options().write(true).open(directory.file());
    file.unwrap().set_len(length / 2).unwrap();
    let error = Sqlite::open(directory.file()).and_then(|store| {
        store.history(unit(9_999))?;
        store.dump(&mut |_| Ok(()))
    });
    assert_eq!(error.unwrap_err().kind(), StoreErrorKind::Corrupt);
}
