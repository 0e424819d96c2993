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

/// What became of the lines of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// How many lines were read.
    pub lines: u64,
    /// What became of the facts in them.
    pub written: Written,
    /// Lines of an access log without the header, since their request read no track: skipped.
    pub without_header: u64,
    /// Exposures without a unit; they are skipped.
    pub without_unit: u64,
    /// Exposures to a track that was forced, which never count: skipped.
    pub forced: u64,
    /// Lines of a type that this version does not know: skipped.
    pub unknown: u64,
    /// How many lines were bad, in whole or in part: what is bad was skipped.
    pub bad: u64,
    /// Of the bad lines, those of an access log whose header is malformed, or is not where the
    /// format has it.
    pub malformed_header: u64,
    /// Of the bad lines, those whose header has a set or a track with a name that is not allowed.
    pub invalid_name: u64,
    /// Of the bad lines, those whose header has a track that neither the sets nor the store have.
    pub unknown_track: u64,
    /// The first hundred of the bad lines.
    pub bad_lines: Vec<BadLine>,
}

/// A line that could not be read, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// What is wrong with it, in at most 300 characters. It shows no key.
    pub reason: Box<str>,
}

/// Why an import stopped.
///
/// What was imported before is in the store. To import all again does no harm.
#[non_exhaustive]
pub enum ImportError {
    /// The file could not be read.
    Read {
        /// The line that was to be read.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// The store did not take it, as when it has the units of another secret.
    Store {
        /// The last line that was read.
        line: u64,
        /// Why.
        source: StoreError,
    },
}

impl Imported {
    pub(super) fn is_bad(&mut self, line: u64, fault: Fault) {
        let Fault { kind, reason } = fault;
        self.bad += 1;
        match kind {
            FaultKind::Header => self.malformed_header += 1,
            FaultKind::Name => self.invalid_name += 1,
            FaultKind::Track => self.unknown_track += 1,
            FaultKind::Other => {}
        }
        if self.bad_lines.len() < TOLD {
            let reason = cut(reason);
            self.bad_lines.push(BadLine { line, reason });
        }
    }
}

fn cut(reason: Box<str>) -> Box<str> {
    match reason.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &reason[..end]).into(),
        None => reason,
    }
}

impl Imported {
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
