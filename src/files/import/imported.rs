//! The result of an import: counts, the first bad lines with their reasons, and the errors that end
//! it.

use std::{error, fmt, io};

use crate::{
    figures::count,
    store::{StoreError, Written},
};

use super::fault::{Fault, FaultKind};

/// The maximum number of listed bad lines.
const TOLD: usize = 100;

/// The longest reason in characters: one that quotes the line is cut off.
const LONGEST: usize = 300;

/// The result of an import. `Display` writes a summary, then a line for each of the first bad
/// lines.
///
/// Only `written` counts facts; the other numbers count lines, or the exposures in them.
///
/// ```
/// use tower_tracks::{files::Import, store::Memory};
///
/// let imported = Import::json_lines(&b"{}\n"[..]).into_store(&Memory::default())?;
/// assert_eq!((imported.lines, imported.bad), (1, 1));
/// assert!(imported.to_string().contains("1 bad lines"));
/// # Ok::<(), tower_tracks::files::ImportError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// The number of lines that were read, with empty ones.
    pub lines: u64,
    /// The counts of the facts: new, known, or of erased units.
    pub written: Written,
    /// Erasures of units: the store deleted their facts up to a time.
    pub erasures: u64,
    /// Lines of an access log without the header, because their request read no track. They are
    /// skipped.
    pub without_header: u64,
    /// Exposures without a unit; they are skipped.
    pub without_unit: u64,
    /// Exposures to a forced track, which never count. They are skipped.
    pub forced: u64,
    /// Lines of a type that this version does not know. They are skipped.
    pub unknown: u64,
    /// Lines that are invalid, in whole or in part. The invalid part is skipped.
    pub bad: u64,
    /// Of the bad lines, those of an access log whose header is malformed, or not in the place that
    /// the format sets.
    pub malformed_header: u64,
    /// Of the bad lines, those whose header has a set or a track with an invalid name.
    pub invalid_name: u64,
    /// Of the bad lines, those whose header has a track that is neither in the sets nor in the
    /// store.
    pub unknown_track: u64,
    /// The first hundred bad lines, in their order.
    pub bad_lines: Vec<BadLine>,
}

/// A line that could not be read, in whole or in part. `Display` writes its number and the reason.
///
/// ```
/// use tower_tracks::{files::Import, store::Memory};
///
/// let imported = Import::json_lines(&b"{\n"[..]).into_store(&Memory::default())?;
/// let bad = &imported.bad_lines[0];
/// assert_eq!(bad.line, 1);
/// assert!(bad.to_string().starts_with("line 1: "));
/// # Ok::<(), tower_tracks::files::ImportError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The number of the line, from 1.
    pub line: u64,
    /// The reason, at most 300 characters. It shows no key.
    pub reason: Box<str>,
}

/// The error that ended an import.
///
/// The facts of earlier batches are in the store. Importing the whole file again is safe.
///
/// ```
/// use tower_tracks::{files::{Import, ImportError}, store::Memory};
///
/// let zip = &b"PK\x03\x04 and more than sixteen bytes"[..];
/// let error = Import::json_lines(zip).into_store(&Memory::default()).unwrap_err();
/// assert!(matches!(error, ImportError::Read { line: 1, .. }));
/// ```
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be read, or is not text.
    Read {
        /// The number of the line that could not be read.
        line: u64,
        /// The cause.
        source: io::Error,
    },
    /// The store refused the facts, for instance because it has the units of another secret.
    Store {
        /// The number of the last line that was read; 0 before the first one.
        line: u64,
        /// The cause.
        source: StoreError,
    },
}

impl Imported {
    /// Counts a bad line, and lists it if there is room.
    pub(super) fn is_bad(&mut self, line: u64, fault: Fault) {
        let Fault { kind, reason } = fault;
        self.bad += 1;
        match kind {
            FaultKind::Header => self.malformed_header += 1,
            FaultKind::Name => self.invalid_name += 1,
            FaultKind::Track => self.unknown_track += 1,
            FaultKind::Other => {}
        }
        // With the wrong format, all lines of a file are bad.
        if self.bad_lines.len() < TOLD {
            let reason = cut(reason);
            self.bad_lines.push(BadLine { line, reason });
        }
    }

    /// Writes what is wrong with the bad lines of an access log.
    fn write_kinds(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [self.malformed_header, self.invalid_name, self.unknown_track];
        if kinds == [0; 3] {
            return Ok(());
        }
        let [header, name, track] = kinds.map(count);
        write!(
            f,
            " ({header} with a malformed header, {name} with a name that is not allowed, {track} \
             with an unknown track)"
        )
    }
}

/// Shortens a reason, which may quote the line.
fn cut(reason: Box<str>) -> Box<str> {
    // By characters: a cut within one would be a panic.
    match reason.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &reason[..end]).into(),
        None => reason,
    }
}

/// A summary, then a line for each of the first bad lines.
impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.written.total();
        write!(
            f,
            "{} lines: {} facts were new, {} known before, {} of erased units; skipped: {} lines \
             without the header, {} exposures without a unit, {} forced, {} lines of another type, \
             {} bad lines",
            count(self.lines),
            count(rows.new),
            count(rows.known),
            count(rows.erased),
            count(self.without_header),
            count(self.without_unit),
            count(self.forced),
            count(self.unknown),
            count(self.bad)
        )?;
        if self.erasures > 0 {
            write!(f, "; {} erasures were applied", count(self.erasures))?;
        }
        self.write_kinds(f)?;
        self.bad_lines
            .iter()
            .try_for_each(|bad| write!(f, "\n{bad}"))
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { line, .. } => write!(f, "line {line} could not be read"),
            Self::Store { line, .. } => write!(f, "the store did not take what line {line} ends"),
        }
    }
}

debug_as_message!(ImportError);

impl error::Error for ImportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            Self::Store { source, .. } => Some(source),
        }
    }
}
