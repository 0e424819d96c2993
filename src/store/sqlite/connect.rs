//! How connections are opened and set. All settings of SQLite that durability, waiting and safety
//! depend on are here.
//!
//! * WAL mode: readers and the writer do not wait for each other.
//! * `synchronous` is `NORMAL`: a commit survives the end of the process, but perhaps not a loss of
//!   power.
//! * A cache of 16 MB, and a checkpoint after 16 MB, because rows come in all over the tables.
//! * `secure_delete`: erased rows are overwritten.
//! * A query can neither write nor run code of the schema.

use std::{
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};

use crate::{
    disk::FileId,
    store::error::{StoreError, StoreErrorKind},
};

use super::{
    failure::{Failure, Outcome},
    faults,
    migrate::{migrate, version},
    open_file::{OpenFile, make},
    trust,
};

/// The default wait for other writers.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest time that SQLite waits, whose number of milliseconds has 31 bits.
const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

/// How long to wait before the mode of the file is set once more.
const PAUSE: Duration = Duration::from_millis(10);

/// How often a file is opened that was replaced meanwhile.
const ATTEMPTS: u32 = 3;

/// Opens the connection that writes, and brings the tables up to date; makes the file if there is
/// none.
pub(super) fn writer(path: &Path) -> Outcome<(Connection, OpenFile)> {
    faults::warn_once();
    for _ in 0..ATTEMPTS {
        make(path);
        let before = FileId::at(path).ok().flatten();
        let mut connection = writing(path)?;
        migrate(&mut connection)?;
        // Else the connection may be to a file that was there in between.
        if let Some(id) = before
            && FileId::at(path).ok().flatten() == before
        {
            let file = OpenFile::new(path, id, &connection);
            return Ok((connection, file));
        }
    }
    let message = format!("the database {} is replaced all the time", path.display());
    Err(StoreError::new(StoreErrorKind::Unavailable, message).into())
}

/// Opens the connection that writes, to a file that is ours or empty, and sets it.
fn writing(path: &Path) -> Outcome<Connection> {
    let mut connection = open(path)?;
    // Before any change, in case it is a database of another program.
    let moment = connection.transaction()?;
    trust::check(&moment)?;
    version(&moment)?;
    // SQLite does not change the mode of a file within a transaction.
    drop(moment);
    write_ahead(&connection)?;
    // In WAL mode, commits survive a kill of the process, but not a loss of power.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Rows come in all over the tables, so that many pages are needed again: 16 MB of them.
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // For the same reason, pages are taken over into the file less often than by default: after
    // 16 MB. What a large transaction makes longer is cut off again.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "journal_size_limit", 64_000_000)?;
    Ok(connection)
}

/// Opens a connection that reads beside the one that writes.
pub(super) fn reader(path: &Path) -> Outcome<Connection> {
    limit_reader(unlimited(path)?)
}

/// Sets what a connection must not do that reads, and checks that the file may be read.
pub(super) fn limit_reader(mut connection: Connection) -> Outcome<Connection> {
    limit(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    trust::check(&connection.transaction()?)?;
    Ok(connection)
}

/// Makes commits wait for the disk.
pub(super) fn synchronous_full(connection: &Connection) -> Outcome<()> {
    Ok(connection.pragma_update(None, "synchronous", "FULL")?)
}

/// Sets how long to wait for other writers, within the limit of SQLite.
pub(super) fn busy_timeout(connection: &Connection, timeout: Duration) -> Outcome<()> {
    Ok(connection.busy_timeout(timeout.min(LONGEST))?)
}

/// Opens a file that exists, to write to it.
///
/// SQLite must not create the file, because others could read it then. A path that looks like a URI is a
/// path. A connection is used by one thread at a time.
fn open(path: &Path) -> Outcome<Connection> {
    let connection = unlimited(path)?;
    limit(&connection)?;
    Ok(connection)
}

/// Opens a connection without its limits. Readers open the file for writing too, because they write to
/// the one with `-shm` beside it.
fn unlimited(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
}

/// Sets the limits of every connection: its patience, and what a schema must not run.
fn limit(connection: &Connection) -> Outcome<()> {
    connection.busy_timeout(PATIENCE)?;
    trust::distrust(connection)
}

/// Sets the mode in which readers and the writer do not wait for each other.
///
/// SQLite itself does not wait for another process that sets it at the same time.
fn write_ahead(connection: &Connection) -> Outcome<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let set = connection.pragma_update(None, "journal_mode", "WAL");
        match set.map_err(Failure::from) {
            Err(failure) if failure.is_busy() && Instant::now() < deadline => sleep(PAUSE),
            set => return set,
        }
    }
}
