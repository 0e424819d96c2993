//! Connections to a file that cannot be written, or must not be.
//!
//! In WAL mode, readers also write: into the file with `-shm` at the end of its name. If that cannot be
//! created, SQLite can still read a file that is declared immutable. Facts in the file with `-wal` would
//! then be missing, so the store refuses a file that has some.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use rusqlite::{Connection, OpenFlags};

use crate::store::error::{StoreError, StoreErrorKind};

use super::{
    connect::limit_reader,
    failure::{Failure, Outcome},
    open_file::beside,
};

/// The endings of files beside a database that can have facts of it.
const BESIDE: [&str; 2] = ["-wal", "-journal"];

/// The state of a file when it was opened as immutable; `None` if SQLite coordinates with writers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Frozen(Option<(u64, Option<SystemTime>)>);

/// Opens a connection for reading, which changes no file unless SQLite must create the one with `-shm`.
pub(super) fn reader(path: &Path) -> Outcome<(Connection, Frozen)> {
    match shared(path) {
        Err(failure) if failure.cannot_open() => frozen(path),
        opened => Ok((opened?, Frozen(None))),
    }
}

/// Returns an error if a file was written while it was read as immutable.
pub(super) fn check(path: &Path, frozen: Frozen) -> Outcome<()> {
    if frozen.0.is_none() || frozen == Frozen::of(path) && with_facts(path).is_none() {
        return Ok(());
    }
    let message = format!(
        "the database {} was changed while it was read without locks; try again",
        path.display()
    );
    Err(StoreError::new(StoreErrorKind::Busy, message).into())
}

/// Opens a file that others may write.
fn shared(path: &Path) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    limit_reader(Connection::open_with_flags(path, flags)?)
}

/// Opens a file as immutable.
fn frozen(path: &Path) -> Outcome<(Connection, Frozen)> {
    if let Some(beside) = with_facts(path) {
        return Err(unread(path, &beside).into());
    }
    let frozen = Frozen::of(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path), flags).map_err(Failure::from)?;
    Ok((limit_reader(connection)?, frozen))
}

/// Returns the file beside a database that has some of its facts.
fn with_facts(path: &Path) -> Option<PathBuf> {
    // They are beside the target of a link.
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let has_facts = |path: &PathBuf| fs::metadata(path).is_ok_and(|file| file.len() > 0);
    BESIDE
        .map(|end| beside(&real, end))
        .into_iter()
        .find(has_facts)
}

fn unread(path: &Path, beside: &Path) -> StoreError {
    let message = format!(
        "the database {} cannot be written, and {} has facts that are not in it yet; copy the database \
         and the files with -wal and -shm at the end of its name to a folder that can be written, or \
         run `sqlite3 FILE 'PRAGMA wal_checkpoint(TRUNCATE)'` on the original",
        path.display(),
        beside.display()
    );
    StoreError::new(StoreErrorKind::ReadOnly, message)
}

impl Frozen {
    fn of(path: &Path) -> Self {
        let file = fs::metadata(path);
        Self(file.ok().map(|file| (file.len(), file.modified().ok())))
    }
}

/// Returns the URI that declares a file as immutable.
fn uri(path: &Path) -> String {
    use std::fmt::Write;
    let mut uri = "file:".to_owned();
    // In a URI, `?` and `#` end the path and `%` begins a number, but a file may have them in its name.
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'/' | b'.' | b'_' | b'-' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            // Writing into a string cannot fail.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    if cfg!(windows) && path.is_absolute() {
        uri.insert_str("file:".len(), "///");
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_address() {
        assert_eq!(
            uri(Path::new("a b/ü?x#y%")),
            "file:a%20b/%C3%BC%3Fx%23y%25?immutable=1"
        );
    }
}
