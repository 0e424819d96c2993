//! What happens when a file cannot be written.

use std::{fs, time::Duration};

use rusqlite::{Connection, TransactionBehavior::Immediate};
use tower_tracks::store::{Sqlite, Store, StoreErrorKind};

use super::{
    directory::Directory,
    facts::{exposures, unit},
};

fn open(directory: &Directory) -> Sqlite {
    let store = Sqlite::open(directory.file()).unwrap();
    store.busy_timeout(Duration::from_millis(20)).unwrap()
}

/// Writers wait for writers; readers do not wait.
#[test]
fn a_locked_file_is_busy_and_can_be_read() {
    let directory = Directory::new();
    let store = open(&directory);
    store.write(&exposures(0..1)).unwrap();
    let mut other = Connection::open(directory.file()).unwrap();
    let lock = other.transaction_with_behavior(Immediate).unwrap();
    let error = store.write(&exposures(1..2)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(error.is_transient());
    assert_eq!(store.phases().unwrap().len(), 1);
    drop(lock);
    assert_eq!(store.write(&exposures(1..2)).unwrap().exposures.new, 1);
}

#[test]
fn a_file_that_is_locked_whole_is_busy() {
    let directory = Directory::new();
    let lock = Connection::open(directory.file()).unwrap();
    let exclusive = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE";
    lock.execute_batch(exclusive).unwrap();
    let waited = std::time::Instant::now();
    let error = Sqlite::open(directory.file()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Busy);
    assert!(waited.elapsed() >= Duration::from_secs(5));
    drop(lock);
    Sqlite::open(directory.file()).unwrap();
}

/// Root may write everything, so there is nothing to see then.
#[test]
fn a_file_that_may_not_be_written_can_be_read() {
    let directory = Directory::new();
    let store = open(&directory);
    store.write(&exposures(0..1)).unwrap();
    drop(store);
    let mut permissions = fs::metadata(directory.file()).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(directory.file(), permissions).unwrap();
    if fs::File::options()
        .write(true)
        .open(directory.file())
        .is_ok()
    {
        return;
    }
    let store = open(&directory);
    assert_eq!(store.history(unit(0)).unwrap().exposures.len(), 1);
    let error = store.write(&exposures(1..2)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
}

/// If the callback refuses a batch, its error is returned.
#[test]
fn the_error_of_who_takes_a_dump_is_told() {
    let directory = Directory::new();
    let store = open(&directory);
    store.write(&exposures(0..1)).unwrap();
    let no = |_| {
        Err(tower_tracks::store::StoreError::new(
            StoreErrorKind::Other,
            "no",
        ))
    };
    let error = store.dump(&mut { no }).unwrap_err();
    assert_eq!(
        (error.kind(), &*error.to_string()),
        (StoreErrorKind::Other, "no")
    );
}
