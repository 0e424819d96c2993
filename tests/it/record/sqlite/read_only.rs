//! A file that is opened to be read alone.

use std::fs;

use rusqlite::Connection;
use tower_tracks::store::{ErasedRow, Sqlite, Store, StoreErrorKind, Timestamp};

use super::{
    directory::Directory,
    facts::{exposures, unit},
};

const VERSION_1: &[u8] = include_bytes!("../../../fixtures/v1/facts.db");

fn written() -> Directory {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.claim("pseudonyms 1").unwrap();
    store.write(&exposures(0..10)).unwrap();
    directory
}

fn exposed(store: &Sqlite) -> usize {
    let numbers = 0..20;
    let is_there = |number: &u32| store.is_exposed(unit(*number)).unwrap();
    numbers.filter(is_there).count()
}

#[test]
fn changes_of_the_file_are_refused() {
    let directory = written();
    let before = fs::read(directory.file()).unwrap();
    let store = Sqlite::open_read_only(directory.file()).unwrap();
    assert_eq!(exposed(&store), 10);
    store.claim("pseudonyms 1").unwrap();
    assert_eq!(store.replacements().unwrap(), 0);
    let erased = ErasedRow::new(unit(0), Timestamp::MAX);
    let refused = [
        store.claim("pseudonyms 2").unwrap_err(),
        store.write(&exposures(0..1)).unwrap_err(),
        store.erase(erased).unwrap_err(),
        store.retain(Timestamp::MAX, &[]).unwrap_err(),
        store.synchronous_full().unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
        let message = "was opened to be read only, so nothing is written to it";
        assert!(error.to_string().ends_with(message), "{error}");
    }
    assert_eq!(fs::read(directory.file()).unwrap(), before);
}

/// Each reading is of all that was committed before it.
#[test]
fn later_writes_of_others_are_read() {
    let directory = written();
    let store = Sqlite::open_read_only(directory.file()).unwrap();
    let writer = Sqlite::open(directory.file()).unwrap();
    writer.write(&exposures(10..15)).unwrap();
    assert_eq!(exposed(&store), 15);
    drop(writer);
    assert_eq!(exposed(&store), 15);
}

#[test]
fn a_file_that_is_replaced_is_read_from_then_on() {
    let (directory, other) = (written(), Directory::new());
    let store = Sqlite::open_read_only(directory.file()).unwrap();
    let writer = Sqlite::open(other.file()).unwrap();
    writer.write(&exposures(0..3)).unwrap();
    drop(writer);
    fs::rename(other.file(), directory.file()).unwrap();
    assert_eq!(exposed(&store), 3);
}

#[test]
fn an_unknown_file_is_refused_and_not_created() {
    let directory = Directory::new();
    let error = Sqlite::open_read_only(directory.file()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(!directory.file().exists());
    fs::write(directory.file(), VERSION_1).unwrap();
    let error = Sqlite::open_read_only(directory.file()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
    let message = "the file has version 1 of the schema, and cannot be brought to version 3";
    assert!(error.to_string().starts_with(message), "{error}");
    assert_eq!(fs::read(directory.file()).unwrap(), VERSION_1);
    let other = Directory::new();
    Connection::open(other.file())
        .and_then(|connection| connection.execute_batch("CREATE TABLE track (name TEXT)"))
        .unwrap();
    let error = Sqlite::open_read_only(other.file()).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Corrupt);
}

#[cfg(target_os = "linux")]
mod mounted {
    use std::{
        env,
        io::{self, Write},
        path::Path,
        process::Command,
    };

    use super::*;

    /// In the environment of the process in a namespace of its own: the folder.
    const FOLDER: &str = "TRACKS_TEST_FROZEN";

    /// Mounts one folder over another, read-only, and runs the other arguments there.
    const SHELL: &str = "mount --bind \"$0/live\" \"$0/frozen\" && \
        mount -o remount,bind,ro \"$0/frozen\" && exec \"$@\"";

    fn inside(folder: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", SHELL]);
        command.arg(folder).arg(program).env(FOLDER, folder);
        command
    }

    /// A file that is read without locks is one that others may write all the same.
    #[test]
    fn a_reading_without_locks_fails_where_the_file_changes_meanwhile() {
        if let Some(folder) = env::var_os(FOLDER) {
            return read_while_others_write(Path::new(&folder));
        }
        let directory = Directory::new();
        for name in ["live", "frozen"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        let store = Sqlite::open(directory.path().join("live/facts.db")).unwrap();
        store.write(&exposures(0..10)).unwrap();
        drop(store);
        let made = inside(directory.path(), "true").status();
        if !made.is_ok_and(|made| made.success()) {
            let message = "\nSKIPPED: unshare makes no read-only mount here\n";
            writeln!(io::stderr(), "{message}").ok();
            return;
        }
        let test = "record::sqlite::read_only::mounted::\
            a_reading_without_locks_fails_where_the_file_changes_meanwhile";
        let mut again = inside(directory.path(), env::current_exe().unwrap());
        let ran = again.args([test, "--exact", "--nocapture"]).output();
        let ran = ran.unwrap();
        let out = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && out.contains("1 passed"), "{ran:?}");
    }

    fn read_while_others_write(folder: &Path) {
        let store = Sqlite::open_read_only(folder.join("frozen/facts.db")).unwrap();
        assert_eq!(exposed(&store), 10);
        let changed = store.dump(&mut |_| {
            let live = Sqlite::open(folder.join("live/facts.db"))?;
            live.write(&exposures(10..15)).map(drop)
        });
        let error = changed.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Busy);
        let message = "was changed while it was read without locks; try again";
        assert!(error.to_string().ends_with(message), "{error}");
        assert_eq!(exposed(&store), 15);
    }
}
