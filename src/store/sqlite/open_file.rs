//! The identity of the open file. A path is only a name: it may come to name another file while a
//! connection is open.
//!
//! A file is identified by its device and inode on Unix, not by its path. SQLite opens the files
//! with `-wal` and `-shm` by path, so those of a file that is gone must not stay for the next one.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::Connection;

use crate::disk::{FileId, owner_only};

/// One thread at a time makes a file.
static MAKING: Mutex<()> = Mutex::new(());

/// How many links are followed, as many as Linux follows.
const LINKS: usize = 40;

/// The file that a connection has open, to notice that it was deleted or replaced.
///
/// SQLite continues to write into a deleted file without an error.
pub(super) struct OpenFile {
    /// As the application named it; it may be a link.
    path: PathBuf,
    id: FileId,
    /// Where the file was when it was opened.
    real: PathBuf,
    /// The files with `-wal` and `-shm` at the end of their names.
    beside: Vec<(PathBuf, FileId)>,
}

impl OpenFile {
    /// Notes the file that a connection has open, and the files beside it.
    pub(super) fn new(path: &Path, id: FileId, connection: &Connection) -> Self {
        let real = connection.path().map_or_else(|| path.into(), PathBuf::from);
        let beside = ["-wal", "-shm"].map(|end| {
            let path = beside(&real, end);
            let id = FileId::at(&path).ok().flatten();
            id.map(|id| (path, id))
        });
        Self {
            path: path.to_owned(),
            id,
            beside: beside.into_iter().flatten().collect(),
            real,
        }
    }

    pub(super) fn id(&self) -> FileId {
        self.id
    }

    /// Returns whether the path still names the file. Where that cannot be found out, it does.
    pub(super) fn is_in_place(&self) -> bool {
        FileId::at(&self.path).map_or(true, |id| id == Some(self.id))
    }

    /// Removes what stands beside a file that is gone, unless it is of another file by now.
    ///
    /// Otherwise the next file at the path would be taken for the one that these belong to.
    pub(super) fn remove_beside(&self) {
        let at = |path: &Path| FileId::at(path).ok().flatten();
        if at(&self.real) == Some(self.id) {
            return;
        }
        for (path, id) in &self.beside {
            if at(path) == Some(*id) {
                fs::remove_file(path).ok();
            }
        }
    }
}

/// Returns the path of a file beside another one, whose name has one more ending.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Makes an empty file that its owner alone may read, unless there is one.
///
/// SQLite gives the two files beside it the same mode. What fails here fails there again, and is
/// reported there.
pub(super) fn make(path: &Path) {
    // To close a file would take away the locks of a connection that another thread has to it by
    // then. So a file that exists is not opened.
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let mut options = OpenOptions::new();
    owner_only(options.write(true).create_new(true))
        .open(target(path))
        .ok();
}

/// Returns the path that a link leads to, also where nothing is there yet.
fn target(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let Ok(link) = fs::read_link(&path) else {
            break;
        };
        // A link is relative to its folder.
        path = path
            .parent()
            .map_or(link.clone(), |folder| folder.join(&link));
    }
    path
}
