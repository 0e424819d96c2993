//! One large query in parts, each with a connection and a thread of its own. All parts see the same facts.
//!
//! SQLite has no way to share a snapshot that needs no write lock. So all connections begin to read, and
//! the first one then checks whether another connection has committed since. If so, they begin again.

use rusqlite::Connection;

use crate::{disk::FileId, store::sql::side_by_side};

use super::{
    failure::Outcome,
    readers::{Reader, Readers},
};

/// How often all connections begin. Beginning takes microseconds, and a commit milliseconds.
const ATTEMPTS: u32 = 20;

/// Returns what each part reads; `None` if the parts could not begin at the same facts.
///
/// `read` gets a connection in a transaction, and the number of the part.
pub(super) fn read_side_by_side<T: Send>(
    readers: &Readers,
    parts: usize,
    read: impl Fn(&Connection, usize) -> Outcome<T> + Sync,
) -> Outcome<Option<Vec<T>>> {
    let file = FileId::at(readers.path()).ok().flatten();
    let taken = (0..parts).map(|_| readers.take());
    // Without the file descriptors for all of them, one connection may do.
    let Ok(mut taken) = taken.collect::<Outcome<Vec<_>>>() else {
        return Ok(None);
    };
    // Otherwise they may be connections to different files: to one that was replaced, and to the new one.
    let is_one_file = || {
        let is_at_path = |file| FileId::at(readers.path()).ok().flatten() == Some(file);
        file.is_some_and(|file| is_at_path(file) && taken.iter().all(|reader| reader.file == file))
    };
    if !is_one_file() || !begin_together(&taken)? || !is_one_file() {
        return Ok(None);
    }
    let answers = side_by_side(taken.iter_mut().enumerate(), |(part, reader)| {
        let _watch = readers.watch(&reader.connection)?;
        let answer = read(&reader.connection, part);
        end(&reader.connection)?;
        answer
    });
    for (reader, answer) in taken.into_iter().zip(&answers) {
        readers.keep(reader, answer.is_ok())?;
    }
    answers.into_iter().collect::<Outcome<_>>().map(Some)
}

/// Begins a transaction on each connection. Returns whether all see the same facts; if not, each has ended
/// again.
fn begin_together(readers: &[Reader]) -> Outcome<bool> {
    let Some((first, others)) = readers.split_first() else {
        return Ok(true);
    };
    for _ in 0..ATTEMPTS {
        let before = version(&first.connection)?;
        for reader in others {
            begin(&reader.connection)?;
        }
        if begin(&first.connection)? == before {
            return Ok(true);
        }
        for reader in readers {
            end(&reader.connection)?;
        }
    }
    Ok(false)
}

/// Begins a transaction, and returns the version of the facts that it sees.
fn begin(connection: &Connection) -> Outcome<i64> {
    connection.execute_batch("BEGIN")?;
    // `BEGIN` alone reads nothing yet.
    version(connection)
}

/// Returns a number that is another one after another connection has committed.
fn version(connection: &Connection) -> Outcome<i64> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}

fn end(connection: &Connection) -> Outcome<()> {
    Ok(connection.execute_batch("ROLLBACK")?)
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Barrier, thread};

    use super::*;
    use crate::store::Sqlite;

    /// All parts are read at once, each by a thread of its own, or they would wait for each other for good.
    #[test]
    fn each_part_has_a_thread_of_its_own() {
        let folder = std::env::temp_dir().join(format!("tracks-parts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("facts.db");
        drop(Sqlite::open(&path).unwrap());
        let file = FileId::at(&path).unwrap().unwrap();
        let all = Barrier::new(5);
        let read = |_: &Connection, part| {
            all.wait();
            Ok((part, thread::current().id()))
        };
        let read = read_side_by_side(&Readers::new(&path, file), 5, read)
            .unwrap()
            .unwrap();
        std::fs::remove_dir_all(folder).unwrap();
        let (parts, threads): (Vec<_>, HashSet<_>) = read.into_iter().unzip();
        assert_eq!((parts, threads.len()), (vec![0, 1, 2, 3, 4], 5));
    }
}
