use std::{fmt, io::BufRead};

#[cfg(feature = "mask")]
use crate::middleware::Unmask;
use crate::{assign::Set, store::Store, unit::Units};

use super::{
    access_log::AccessLog,
    imported::{ImportError, Imported},
    input::Input,
    lines::Lines,
    run::Run,
    source::{Format, Source},
};

/// Facts from a file into a store.
///
/// It reads any [`BufRead`], a line at a time, and writes in batches of 4,096 rows or 4 MiB of lines,
/// so that the memory that it takes does not depend on the file, nor on what it unpacks to. A line
/// that is longer than 4 MiB is bad. A line that cannot be read is counted and passed over. To
/// import again what was imported changes nothing: facts are a union.
///
/// What is compressed by gzip, whatever its name, is decompressed, in several members, too. Text is
/// UTF-8, with a byte order mark or without; UTF-16 and other compressed files are an error that says
/// what they are.
///
/// It waits for I/O, and so belongs on no thread of an async runtime: there, `spawn_blocking` is
/// the way.
///
/// # Lines of JSON
///
/// Those that [`JsonLines`](crate::record::JsonLines) wrote have all that a store keeps, but for the
/// sums over requests.
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
/// A layer with [`units`](crate::TracksLayer::units) adds them to the header `Tracks-Exposure`. The guide
/// [about logs](crate::guide::logs) shows how servers log and remove it. Other data come from elsewhere:
///
/// * The definition, by which the sample ratio is checked, from the [`sets`](Self::sets) that are
///   given.
/// * The kind of the units, and which track is control, from the [`sets`](Self::sets) that are given
///   or else from the store. An exposure to a track that neither knows is bad.
/// * The coin is of the key, which is in no log: it stays unknown.
/// * The time is that of the log: of the end of the response, or of the beginning of the request or of
///   a second.
///
/// An exposure without a unit, and one to a track that was forced, is counted and passed over.
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
#[must_use = "an import does nothing until it has a store"]
pub struct Import<R> {
    reader: R,
    source: Source,
}

impl<R: BufRead> Import<R> {
    /// Returns the import of lines that [`JsonLines`](crate::record::JsonLines) wrote: a file, or
    /// several of them joined.
    pub fn json_lines(reader: R) -> Self {
        Self::new(reader, Format::JsonLines)
    }

    /// Returns the import of an access log.
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
    pub fn sets<'s>(mut self, sets: impl IntoIterator<Item = &'s Set>) -> Self {
        sets.into_iter().for_each(|set| self.source.add_set(set));
        self
    }

    /// Says by which units a log was written, so that a store that has others refuses it. Lines of
    /// JSON say it themselves.
    pub fn units(mut self, units: &Units) -> Self {
        self.source.claim = Some(units.claim());
        self
    }

    /// Reads the masked names of an access log. Defaults to none, by which they are unknown, and so
    /// bad.
    #[cfg(feature = "mask")]
    pub fn unmask(mut self, unmask: Unmask) -> Self {
        self.source.unmask = Some(unmask);
        self
    }

    /// Reads all lines, and writes what they tell into a store.
    ///
    /// # Errors
    ///
    /// When the lines cannot be read, or the store does not take them. Bad lines are no error.
    pub fn into_store(self, store: &dyn Store) -> Result<Imported, ImportError> {
        let Self { reader, source } = self;
        let unread = |source| ImportError::Read { line: 1, source };
        let mut lines = Lines::new(Input::new(reader).map_err(unread)?);
        let failed = |line| move |source| ImportError::Store { line, source };
        let mut run = Run::begin(source, store).map_err(failed(0))?;
        for number in 1.. {
            let line = lines.next();
            let line = line.map_err(|source| ImportError::Read {
                line: number,
                source,
            })?;
            let Some(line) = line else {
                break;
            };
            run.take(number, &line).map_err(failed(number))?;
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
