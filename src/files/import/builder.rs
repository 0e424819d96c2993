//! The public side of an import: the format, the sets, and the loop over the lines.

use std::{fmt, io::BufRead};

#[cfg(feature = "mask")]
use crate::middleware::Unmask;
use crate::{assign::Set, store::Store, unit::Units};

use super::{
    access_log::AccessLog,
    imported::{ImportError, Imported},
    input,
    lines::Lines,
    run::Run,
    source::{Format, Source},
};

/// Reads facts from a file into a store.
///
/// It reads any [`BufRead`] line by line, and writes batches of 4,096 rows or 4 MiB of lines. So
/// its memory use does not depend on the size of the file, nor on its size after decompression. A
/// line that cannot be read is counted and skipped; so is a line longer than 4 MiB. Importing the
/// same file again changes nothing, because facts are a union.
///
/// A file compressed by gzip is decompressed, with any name and any number of members. Text is
/// UTF-8, with or without a byte order mark. UTF-16 and other compressed files are an error that
/// names the format.
///
/// It blocks for I/O, so do not call it on a thread of an async runtime; use `spawn_blocking`
/// there.
///
/// # JSON lines
///
/// The lines of [`JsonLines`](crate::record::JsonLines) have all facts of a store, except sums over
/// requests.
///
/// ```
/// use tower_tracks::{files::Import, store::Memory};
///
/// let file = concat!(
///     r#"{"type":"exposure","v":1,"set":"delay","phase":1,"kind":"visitor","track":"long","#,
///     r#""control":false,"unit":"eb663c7832d3a67138ebe4e1429c492a","at":1773221214000000}"#,
///     "\n",
/// );
/// let imported = Import::json_lines(file.as_bytes()).into_store(&Memory::default())?;
/// assert_eq!(imported.written.exposures.new, 1);
/// # Ok::<(), tower_tracks::files::ImportError>(())
/// ```
///
/// # Access logs
///
/// A layer with [`units`](crate::TracksLayer::units) adds them to the header `Tracks-Exposure`. The
/// guide [about logs](crate::guide::logs) shows how servers log and remove it. Other data come from
/// elsewhere:
///
/// * The definition, with which the sample ratio is checked, comes from the [`sets`](Self::sets).
/// * The kind of the units, and which track is control, come from the [`sets`](Self::sets), or else
///   from the store. An exposure to a track that neither has is bad.
/// * The coin depends on the key, which no log has. It stays unknown.
/// * The time is that of the log: the end of the response, or the beginning of the request or of a
///   second.
///
/// An exposure without a unit, and one to a forced track, is counted and skipped.
///
/// ```
/// use tower_tracks::{SimpleTrackSet, files::{AccessLog, Import}, store::Memory};
///
/// let sets = SimpleTrackSet::new("delay").track("2s", 2000).build()?;
/// let log = r#"203.0.113.7 - - [11/Mar/2026:09:26:53 +0000] "GET /coconuts HTTP/1.1" 200 14 "-" "Mozilla/5.0" "delay=\x222s\x22;unit=\x22eb663c7832d3a67138ebe4e1429c492a\x22""#;
///
/// let import = Import::access_log(log.as_bytes(), AccessLog::combined()).sets(sets.sets());
/// let imported = import.into_store(&Memory::default())?;
/// assert_eq!(imported.written.exposures.new, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is checked
///
/// A file may come from anybody. So names must be those that an application can choose, a time must
/// be between 1970 and an hour from now, and a phase keeps the kind of unit that it had first.
#[must_use = "an import does nothing until it has a store"]
pub struct Import<R> {
    reader: R,
    source: Source,
}

impl<R: BufRead> Import<R> {
    /// Returns the import of lines that [`JsonLines`](crate::record::JsonLines) wrote: a file, or
    /// several of them joined.
    ///
    /// Lines of an unknown type are counted in [`Imported::unknown`] and skipped, so that an older
    /// program can read the files of a newer one. A line of another version of the format is bad.
    ///
    /// ```
    /// use tower_tracks::{files::Import, store::Memory};
    ///
    /// let file = "{\"type\":\"weather\",\"v\":1}\nnot JSON\n";
    /// let imported = Import::json_lines(file.as_bytes()).into_store(&Memory::default())?;
    /// assert_eq!((imported.lines, imported.unknown, imported.bad), (2, 1, 1));
    /// assert_eq!(imported.bad_lines[0].line, 2);
    /// # Ok::<(), tower_tracks::files::ImportError>(())
    /// ```
    pub fn json_lines(reader: R) -> Self {
        Self::new(reader, Format::JsonLines)
    }

    /// Returns the import of an access log.
    ///
    /// ```
    /// use tower_tracks::{files::{AccessLog, Import}, store::Memory};
    ///
    /// // The request read no track, so its response has no header.
    /// let log = r#"203.0.113.7 - - [11/Mar/2026:09:26:53 +0000] "GET / HTTP/1.1" 200 14 "-" "-" "-""#;
    /// let import = Import::access_log(log.as_bytes(), AccessLog::combined());
    /// let imported = import.into_store(&Memory::default())?;
    /// assert_eq!((imported.without_header, imported.bad), (1, 0));
    /// # Ok::<(), tower_tracks::files::ImportError>(())
    /// ```
    pub fn access_log(reader: R, format: AccessLog) -> Self {
        Self::new(reader, Format::AccessLog(format))
    }

