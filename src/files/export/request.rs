use std::{error, fmt, io};

use crate::store::{Batch, Store, StoreError, StoreErrorKind};

use super::{
    csv::{CsvWriter, Table},
    json_lines::LineWriter,
    keys,
};

/// Facts of a store, into a file.
///
/// It writes as it reads, so that the memory that it takes does not depend on how many facts there
/// are. What is written is a snapshot of one moment.
///
/// Lines of JSON are those of [`JsonLines`](crate::record::JsonLines), and
/// [`Import`](crate::files::Import) reads them back: all but sums over requests, erasures and what
/// was set aside, which only [`Store::merge`] takes along. A store does not know the kind of a unit
/// of which it has no key, so that the `kind` of conversions may be empty.
///
/// ```
/// use tower_tracks::{files::Export, store::Memory};
///
/// let mut lines = Vec::new();
/// let exported = Export::of(&Memory::default()).json_lines(&mut lines)?;
/// assert_eq!(exported.exposures, 0);
/// # Ok::<(), tower_tracks::files::ExportError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "an export does nothing until it is written"]
pub struct Export<'s> {
    store: &'s dyn Store,
    keys: bool,
}

/// How many facts were exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exported {
    /// How many exposures.
    pub exposures: u64,
    /// How many conversions.
    pub conversions: u64,
    /// How many aliases.
    pub aliases: u64,
}

/// Why an export stopped.
#[non_exhaustive]
pub enum ExportError {
    /// The store could not be read.
    Store(StoreError),
    /// The file could not be written.
    Write(io::Error),
}

impl<'s> Export<'s> {
    /// Returns the export of a store.
    pub fn of(store: &'s dyn Store) -> Self {
        Self { store, keys: false }
    }

    /// Writes the keys beside their units, too, where the store has them, in lines of JSON. Defaults
    /// to not: keys may name people. It takes memory by the number of units.
    pub fn keys(mut self) -> Self {
        self.keys = true;
        self
    }

    /// Writes everything as lines of JSON.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or the lines not be written.
    pub fn json_lines(self, out: impl io::Write) -> Result<Exported, ExportError> {
        let keys = match self.keys {
            true => keys::of(self.store)?,
            false => keys::Keys::new(),
        };
        let units = self.store.units()?;
        let mut lines = LineWriter::new(out, units, keys);
        each(self.store, |batch| lines.write(batch))?;
        lines.end().map_err(ExportError::Write)
    }

    /// Writes one table as CSV, by RFC 4180 with line feeds, a line of names first.
    ///
    /// A text that a spreadsheet would take for a formula begins with an apostrophe, and control
    /// characters are spaces.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, or the table not be written.
    pub fn csv(self, table: Table, out: impl io::Write) -> Result<Exported, ExportError> {
        let mut csv = CsvWriter::begin(table, out).map_err(ExportError::Write)?;
        each(self.store, |batch| csv.write(batch))?;
        csv.end().map_err(ExportError::Write)
    }
}

/// Hands out all batches of a store, as long as they can be written.
fn each(
    store: &dyn Store,
    mut write: impl FnMut(Batch) -> io::Result<()>,
) -> Result<(), ExportError> {
    let mut failed = None;
    let dumped = store.dump(&mut |batch| {
        write(batch).map_err(|error| {
            failed = Some(error);
            StoreError::new(StoreErrorKind::Other, "the reader of the dump stopped")
        })
    });
    match failed {
        Some(error) => Err(ExportError::Write(error)),
        None => Ok(dumped?),
    }
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Store(_) => "the store could not be read",
            Self::Write(_) => "the export could not be written",
        })
    }
}

debug_as_message!(ExportError);

impl error::Error for ExportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Write(error) => Some(error),
        }
    }
}
