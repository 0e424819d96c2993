//! The public side of an export: what is written, and which errors end it.

use std::{error, fmt, io};

use crate::store::{Batch, Store, StoreError, StoreErrorKind};

use super::{
    csv::Table,
    json_lines::{Keys, LineWriter},
};

/// Writes the facts of a store to a file, as JSON lines or as CSV.
///
/// It writes while it reads, so its memory use does not depend on the number of facts. The facts
/// are one snapshot.
///
/// The JSON lines are those of [`JsonLines`](crate::record::JsonLines), and
/// [`Import`](crate::files::Import) reads them back. They omit sums over requests and
/// events that were set aside; only [`Store::merge`] copies those. A store does not know the kind
/// of a unit without its key, so the `kind` of a conversion may be empty.
///
/// ```
/// use tower_tracks::{files::Export, store::Memory};
///
/// let mut lines = Vec::new();
/// let exported = Export::of(&Memory::default()).json_lines(&mut lines)?;
/// assert_eq!(exported.exposures, 0);
/// # Ok::<(), tower_tracks::files::ExportError>(())
/// ```
///
/// # Which format
///
/// Use JSON lines for a backup, or to move facts to another store: an import of them gives the same
/// reports, without those of requests. Use CSV to analyse facts with other tools. To copy a whole
/// store, use [`Store::merge`].
#[derive(Debug, Clone)]
#[must_use = "an export does nothing until it is written"]
pub struct Export<'s> {
    store: &'s dyn Store,
    keys: bool,
}

/// The number of facts that were exported.
///
/// A CSV file has one table, so the other numbers are 0.
///
/// ```
/// use tower_tracks::{files::{Export, Table}, store::{Memory, Store, Timestamp}};
///
/// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
/// # use tower_tracks::{Goal, unit::Unit};
/// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
/// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
/// # let mut batch = Batch::default();
/// # let writer = batch.writer(&WriterRow::new([7; 16], at));
/// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
/// # let track = batch.track(&track);
/// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
/// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
/// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
/// # let store = Memory::default();
/// # store.write(&batch)?;
/// let exported = Export::of(&store).csv(Table::Exposures, Vec::<u8>::new())?;
/// assert_eq!((exported.exposures, exported.conversions), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exported {
    /// The number of first exposures: one for each unit and track.
    pub exposures: u64,
    /// The number of conversions.
    pub conversions: u64,
    /// The number of aliases.
    pub aliases: u64,
    /// The number of erased units.
    pub erasures: u64,
}

/// The error that ended an export. The file may have a part of the facts.
///
/// `source()` is the error of the store or of the file.
///
/// ```
/// use std::io;
///
/// use tower_tracks::{files::{Export, ExportError, Table}, store::Memory};
///
/// struct Full;
///
/// impl io::Write for Full {
///     fn write(&mut self, _: &[u8]) -> io::Result<usize> {
///         Err(io::ErrorKind::StorageFull.into())
///     }
///
///     fn flush(&mut self) -> io::Result<()> {
///         Ok(())
///     }
/// }
///
/// let error = Export::of(&Memory::default()).csv(Table::Aliases, Full).unwrap_err();
/// assert!(matches!(error, ExportError::Write(_)));
/// ```
#[non_exhaustive]
pub enum ExportError {
    /// The store could not be read.
    Store(StoreError),
    /// The file could not be written.
    Write(io::Error),
}

impl<'s> Export<'s> {
    /// Returns the export of a store, without keys.
    ///
    /// ```
    /// use tower_tracks::{files::Export, store::Memory};
    ///
    /// let store = Memory::default();
    /// let mut file = Vec::new();
    /// Export::of(&store).json_lines(&mut file)?;
    /// // An empty store has no lines.
    /// assert!(file.is_empty());
    /// # Ok::<(), tower_tracks::files::ExportError>(())
    /// ```
    pub fn of(store: &'s dyn Store) -> Self {
        Self { store, keys: false }
    }

    /// Also writes the key of each unit, if the store has it. It applies to JSON lines, and not to
    /// CSV. Defaults to no keys.
    ///
    /// Only a store of [raw](crate::Units::raw) units has keys. They are read into memory first.
    ///
    /// ```
    /// use tower_tracks::{files::Export, store::{Memory, RawUnitRow, Store, Timestamp}};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let mut keys = Batch::default();
    /// keys.raw_units.push(RawUnitRow::new(unit, "visitor".into(), (*b"alice").into()));
    /// store.write(&keys)?;
    ///
    /// let mut lines = Vec::new();
    /// Export::of(&store).keys().json_lines(&mut lines)?;
    /// assert!(String::from_utf8(lines)?.contains(r#""key":"alice""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Warning
    ///
    /// A key may identify a person. A file with keys needs the same protection as the application's
    /// own data.
    pub fn keys(mut self) -> Self {
        self.keys = true;
        self
    }

