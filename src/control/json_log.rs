//! A log in a file of JSON lines, for services without a database.
//!
//! A lock of the file orders the writers. A reader takes no lock: it ignores a last line without an end,
//! which a writer may be writing. If a writer was killed there, the next one ends that line, and it is
//! malformed from then on.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{
    disk::owner_only,
    store::{StoreError, StoreErrorKind, Timestamp},
};

use super::{
    change::{Change, Draft},
    log::{Appended, ChangeLog, Changes, Malformed},
    memory::{faster, later},
};

/// A log in a file, with one change on each line.
///
/// Several processes of one machine may share it. The number of a change is that of its line. Back it up
/// with the service: without the file, nothing is paused.
///
/// ```
/// use tower_tracks::control::{Act, ChangeLog, Draft, JsonLog};
///
/// # let name = format!("tower-tracks-doc-changes-{}", std::process::id());
/// # let folder = std::env::temp_dir().join(name);
/// # std::fs::create_dir_all(&folder)?;
/// let log = JsonLog::new(folder.join("changes.jsonl"));
/// // Without a file, there are no changes.
/// assert_eq!(log.after(0)?.last, 0);
/// let pause = Draft::new("delay", 1, Act::Pause, "alice", "errors in checkout");
/// log.append(&pause, 0)?;
/// assert_eq!(log.after(0)?.changes[0].author, "alice");
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct JsonLog {
    path: PathBuf,
    known: Mutex<Known>,
}

/// The lines that were read, so that a file of the same length is not read again.
#[derive(Default)]
struct Known {
    len: u64,
    lines: Lines,
}

#[derive(Default)]
struct Lines {
    changes: Vec<Change>,
    malformed: Vec<Malformed>,
    /// The number of lines that have an end.
    last: u64,
    /// Whether the file ends within a line.
    is_torn: bool,
}

impl JsonLog {
    /// Returns the log of a file, which the first change creates.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            known: Mutex::default(),
        }
    }

    /// Reads the file, if its length has changed.
    fn read(&self, known: &mut Known) -> io::Result<()> {
        let file = match File::open(&self.path) {
            // A file that was there and is gone is a fault, not the end of all changes.
            Err(error) if error.kind() == ErrorKind::NotFound && known.len == 0 => return Ok(()),
            file => file?,
        };
        if file.metadata()?.len() != known.len {
            *known = Known::of(file)?;
        }
        Ok(())
    }

    fn add(&self, draft: &Draft, previous: u64) -> io::Result<Appended> {
        let mut options = OpenOptions::new();
        let mut file = owner_only(options.read(true).append(true).create(true)).open(&self.path)?;
        // It is released when the file is closed, also by the end of the process.
        fs4::FileExt::lock(&file)?;
        let lines = Lines::of(&text(&mut file)?);
        if let Some(faster) = faster(&lines.changes, draft, previous) {
            return Ok(Appended::Conflict(faster.clone()));
        }
        let last = lines.last + u64::from(lines.is_torn);
        let change = draft.numbered(last + 1, Timestamp::now());
        let end = if lines.is_torn { "\n" } else { "" };
        let line = serde_json::to_string(&change)?;
        // In one write, so that a reader sees at most one line without an end.
        file.write_all(format!("{end}{line}\n").as_bytes())?;
        file.sync_data()?;
        Ok(Appended::Added(change))
    }

    fn failed(&self, error: io::Error) -> StoreError {
        let kind = match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreErrorKind::Full,
            _ => StoreErrorKind::Unavailable,
        };
        let message = format!("the log of changes {} failed", self.path.display());
        StoreError::new(kind, message).caused_by(error)
    }
}

impl ChangeLog for JsonLog {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(&mut known).map_err(|error| self.failed(error))?;
        let lines = &known.lines;
        let malformed = lines.malformed.iter().filter(|line| line.number > number);
        Ok(Changes {
            malformed: malformed.cloned().collect(),
            last: lines.last,
            ..later(&lines.changes, number)
        })
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        self.add(draft, previous)
            .map_err(|error| self.failed(error))
    }
}

impl Known {
    fn of(mut file: File) -> io::Result<Self> {
        let text = text(&mut file)?;
        Ok(Self {
            len: text.len() as u64,
            lines: Lines::of(&text),
        })
    }
}

impl Lines {
    fn of(text: &[u8]) -> Self {
        let mut lines = Self::default();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => lines.push(line),
                None => lines.is_torn = true,
            }
        }
        lines
    }

    fn push(&mut self, line: &[u8]) {
        self.last += 1;
        let number = self.last;
        match serde_json::from_slice(line) {
            // The line counts: a number in a file that was edited may be that of another change.
            Ok(change) => self.changes.push(Change { number, ..change }),
            Err(error) => self.malformed.push(Malformed::new(number, error)),
        }
    }
}

/// Returns all of a file.
fn text(file: &mut File) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(text)
}

impl fmt::Debug for JsonLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: &Path = &self.path;
        f.debug_struct("JsonLog")
            .field("path", &path)
            .finish_non_exhaustive()
    }
}
