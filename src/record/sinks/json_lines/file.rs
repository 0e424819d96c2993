use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use serde::de::IgnoredAny;

use crate::record::{
    Timestamp,
    files::{FileId, is_deleted, metadata_at, owner_only},
    recorder::warn,
};

/// How each line begins.
const BEGINNING: &[u8] = br#"{"type":""#;

/// How much is read at once where the end of the last line is looked for.
const PIECE: u64 = 8_192;

/// A file of whole lines, to be appended to.
pub(super) struct LineFile {
    file: File,
    id: FileId,
    /// How long it was when it was last written.
    length: u64,
    /// Whether something was written that may not be on the disk yet.
    is_dirty: bool,
}

impl LineFile {
    /// Opens a file, or makes one that its owner alone may read, and mends its end: a crash may have
    /// torn the last line.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // Not `append`, by which some systems refuse to shorten a file.
        options.create(true).truncate(false).read(true).write(true);
        let mut file = owner_only(&mut options).open(path)?;
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
            is_dirty: false,
        })
    }

    /// Returns whether the path still names the file, with all that was written to it.
    pub(super) fn is_in_place(&self, path: &Path) -> io::Result<bool> {
        let found = metadata_at(path)?;
        Ok(found.is_some_and(|found| FileId::of(&found) == self.id && found.len() >= self.length))
    }

    /// Returns how long it is, and the day of UTC on which it was last written.
    pub(super) fn state(&self) -> io::Result<(u64, i32)> {
        let metadata = self.file.metadata()?;
        Ok((metadata.len(), Timestamp::from(metadata.modified()?).day()))
    }

    /// Appends whole lines, or nothing: what was written when it fails is taken back.
    ///
    /// After an error the file is to be opened again, which mends what could not be taken back.
    pub(super) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let length = self.file.seek(SeekFrom::End(0))?;
        self.is_dirty = true;
        let written = self.file.write_all(lines);
        if written.is_err() {
            self.file.set_len(length)?;
        }
        written?;
        let metadata = self.file.metadata()?;
        self.length = metadata.len();
        match is_deleted(&metadata) {
            true => Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the file was deleted",
            )),
            false => Ok(()),
        }
    }

    /// Brings what was written to the disk.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.is_dirty {
            self.file.sync_data()?;
            self.is_dirty = false;
        }
        Ok(())
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
fn mend(file: &mut File, whole: u64, torn: &[u8], path: &Path) -> io::Result<()> {
    if torn.is_empty() {
        return Ok(());
    }
    let end = torn.iter().rposition(|byte| *byte != 0);
    let text = &torn[..end.map_or(0, |last| last + 1)];
    let is_known = is_line(text) || (torn[0] == 0 && is_ours(file, whole, text)?);
    if !is_known {
        let message = "its last line is not one of exposures and conversions";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    if serde_json::from_slice::<IgnoredAny>(text).is_ok() {
        file.set_len(whole + text.len() as u64)?;
        file.seek(SeekFrom::End(0))?;
        return file.write_all(b"\n");
    }
    warn(format_args!(
        "{}: the last line was torn, and {} bytes of it are cut",
        path.display(),
        torn.len()
    ));
    file.set_len(whole)
}

/// Returns whether a text begins as a line does, so far as it goes.
fn is_line(text: &[u8]) -> bool {
    let common = text.len().min(BEGINNING.len());
    !text.is_empty() && text[..common] == BEGINNING[..common]
}

/// Returns whether zero bytes after the last whole line are those of a file of lines: its first line
/// is one, or it has nothing else.
fn is_ours(file: &mut File, whole: u64, text: &[u8]) -> io::Result<bool> {
    if whole == 0 {
        return Ok(text.is_empty());
    }
    let mut first = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    let beginning = BEGINNING.len() as u64;
    Read::by_ref(file).take(beginning).read_to_end(&mut first)?;
    Ok(first == BEGINNING)
}