    /// Writes all facts as JSON lines, and returns their number.
    ///
    /// `out` receives many small writes, so use a buffered writer for a file. It is flushed at the
    /// end.
    ///
    /// ```
    /// use tower_tracks::{files::{Export, Import}, store::{Memory, Store, Timestamp}};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let mut lines = Vec::new();
    /// let exported = Export::of(&store).json_lines(&mut lines)?;
    /// assert_eq!((exported.exposures, exported.conversions), (1, 1));
    ///
    /// let copy = Memory::default();
    /// Import::json_lines(&lines[..]).into_store(&copy)?;
    /// assert_eq!(copy.history(unit)?, store.history(unit)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ExportError::Store`] if the store cannot be read, and [`ExportError::Write`] if the lines
    /// cannot be written.
    pub fn json_lines(self, out: impl io::Write) -> Result<Exported, ExportError> {
        let keys = match self.keys {
            true => keys(self.store)?,
            false => Keys::new(),
        };
        let units = self.store.units()?;
        let mut lines = LineWriter::new(out, units, keys);
        each(self.store, |batch| lines.write(batch))?;
        lines.end().map_err(ExportError::Write)
    }

    /// Writes one table as CSV, as RFC 4180 defines it but with line feeds. The first line has the
    /// column names.
    ///
    /// A text that a spreadsheet would compute as a formula begins with an apostrophe. Control
    /// characters become spaces. Times are in UTC, such as `2026-03-11T09:26:53.042000Z`.
    ///
    /// ```
    /// use tower_tracks::{files::{Export, Table}, store::{Memory, Store, Timestamp}};
    ///
    /// # use tower_tracks::store::{Batch, ConversionRow, ExposureRow, PhaseName, TrackName, WriterRow};
    /// # use tower_tracks::{Goal, unit::Unit};
    /// # let (unit, at) = (Unit::from_bytes([1; 16]), Timestamp::from_micros(60_000_000));
    /// # let phase = PhaseName { set: "delay".into(), phase: 1, kind: "visitor".into() };
    /// # let mut batch = Batch::default();
    /// # let writer = batch.writer(&WriterRow::new([7; 16], at));
    /// # let track = TrackName { phase: phase.clone(), track: "long".into(), control: false };
    /// # let track = batch.track(&track);
    /// # batch.exposures.push(ExposureRow::new(track, unit, at, writer));
    /// # let (goal, idem) = (batch.goal(&Goal::new("bought")?), [1; 16]);
    /// # batch.conversions.push(ConversionRow::new(goal, unit, idem, at, writer).value(2_500_000));
    /// # let store = Memory::default();
    /// # store.write(&batch)?;
    /// let mut csv = Vec::new();
    /// Export::of(&store).csv(Table::Conversions, &mut csv)?;
    /// let csv = String::from_utf8(csv)?;
    /// let mut lines = csv.lines();
    /// assert_eq!(lines.next(), Some("goal,unit,at,value_micros"));
    /// assert!(lines.next().expect("a conversion").ends_with(",2500000"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ExportError::Store`] if the store cannot be read, and [`ExportError::Write`] if the table
    /// cannot be written.
    pub fn csv(self, table: Table, mut out: impl io::Write) -> Result<Exported, ExportError> {
        let mut exported = Exported::default();
        table.begin(&mut out).map_err(ExportError::Write)?;
        each(self.store, |batch| {
            table.write(&mut out, &batch, &mut exported)
        })?;
        out.flush().map_err(ExportError::Write)?;
        Ok(exported)
    }
}

/// Returns the keys of all units. A dump has the keys after the facts, so an export with keys reads
/// the store twice.
fn keys(store: &dyn Store) -> Result<Keys, StoreError> {
    let mut keys = Keys::new();
    store.dump(&mut |batch| {
        let rows = batch.raw_units.into_iter();
        keys.extend(rows.map(|row| (row.unit, (row.kind, row.key))));
        Ok(())
    })?;
    Ok(keys)
}

/// Passes all batches of a store to a writer. An error of the writer ends the dump by an error of
/// its own, which is then dropped for the original one.
fn each(
    store: &dyn Store,
    mut write: impl FnMut(Batch) -> io::Result<()>,
) -> Result<(), ExportError> {
    // A dump ends by an error of the store alone, so the error of the writer is kept beside it.
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