    fn new(reader: R, format: Format) -> Self {
        Self {
            reader,
            source: Source::new(format),
        }
    }

    /// Adds sets of which exposures are logged, such as those of a layer or those that
    /// [`StoredSets`](crate::assign::StoredSets) reads.
    ///
    /// A set need not be given where the store has its tracks. But a definition is needed to check the
    /// sample ratio, and a log has none: that of a given set is stored with the first of its
    /// exposures, unless the store or another given set has a different one of the same phase.
    ///
    /// JSON lines have the definitions themselves, so they need no sets.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, files::{AccessLog, Import}, store::{Memory, Store}};
    ///
    /// let sets = SimpleTrackSet::new("delay").track("2s", 2000).build()?;
    /// let log = concat!(
    ///     r#"{"time":"2026-03-11T09:26:53Z","#,
    ///     r#""tracks_exposure":"delay=\"2s\";unit=\"eb663c7832d3a67138ebe4e1429c492a\""}"#,
    /// );
    ///
    /// let store = Memory::default();
    /// let import = Import::access_log(log.as_bytes(), AccessLog::json());
    /// import.sets(sets.sets()).into_store(&store)?;
    /// // The definition was stored with the first exposure.
    /// assert_eq!(store.phases()?[0].definitions.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sets<'s>(mut self, sets: impl IntoIterator<Item = &'s Set>) -> Self {
        sets.into_iter().for_each(|set| self.source.add_set(set));
        self
    }

    /// Sets the units that the log was written with, so that a store with other units refuses them.
    /// Defaults to none, with which an access log is not checked. JSON lines name their units
    /// themselves.
    ///
    /// ```
    /// use tower_tracks::{Units, files::{AccessLog, Import, ImportError}, store::{Memory, Store}};
    ///
    /// let store = Memory::default();
    /// store.claim("another scheme")?;
    /// let units = Units::pseudonym("sixteen random bytes, or more")?;
    /// let import = Import::access_log(&b""[..], AccessLog::combined()).units(&units);
    /// let error = import.into_store(&store).unwrap_err();
    /// assert!(matches!(error, ImportError::Store { line: 0, .. }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn units(mut self, units: &Units) -> Self {
        self.source.claim = Some(units.claim());
        self
    }

    /// Sets the table that finds the names behind masks in an access log. Defaults to none, with
    /// which a masked track is unknown, and its line is bad.
    ///
    /// [`Mask::table`](crate::middleware::Mask::table) makes the table from the secret and the
    /// sets.
    ///
    /// ```
    /// use tower_tracks::{SimpleTrackSet, files::{AccessLog, Import}, middleware::Mask, store::Memory};
    ///
    /// let sets = SimpleTrackSet::new("delay").track("2s", 2000).build()?;
    /// let mask = Mask::new("sixteen random bytes, or more")?;
    /// let import = Import::access_log(&b""[..], AccessLog::combined())
    ///     .sets(sets.sets())
    ///     .unmask(mask.table(sets.sets()));
    /// assert_eq!(import.into_store(&Memory::default())?.bad, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "mask")]
    pub fn unmask(mut self, unmask: Unmask) -> Self {
        self.source.unmask = Some(unmask);
        self
    }

    /// Reads all lines, writes their facts into a store, and returns the counts.
    ///
    /// If it fails in the middle, the facts of earlier batches are in the store. Repeat the import
    /// then.
    ///
    /// ```
    /// use tower_tracks::{files::Import, store::Memory};
    ///
    /// let (store, file) = (Memory::default(), concat!(
    ///     r#"{"type":"alias","v":1,"visitor":"eb663c7832d3a67138ebe4e1429c492a","#,
    ///     r#""user":"00000000000000000000000000000001","at":1773221214000000}"#,
    /// ));
    /// let imported = Import::json_lines(file.as_bytes()).into_store(&store)?;
    /// assert_eq!(imported.written.aliases.new, 1);
    /// let again = Import::json_lines(file.as_bytes()).into_store(&store)?;
    /// assert_eq!(again.written.aliases.known, 1);
    /// # Ok::<(), tower_tracks::files::ImportError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ImportError::Read`] if the lines cannot be read, and [`ImportError::Store`] if the store
    /// refuses the units or cannot be written. Bad lines are not an error.
    pub fn into_store(self, store: &dyn Store) -> Result<Imported, ImportError> {
        let Self { reader, source } = self;
        let unread = |line| move |source| ImportError::Read { line, source };
        let failed = |line| move |source| ImportError::Store { line, source };
        let mut lines = Lines::new(input::open(reader).map_err(unread(1))?);
        // No line was read yet.
        let mut run = Run::begin(source, store).map_err(failed(0))?;
        let mut number = 1;
        while let Some(line) = lines.next().map_err(unread(number))? {
            run.take(number, &line).map_err(failed(number))?;
            number += 1;
        }
        run.end()
    }
}

impl<R> fmt::Debug for Import<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Import")
            .field("format", &self.source.format)
            .finish_non_exhaustive()
    }
}
