//! Which file a path names. A path is compared by identity and not by its text, because a file can
//! be renamed and another one created in its place.

#[cfg(unix)]
use std::os::unix::fs::MetadataExt;
use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind},
    path::Path,
};

/// The identity of a file: a path names another file once its identity differs.
///
/// On Unix it is the device and the inode, which are not reused while the file is open. Elsewhere
/// all files are the same, so that only a missing one is noticed; there, an open file of SQLite
/// cannot be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileId {
    /// The number of the file system, within which inodes are unique, and that of the file in it.
    /// Where a system has none, all files are equal.
    device_and_inode: [u64; 2],
}

impl FileId {
    /// Returns the identity of the file at a path, without opening it; `None` where there is none.
    ///
    /// It follows a link, as opening the path does. An error other than a missing file, such as a
    /// folder without permission, is returned: the file may well be there.
    #[cfg(feature = "sqlite")]
    pub(crate) fn at(path: &Path) -> io::Result<Option<Self>> {
        let metadata = found(fs::metadata(path))?;
        Ok(metadata.map(|metadata| Self::of(&metadata)))
    }

    /// Returns the identity of an open file, or of a path whose metadata was read.
    pub(crate) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let device_and_inode = [MetadataExt::dev(metadata), MetadataExt::ino(metadata)];
        #[cfg(not(unix))]
        let (_, device_and_inode) = (metadata, [0; 2]);
        Self { device_and_inode }
    }
}

/// Returns the metadata of a path, without following a link; `None` if it does not exist.
#[cfg(feature = "record")]
pub(crate) fn unfollowed_metadata_at(path: &Path) -> io::Result<Option<Metadata>> {
    found(fs::symlink_metadata(path))
}

/// Returns `None` in place of the errors of a missing file.
fn found(metadata: io::Result<Metadata>) -> io::Result<Option<Metadata>> {
    // A folder of the path may be missing, or be a file now.
    metadata.map(Some).or_else(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
        _ => Err(error),
    })
}

/// Returns whether an open file has no name any more.
///
/// On Unix, an open file lives on after its last name is removed, until it is closed. What is
/// written to it is then lost.
#[cfg(unix)]
#[cfg(feature = "record")]
pub(crate) fn is_deleted(open: &Metadata) -> bool {
    open.nlink() == 0
}

/// Elsewhere it is not known, and a missing file is noticed by its path alone.
#[cfg(not(unix))]
pub(crate) fn is_deleted(_: &Metadata) -> bool {
    false
}
