//! One import, line by line. It decides when a batch is written, and counts what is skipped.

use std::mem;

use crate::{
    header::{Exposed, decode},
    store::{ExposureRow, Kinds, Store, StoreError},
};

use super::{
    access_log::Logged,
    draft::{Draft, Reason},
    fault::{Fault, FaultKind},
    imported::{ImportError, Imported},
    json_line::{self, Told},
    lines::Line,
    source::{Format, Source},
};

/// The number of rows with which a batch is written.
const ROWS: usize = 4_096;

/// The number of bytes of lines with which a batch is written, too: a line may have long texts.
const BYTES: usize = 4 * 1024 * 1024;

/// The reason of a line that begins with zero bytes. The rest of the line is read, but lines before
/// it may be lost.
const ZEROS: &str = "it begins with zero bytes, which a loss of power can leave instead of lines";

/// An import in progress.
pub(super) struct Run<'a> {
    source: Source,
    store: &'a dyn Store,
    draft: Draft,
    /// The total length of the lines in the draft, which limits the length of its texts.
    bytes: usize,
    imported: Imported,
}

impl<'a> Run<'a> {
    /// Claims the store, and reads the kinds of its phases.
    pub(super) fn begin(mut source: Source, store: &'a dyn Store) -> Result<Self, StoreError> {
        source.begin(store)?;
        Ok(Self {
            source,
            store,
            draft: Draft::new(Kinds::of(&store.phases()?)),
            bytes: 0,
            imported: Imported::default(),
        })
    }

    /// Reads a line, and writes the draft if it is large enough.
    pub(super) fn take(&mut self, number: u64, line: &Line<'_>) -> Result<(), StoreError> {
        self.imported.lines = number;
        let told = match line {
            Line::TooLong => Err(FaultKind::Other.with("it is longer than 4 MiB")),
            Line::Whole(line) => self.text(line)?,
            Line::AfterZeros(line) => self.text(line)?.and(Err(FaultKind::Other.with(ZEROS))),
        };
        if let Err(fault) = told {
            self.imported.is_bad(number, fault);
        }
        self.bytes += line.len();
        match self.draft.batch.rows() < ROWS && self.bytes < BYTES {
            true => Ok(()),
            false => self.write(),
        }
    }

    /// Writes the rest of the draft, with the definitions of the given sets.
    pub(super) fn end(mut self) -> Result<Imported, ImportError> {
        // Not before: the first exposure under a definition may be on the last line.
        self.source.definitions.draft(&mut self.draft.batch);
        let written = self.write();
        written.map_err(|source| ImportError::Store {
            line: self.imported.lines,
            source,
        })?;
        Ok(self.imported)
    }

    /// Reads a line by its format. The outer error ends the import; the inner one is that of a bad
    /// line.
    fn text(&mut self, line: &[u8]) -> Result<Result<(), Fault>, StoreError> {
        match &self.source.format {
            _ if line.is_empty() => Ok(Ok(())),
            Format::JsonLines => Ok(self.json_line(line)?.map_err(Fault::from)),
            Format::AccessLog(log) => {
                // What is no UTF-8 is a client's, and the header is ours.
                let line = String::from_utf8_lossy(line);
                let logged = log.read(&line);
                Ok(self.log_line(logged))
            }
        }
    }

    /// Reads a JSON line. A writer line claims the store.
    fn json_line(&mut self, line: &[u8]) -> Result<Result<(), Reason>, StoreError> {
        match json_line::read(line, &mut self.draft) {
            Ok(Told::Facts) => {}
            Ok(Told::Unknown) => self.imported.unknown += 1,
            Ok(Told::Writer(writer, units)) => {
                // Each time: a file may be joined from those of several programs.
                self.store.claim(&units)?;
                self.draft.writer = writer;
            }
            Err(reason) => return Ok(Err(reason)),
        }
        Ok(Ok(()))
    }

    /// Reads a line of an access log: each exposure in its header.
    fn log_line(&mut self, logged: Result<Option<Logged<'_>>, &'static str>) -> Result<(), Fault> {
        let logged = logged.map_err(|reason| FaultKind::Header.with(reason))?;
        let Some(logged) = logged else {
            self.imported.without_header += 1;
            return Ok(());
        };
        let exposed = decode(&logged.header)?;
        // All exposures are added, also those after a bad one, whose fault is returned.
        let mut first = Ok(());
        for one in &exposed {
            let added = self.expose(one, &logged);
            first = first.and(added);
        }
        first
    }

    /// Adds an exposure of a header, or counts why it is skipped.
    fn expose(&mut self, exposed: &Exposed, logged: &Logged<'_>) -> Result<(), Fault> {
        if exposed.forced {
            self.imported.forced += 1;
            return Ok(());
        }
        let Some(unit) = exposed.unit else {
            self.imported.without_unit += 1;
            return Ok(());
        };
        let at = logged.at.map_err(|reason| FaultKind::Other.with(reason))?;
        let at = self.draft.time(at)?;
        let track = self.source.track(exposed);
        let track = track.map_err(|reason| FaultKind::Track.with(reason))?;
        self.draft.check_kind(&track.phase)?;
        let (index, writer) = (self.draft.batch.track(track), self.draft.writer());
        let row = ExposureRow::new(index, unit, at, writer);
        self.draft.batch.exposures.push(row);
        // Cloned, because `track` borrows the source, which changes next.
        let phase = track.phase.clone();
        self.source.definitions.expose(&phase, at);
        Ok(())
    }

    /// Writes the draft, if it has rows.
    fn write(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        let batch = mem::take(&mut self.draft.batch);
        if !batch.is_empty() {
            self.imported.written += self.store.write(&batch)?;
            self.imported.erasures += batch.erased.len() as u64;
        }
        Ok(())
    }
}
