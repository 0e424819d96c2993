//! The file that lines are appended to. It has only whole lines, also after a crash.

use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use serde::de::IgnoredAny;

use crate::{
    disk::{FileId, is_deleted, open_unfollowed, owner_only, unfollowed_metadata_at},
    store::Timestamp,
    warn::warn,
};

use super::{
    clock::Now,
    header::{agrees, first_line, foreign, is_torn_beginning, recognised},
    text,
};

/// The beginning of each line.
const BEGINNING: &[u8] = br#"{"type":""#;

/// The number of bytes that are read at once in search of the last line's end.
const PIECE: u64 = 8_192;

/// A file of whole lines, to be appended to.
pub(super) struct LineFile {
    file: File,
    id: FileId,
    /// The length after the last write. A shorter file was changed by another program.
    pub(super) length: u64,
    /// When it was begun, by its header, and when this process opened it. An empty file begins with
    /// its first line.
    pub(super) since: Now,
    /// Whether something was written that may not be on the disk yet.
    is_dirty: bool,
}

impl LineFile {
    /// Opens a file, or makes one that its owner alone may read, and mends its end: a crash may have
    /// torn the last line.
    ///
    /// A file that has anything but lines of this sink is not opened.
    pub(super) fn open(path: &Path, now: Now) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // Not `append`, by which some systems refuse to shorten a file.
        options.create(true).truncate(false).read(true).write(true);
        let mut file = open_unfollowed(owner_only(&mut options), path)?;
        let begun_at = begun_at(&mut file)?;
        let whole = end_of_lines(&mut file)?;
        let mut torn = Vec::new();
        file.seek(SeekFrom::Start(whole))?;
        file.read_to_end(&mut torn)?;
        mend(&mut file, whole, &torn, path)?;
        let metadata = file.metadata()?;
        Ok(Self {
            file,
            id: FileId::of(&metadata),
            length: metadata.len(),
            since: Now {
                wall: begun_at.unwrap_or(now.wall),
                steady: now.steady,
            },
            is_dirty: false,
        })
    }

    /// Returns whether the path still names the file, with all that was written to it.
    pub(super) fn is_in_place(&self, path: &Path) -> io::Result<bool> {
        let found = unfollowed_metadata_at(path)?;
        Ok(found.is_some_and(|found| FileId::of(&found) == self.id && found.len() >= self.length))
    }

    /// Returns the permissions, for the next file.
    pub(super) fn permissions(&self) -> io::Result<Permissions> {
        Ok(self.file.metadata()?.permissions())
    }

    /// Sets the permissions of the previous file, so that its readers can read this one.
    pub(super) fn set_permissions(&self, permissions: Permissions) -> io::Result<()> {
        self.file.set_permissions(permissions)
    }

    /// Returns the header that an empty file begins with; no bytes for another.
    pub(super) fn header(&self, now: Now) -> Vec<u8> {
        match self.length {
            0 => text::of_file(now.wall),
            _ => Vec::new(),
        }
    }

    /// Appends whole lines, or nothing: what was written when it fails is taken back.
    ///
    /// After an error the file is to be opened again, which mends what could not be taken back.
    pub(super) fn append(&mut self, lines: &[u8], now: Now) -> io::Result<()> {
        let length = self.file.seek(SeekFrom::End(0))?;
        // Even a write that fails may have changed the file.
        self.is_dirty = true;
        let written = self.file.write_all(lines);
        if written.is_err() {
            self.file.set_len(length)?;
        }
        written?;
        if self.length == 0 {
            self.since.wall = now.wall;
        }
        let metadata = self.file.metadata()?;
        self.length = metadata.len();
        if is_deleted(&metadata) {
            let message = "the file was deleted";
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
        Ok(())
    }

    /// Waits until written lines are on the disk.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.is_dirty {
            self.file.sync_data()?;
            self.is_dirty = false;
        }
        Ok(())
    }
}

/// Returns when a file was begun, if that was not lost in a crash; an error if it is of something
/// else. An empty file is ours.
fn begun_at(file: &mut File) -> io::Result<Option<Timestamp>> {
    let line = first_line(file)?;
    // A longer file has the end of its first line, so that no crash explains another content.
    if file.metadata()?.len() > line.len() as u64 {
        return recognised(&line).map(Some);
    }
    let text = without_zeros(&line);
    match text.is_empty() || is_torn_beginning(text) {
        true => Ok(recognised(text).ok()),
        false => Err(foreign()),
    }
}

/// Returns where the last whole line ends.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.metadata()?.len();
    let mut piece = Vec::new();
    while end > 0 {
        let begin = end.saturating_sub(PIECE);
        piece.clear();
        file.seek(SeekFrom::Start(begin))?;
        Read::by_ref(file)
            .take(end - begin)
            .read_to_end(&mut piece)?;
        if let Some(last) = piece.iter().rposition(|byte| *byte == b'\n') {
            return Ok(begin + last as u64 + 1);
        }
        end = begin;
    }
    Ok(0)
}

/// Ends a last line that is whole, and cuts one that is torn, with the zero bytes that a loss of power
/// leaves where lines were on their way to the disk.
///
/// The file is known to be ours, by its first line.
fn mend(file: &mut File, whole: u64, torn: &[u8], path: &Path) -> io::Result<()> {
    if torn.is_empty() {
        return Ok(());
    }
    let text = without_zeros(torn);
    // Blocks that a loss of power kept from the disk are zeros from their first byte on.
    if !is_line(text) && torn[0] != 0 {
        let message = "its last line is not that of a file of exposures and conversions, so nothing \
                       is written to it; choose another path, or move the file away";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    if serde_json::from_slice::<IgnoredAny>(text).is_ok() {
        file.set_len(whole + text.len() as u64)?;
        file.seek(SeekFrom::End(0))?;
        return file.write_all(b"\n");
    }
    warn(format_args!(
        "{}: the last line was incomplete, so its {} bytes were removed",
        path.display(),
        torn.len()
    ));
    file.set_len(whole)
}

/// Returns whether a text begins as a line does, so far as it goes.
fn is_line(text: &[u8]) -> bool {
    !text.is_empty() && agrees(text, BEGINNING)
}

/// Returns a text without the zero bytes at its end.
fn without_zeros(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| *byte != 0);
    &text[..last.map_or(0, |last| last + 1)]
}
