use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use serde::de::IgnoredAny;

use crate::record::{Timestamp, recorder::warn};

/// How each line begins.
const BEGINNING: &[u8] = br#"{"type":""#;

/// How much is read at once where the end of the last line is looked for.
const PIECE: u64 = 8_192;

/// A file of whole lines, to be appended to.
pub(super) struct LineFile {
    file: File,
    /// Whether something was written that may not be on the disk yet.
    is_dirty: bool,
}

impl LineFile {
    /// Opens a file, or makes one, and mends its end: a crash may have torn the last line.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // Not `append`, by which some systems refuse to shorten a file.
        let options = options.create(true).truncate(false).read(true).write(true);
        let mut file = options.open(path)?;
        let whole = end_of_lines(&mut file)?;
        let mut torn = Vec::new();
        file.seek(SeekFrom::Start(whole))?;
        file.read_to_end(&mut torn)?;
        mend(&mut file, whole, &torn, path)?;
        Ok(Self {
            file,
            is_dirty: false,
        })
    }

    /// Returns how long it is, and the day of UTC on which it was last written.
    pub(super) fn state(&self) -> io::Result<(u64, i32)> {
        let metadata = self.file.metadata()?;
        Ok((metadata.len(), Timestamp::from(metadata.modified()?).day()))
    }

    /// Returns whether it is still the file at a path: nobody moved or removed it.
    #[cfg(unix)]
    pub(super) fn is_at(&self, path: &Path) -> bool {
        use std::{fs, os::unix::fs::MetadataExt};
        let id = |metadata: io::Result<fs::Metadata>| metadata.map(|of| (of.dev(), of.ino())).ok();
        let ours = id(self.file.metadata());
        ours.is_some() && ours == id(fs::metadata(path))
    }

    /// Returns whether it is still the file at a path, which an open file cannot leave here.
    #[cfg(not(unix))]
    pub(super) fn is_at(&self, path: &Path) -> bool {
        path.exists()
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
        written
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

/// Ends a last line that is whole, and cuts one that is torn.
fn mend(file: &mut File, whole: u64, torn: &[u8], path: &Path) -> io::Result<()> {
    if torn.is_empty() {
        return Ok(());
    }
    let common = torn.len().min(BEGINNING.len());
    if torn[..common] != BEGINNING[..common] {
        let message = "its last line is not one of exposures and conversions";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    if serde_json::from_slice::<IgnoredAny>(torn).is_ok() {
        return file.write_all(b"\n");
    }
    warn(format_args!(
        "{}: the last line was torn, and {} bytes of it are cut",
        path.display(),
        torn.len()
    ));
    file.set_len(whole)
}
