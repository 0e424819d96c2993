//! The store itself: it hands each method to the file that does it, with a connection and a
//! transaction, and turns failures into errors with the path.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Transaction};

use crate::{
    disk::{FileId, warn_if_others_read},
    event::Goal,
    store::{
        attribution::{Attribute, Attribution, Question},
        catalog::{
            BusiestSecond, ConversionsByDay, History, InvalidRows, LatencyCounts, Loss, Overlap,
            Phase, Readout, SumsByBucket,
        },
        error::{StoreError, StoreErrorKind},
        facts::{Batch, ErasedRow, PhaseName},
        sql::{UnitRange, default_parallelism},
        store::Store,
        timestamp::Timestamp,
        written::Written,
    },
    unit::Unit,
    warn::warn,
};

use super::{
    claim,
    erase::erase,
    failure::Outcome,
    faults, migrate, read,
    readers::Readers,
    retain::retain,
    side_by_side::read_side_by_side,
    watch::Watch,
    write::{self, Ids},
    writer::Writer,
};

#[cfg(feature = "control")]
use super::log;
#[cfg(feature = "control")]
use crate::store::log_rows::{AppendedLogRow, LogRows, NewLogRow};

/// The most connections that one query takes.
const MOST_RANGES: usize = 64;

/// A store in one file of SQLite, for programs that run on one machine.
///
/// ```
/// use tower_tracks::store::{Sqlite, Store};
///
/// # let directory = std::env::temp_dir().join(format!("tower-tracks-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("facts.db");
/// let store = Sqlite::open(path)?;
/// assert!(store.phases()?.is_empty());
/// # drop(store);
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The file contains only facts: [`open`](Self::open) refuses a database of another program. It is in WAL
/// mode, so there are two more files, with `-wal` and `-shm` at the end of their names. It must be on a
/// disk of this machine, not on a network file system. Several processes may share it. One writes at a
/// time; readers never wait.
///
/// On Unix, a new file and the two files beside it have the mode 0600: only the owner may read and write
/// them. The mode of an existing file does not change. If everybody may read it and units are
/// [raw](crate::Units::raw), a warning is logged. The application sets the mode of the directory.
///
/// # A file that is deleted or replaced
///
/// Each change checks whether the path still names the open file. If not, the store opens or creates the
/// file at the path and logs a warning. The change fails with
/// [`Replaced`](crate::store::StoreErrorKind::Replaced), and [`Store::replacements`] counts it. A
/// recorder then repeats the batch, with the definitions, plans and sums that the new file lacks. Earlier
/// facts are in the old file, or lost. While the directory is missing, every change fails, and the recorder
/// tries again. Reading never creates a file.
///
/// The store does not notice two cases:
///
/// * If only the file with `-wal` is deleted, its facts are visible only to processes that have the store
///   open. These processes continue to write to the deleted file until SQLite merges it into the main file.
///   This happens at the latest when the last process closes the store.
/// * If another file is copied over this one, for instance by `cp`, the path and the inode stay the same,
///   and the data of both files are mixed. Before you copy another file over this one, stop all processes,
///   and remove the two files beside it.
///
/// # A file that cannot be written
///
/// [`open_read_only`](Self::open_read_only) reads a file on a read-only mount, such as a backup or a
/// snapshot. The command line `tracks` does this automatically. If you copy a file, also copy the two files
/// beside it: until the last process closes the store, facts are in the file with `-wal`.
///
/// # A file of another person
///
/// It is safe to open a file from another person. No code in its schema runs. Triggers, views and unsafe
/// functions are disabled. The file is [`Corrupt`](crate::store::StoreErrorKind::Corrupt) if one of the
/// tables below is a view or a virtual table, has computed columns, or has a trigger. Additional views and
/// tables are allowed. Reading a large file can take long: limit that with
/// [`read_timeout`](Self::read_timeout).
///
/// # Durability
///
/// Written facts survive if the process is killed. After a loss of power, the file is consistent, but the
/// last transactions may be lost. With [`synchronous_full`](Self::synchronous_full), they survive as well,
/// and each batch waits for the disk.
///
/// # The tables
///
/// Counts of [`RequestSums`](crate::store::RequestSums) and [`Loss`] are limited to 2⁶³ − 1. Erased rows are overwritten with zeros.
/// The file with `-wal` may still contain erased rows until SQLite overwrites them there, or until the last
/// process closes the store.
///
/// Other programs may read the tables. `meta` has the version of the schema under the key `schema`. The
/// view `exposures` has the column names of warehouse tools: `unit`, `timestamp`, `experiment`,
/// `variant`.
///
/// # Example
///
/// A program records into a file, and another one reads it:
///
/// ```
/// use tower_tracks::{Units, record::Recorder, store::{Sqlite, Store}};
///
/// # let directory = std::env::temp_dir().join(format!("tracks-two-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("facts.db");
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Sqlite::open(&path)?).start()?;
/// drop(recorder);
///
/// let facts = Sqlite::open_read_only(&path)?;
/// assert!(facts.units()?.is_some());
/// # drop(facts);
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Schema
///
/// Version 2 has these tables. Columns that end with `_id` refer to the `id` of another table; ids
/// differ from file to file.
///
/// table | columns | unique
/// --- | --- | ---
/// `meta` | `key`, `value` | `key`
/// `writer` | `id`, `uuid`, `node`, `started_at` | `uuid`
/// `phase` | `id`, `set_name`, `phase`, `unit_kind` | `set_name`, `phase`
/// `definition` | `id`, `phase_id`, `fingerprint`, `json`, `first_at` | `phase_id`, `fingerprint`
/// `segment` | `id`, `name` | `name`
/// `plan` | `phase_id`, `first_at`, `json` | all
/// `track` | `id`, `phase_id`, `name`, `control` | `phase_id`, `name`
/// `goal` | `id`, `name` | `name`
/// `exposure` | its key, `first_at`, `coin`, and ids | `phase_id`, `unit`, `track_id`
/// `conversion` | `goal_id`, `unit`, `idem`, `at`, `value`, `writer_id` | `goal_id`, `unit`, `idem`
/// `alias` | `visitor`, `user`, `first_at` | `visitor`, `user`
/// `request_sum` | its key, counts, durations | `track_id`, `bucket`, `writer_id`
/// `latency` | its key, `requests` | `track_id`, `unit_group`, `bin`, `writer_id`
/// `loss` | `writer_id`, `track_id`, `goal_id`, `sink`, `reason`, `n` | all but `n`
/// `readout` | `phase_id`, `kind`, `as_of`, `json` | `phase_id`, `kind`
/// `aside` | `id`, `at`, `reason`, `payload` | `id`
/// `erased` | `unit`, `at` | `unit`
/// `raw_unit` | `unit`, `kind`, `key` | `unit`
///
/// Times are microseconds since 1970. Units are blobs of 16 bytes. Values are millionths. The definition of
/// an exposure, its segment and its coin may be `NULL`. A definition has no `json` if exposures refer to
/// it, but no batch contained the definition itself.
///
/// This query counts the units of each track. A unit that was exposed to several tracks counts in each of
/// them:
///
/// ```sql
/// SELECT track.name, count(*) AS units
/// FROM exposure
/// JOIN track ON track.id = exposure.track_id
/// JOIN phase ON phase.id = track.phase_id
/// WHERE phase.set_name = 'delay' AND phase.phase = 1
/// GROUP BY track.name;
/// ```
pub struct Sqlite {
    /// The path that the application gave, which may be a link.
    path: PathBuf,
    /// `None` if the file is only read.
    writer: Option<Mutex<Writer>>,
    /// The connections for queries.
    readers: Readers,
    /// How many ranges of units are read at once, if the application says so.
    parallelism: Option<usize>,
}

impl Sqlite {
    /// Opens or creates a file, and migrates its tables. The directory must exist.
    ///
    /// ```
    /// use tower_tracks::store::{Sqlite, StoreErrorKind};
    ///
    /// # let directory = std::env::temp_dir().join(format!("tracks-open-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("facts.db");
    /// drop(Sqlite::open(&path)?);
    ///
    /// std::fs::write(&path, "not a database, and longer than a header of 100 bytes. ".repeat(4))?;
    /// let error = Sqlite::open(&path).unwrap_err();
    /// assert_eq!(error.kind(), StoreErrorKind::Corrupt);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * [`NewerSchema`](crate::store::StoreErrorKind::NewerSchema) if a later version of this crate
    ///   wrote it.
    /// * [`Corrupt`](crate::store::StoreErrorKind::Corrupt) if it is not a database, or is the database of
    ///   another program.
    /// * [`Busy`](crate::store::StoreErrorKind::Busy) if another process has locked it for longer than
    ///   five seconds.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let writer = Writer::open(path).map_err(|failure| failure.of(path))?;
        Ok(Self {
            path: path.to_owned(),
            readers: Readers::new(path, writer.file().id()),
            writer: Some(Mutex::new(writer)),
            parallelism: None,
        })
    }

    /// Opens an existing file only for reading, for instance on a read-only mount.
    ///
    /// Its facts and its schema do not change; every change fails with
    /// [`ReadOnly`](crate::store::StoreErrorKind::ReadOnly). If the folder can be written, SQLite creates
    /// the files with `-wal` and `-shm`, which coordinate readers and writers. If the folder cannot be
    /// written and these files do not exist, the file is read without locks. A query then fails with
    /// [`Busy`](crate::store::StoreErrorKind::Busy) if another process writes to the file at the same time.
    ///
    /// ```
    /// use tower_tracks::store::{ErasedRow, Sqlite, Store, StoreErrorKind, Timestamp};
    /// use tower_tracks::unit::Unit;
    ///
    /// # let directory = std::env::temp_dir().join(format!("tracks-ro-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("facts.db");
    /// drop(Sqlite::open(&path)?);
    ///
    /// let store = Sqlite::open_read_only(&path)?;
    /// assert!(store.phases()?.is_empty());
    /// let erased = ErasedRow::new(Unit::from_bytes([1; 16]), Timestamp::now());
    /// let error = store.erase(erased).unwrap_err();
    /// assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
    /// # drop(store);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// * [`ReadOnly`](crate::store::StoreErrorKind::ReadOnly) if an earlier version of this crate wrote the
    ///   file.
    /// * [`ReadOnly`](crate::store::StoreErrorKind::ReadOnly) if the facts in the file with `-wal` cannot
    ///   be read, for instance because the file with `-shm` is missing. Copy all three files to a folder
    ///   that can be written.
    /// * The errors of [`open`](Self::open).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        faults::warn_once();
        let path = path.as_ref();
        let found = FileId::at(path).ok().flatten();
        let store = Self {
            path: path.to_owned(),
            readers: Readers::new(path, found.ok_or_else(|| missing(path))?).read_only(),
            writer: None,
            parallelism: None,
        };
        store.read(migrate::check)?;
        Ok(store)
    }

    /// Makes each batch wait for the disk, so that it also survives a loss of power.
    ///
    /// The cost is one wait for the disk for each batch, not for each event. The setting stays if the file
    /// is replaced.
    ///
    /// ```
    /// use tower_tracks::store::Sqlite;
    ///
    /// # let directory = std::env::temp_dir().join(format!("tracks-full-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("facts.db");
    /// let store = Sqlite::open(path)?.synchronous_full()?;
    /// # drop(store);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the database refuses the setting.
    pub fn synchronous_full(self) -> Result<Self, StoreError> {
        let set = self.writer()?.synchronous_full();
        self.told(set)?;
        Ok(self)
    }

    /// Sets how long to wait for other writers, at most 24 days. Defaults to five seconds.
    ///
    /// A change that waits longer fails with [`Busy`](crate::store::StoreErrorKind::Busy), and a
    /// recorder tries again. For a file opened only for reading, the error is
    /// [`ReadOnly`](crate::store::StoreErrorKind::ReadOnly).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Sqlite;
    ///
    /// # let directory = std::env::temp_dir().join(format!("tracks-busy-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("facts.db");
    /// let store = Sqlite::open(path)?.busy_timeout(Duration::from_secs(30))?;
    /// # drop(store);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the database refuses the setting.
    pub fn busy_timeout(self, timeout: Duration) -> Result<Self, StoreError> {
        let set = self.writer()?.busy_timeout(timeout);
        self.told(set)?;
        Ok(self)
    }

    /// Sets how many ranges of units [`attribute`](Attribute::attribute) reads at once. Each range has a thread and
    /// a connection. It is at least 1 and at most 64. Defaults to the number of cores, at most 8, and to 1 for a
    /// phase with at most 50,000 exposures.
    ///
    /// The answer is the same for every number.
    ///
    /// ```
    /// use tower_tracks::store::Sqlite;
    ///
    /// # let directory = std::env::temp_dir().join(format!("tracks-ranges-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("facts.db");
    /// // A report must not take more than one core from the application.
    /// let store = Sqlite::open(path)?.parallelism(1);
    /// # drop(store);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parallelism(mut self, ranges: usize) -> Self {
        self.parallelism = Some(ranges.clamp(1, MOST_RANGES));
        self
    }

    /// Sets the time limit of a query, such as [`attribute`](Attribute::attribute). A longer query fails with
    /// [`TimedOut`](crate::store::StoreErrorKind::TimedOut). For [`dump`](Store::dump), the limit applies
    /// to each batch. Defaults to no limit.
    ///
    /// Set it if the file comes from another person, or if a dashboard reads a file that may become
    /// large. Each query then starts a thread that watches its time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::{Sqlite, Store};
    ///
    /// # let directory = std::env::temp_dir().join(format!("tracks-limit-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("facts.db");
    /// let store = Sqlite::open(path)?.read_timeout(Duration::from_secs(20));
    /// assert!(store.goals()?.is_empty());
    /// # drop(store);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.readers.limit(timeout);
        self
    }

    /// Returns how many ranges of units are read for a question: by default, one for a phase with few exposures.
    fn parts(&self, question: &Question) -> Result<usize, StoreError> {
        match self.parallelism {
            Some(parts) => Ok(parts),
            None if default_parallelism() == 1 => Ok(1),
            None => {
                let many = self.read(|tables| read::has_many_exposures(tables, question))?;
                Ok(if many { default_parallelism() } else { 1 })
            }
        }
    }

    /// Answers a question by ranges of units, which are read side by side. `None` if they could not all be
    /// read from the same facts.
    fn attribute_in_ranges(
        &self,
        question: &Question,
        parts: usize,
    ) -> Result<Option<Option<Attribution>>, StoreError> {
        self.follow_for_reading()?;
        let ranges = UnitRange::split(parts);
        let read = |connection: &Connection, part| {
            read::attribute(connection, question, ranges[part], &self.path)
        };
        let answers = read_side_by_side(&self.readers, parts, read);
        let answers = self.told(answers)?;
        answers.map(Attribution::sum).transpose()
    }

    /// Locks the connection that writes; an error if the file is only read.
    fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let writer = self.writer.as_ref().ok_or_else(|| read_only(&self.path))?;
        // A transaction that a panic interrupts is rolled back when it is dropped.
        Ok(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the tables, in one transaction.
    ///
    /// It succeeds only if the path still names the file after the commit.
    fn change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>, &mut Ids) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer()?;
        // Checked before and after: facts that were committed to a deleted file are lost, and the
        // caller must write them again.
        if !self.follow(&mut writer)? {
            let changed = writer.change(change);
            if !self.follow(&mut writer)? {
                return self.told(changed);
            }
        }
        Err(replaced(&self.path))
    }

    /// Reads the tables in one snapshot.
    fn read<T>(&self, read: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Result<T, StoreError> {
        self.read_watched(|transaction, _| read(transaction))
    }

    /// Reads the tables in one snapshot, with the watch of its time, which a query can pause. A
    /// file that was replaced is followed first.
    fn read_watched<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>, &Watch) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        self.follow_for_reading()?;
        self.told(self.readers.read(read))
    }

    /// Follows the path to a new file before it is read: a connection that is opened to the new file, while another
    /// one has the former, would take the log of the former for its own.
    fn follow_for_reading(&self) -> Result<(), StoreError> {
        // Only a store that writes follows the path, because following may create a file.
        if self.writer.is_some() && self.readers.is_replaced() {
            self.follow(&mut *self.writer()?)?;
        }
        Ok(())
    }

    /// Opens the file at the path, and returns whether it is another one.
    fn follow(&self, writer: &mut Writer) -> Result<bool, StoreError> {
        let is_another = self.told(writer.follow())?;
        if is_another {
            warn(format_args!("{}", replaced(&self.path)));
        }
        self.readers.follow(writer.file().id());
        Ok(is_another)
    }

    /// Adds the path to a failure.
    fn told<T>(&self, outcome: Outcome<T>) -> Result<T, StoreError> {
        outcome.map_err(|failure| failure.of(&self.path))
    }
}

/// The log of changes, in a table of the same file.
#[cfg(feature = "control")]
impl Sqlite {
    pub(crate) fn log_after(&self, number: u64) -> Result<LogRows, StoreError> {
        self.read(|transaction| log::after(transaction, number))
    }

    pub(crate) fn append_to_log(&self, row: NewLogRow) -> Result<AppendedLogRow, StoreError> {
        self.change(|transaction, _| log::append(transaction, row))
    }
}

impl Attribute for Sqlite {
    /// Counts exposures and attributes conversions, in one snapshot. It reads all exposures of the phase,
    /// in the order of the table. SQLite sorts conversions only if they are attributed through an alias, or
    /// if the phase has few exposures.
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        let parts = self.parts(question)?;
        if parts > 1
            && let Some(answer) = self.attribute_in_ranges(question, parts)?
        {
            return Ok(answer);
        }
        self.read(|transaction| read::attribute(transaction, question, UnitRange::ALL, &self.path))
    }
}

impl Store for Sqlite {
    /// Claims the file for one scheme of units, in the table `meta`. If it is claimed for
    /// [raw](crate::Units::raw) units and other users of the machine may read it, a warning is
    /// logged.
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        if units == claim::RAW {
            warn_if_others_read(&self.path);
        }
        // Usually the store is claimed already; checking first avoids waiting for the writer.
        match self.units() {
            Ok(Some(claimed)) if claimed == units => Ok(()),
            _ => self.change(|transaction, _| claim::claim(transaction, units)),
        }
    }

    /// Checks whether the path still names the open file, and returns how often it did not. A file
    /// that is only read has no replacements.
    fn replacements(&self) -> Result<u64, StoreError> {
        if self.writer.is_none() {
            return Ok(0);
        }
        let mut writer = self.writer()?;
        self.follow(&mut writer)?;
        Ok(writer.replacements())
    }

    fn units(&self) -> Result<Option<String>, StoreError> {
        self.read(claim::claimed)
    }

    /// Writes a batch in one transaction. It waits for other writers, at most the
    /// [`busy_timeout`](Sqlite::busy_timeout).
    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        batch.check()?;
        self.change(|transaction, ids| write::write(transaction, ids, batch))
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.read(read::phases)
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.read(read::goals)
    }

    fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
        self.read(read::invalid_rows)
    }

    fn conversions_by_day(&self, as_of: Timestamp) -> Result<ConversionsByDay, StoreError> {
        self.read(|transaction| read::conversions_by_day(transaction, as_of))
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        self.read(|transaction| read::overlap(transaction, phase, previous, as_of))
    }

    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        self.read(|transaction| read::busiest_second(transaction, phase, as_of))
    }

    fn sums(&self, phase: &PhaseName) -> Result<SumsByBucket, StoreError> {
        self.read(|transaction| read::sums(transaction, phase))
    }

    fn latencies(&self, phase: &PhaseName) -> Result<LatencyCounts, StoreError> {
        self.read(|transaction| read::latencies(transaction, phase))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.read(read::losses)
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.read(|transaction| read::history(transaction, unit, 0, usize::MAX))
    }

    /// Returns a part of the facts of a unit, which SQLite sorts and limits.
    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        self.read(|transaction| read::history(transaction, unit, from, limit))
    }

    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        self.read(|transaction| read::is_exposed(transaction, unit))
    }

    /// Returns the size of all used pages in bytes, including pages in the file with `-wal`. Free pages do
    /// not count; SQLite uses them again.
    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        self.read(|transaction| read::bytes(transaction).map(Some))
    }

    /// Deletes the facts of a unit in one transaction. SQLite overwrites the deleted rows with
    /// zeros.
    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.change(|transaction, _| erase(transaction, erased))
    }

    /// Deletes the facts of ended phases. It uses one transaction, and other writers wait for its end. The
    /// file does not shrink; its free pages are used again.
    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.change(|transaction, _| retain(transaction, before, running))
    }

    /// Passes all rows to `each`, in batches of up to 4,096 rows, in one snapshot. While a dump
    /// runs, the file with `-wal` cannot be emptied, so it grows with concurrent writes.
    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.read_watched(|transaction, watch| read::dump(transaction, watch, each))
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.change(|transaction, ids| write::put_readout(transaction, ids, readout))
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.read(|transaction| read::readouts(transaction, kind))
    }
}

/// Returns the error of a file that is not the one that was written any more.
fn replaced(path: &Path) -> StoreError {
    let message = format!(
        "the database {} was deleted or replaced while it was open: facts that were written to it \
         before are not in the new one",
        path.display()
    );
    StoreError::new(StoreErrorKind::Replaced, message)
}

/// Returns the error of a file that is only read.
fn read_only(path: &Path) -> StoreError {
    let message = format!(
        "the database {} was opened to be read only, so nothing is written to it",
        path.display()
    );
    StoreError::new(StoreErrorKind::ReadOnly, message)
}

/// Returns the error of a path without a file.
fn missing(path: &Path) -> StoreError {
    let message = format!("the database {}: it is not there", path.display());
    StoreError::new(StoreErrorKind::Unavailable, message)
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::*;
    use crate::store::facts::{ExposureRow, PhaseName, TrackName, WriterRow};

    /// A store in a directory of its own, with what makes writing fail; and without again.
    fn check(name: &str, fail: &str, mend: &str, kind: StoreErrorKind) {
        let directory = format!("tower-tracks-{name}-{}", process::id());
        let directory = env::temp_dir().join(directory);
        fs::create_dir_all(&directory).unwrap();
        let store = Sqlite::open(directory.join("facts.db")).unwrap();
        let writer = || store.writer().unwrap();
        writer().connection.execute_batch(fail).unwrap();
        let error = store.write(&batch()).unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, true));
        assert!(store.phases().unwrap().is_empty());
        writer().connection.execute_batch(mend).unwrap();
        assert_eq!(store.write(&batch()).unwrap().exposures.new, 50_000);
        assert_eq!(store.phases().unwrap().len(), 1);
        drop(store);
        fs::remove_dir_all(directory).unwrap();
    }

    fn batch() -> Batch {
        let mut batch = Batch::default();
        let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
        let phase = PhaseName {
            set: "delay".into(),
            phase: 1,
            kind: "visitor".into(),
        };
        let track = batch.track(&TrackName {
            phase,
            track: "long".into(),
            control: false,
        });
        let exposure = |number: u128| {
            let unit = Unit::from_bytes(number.to_be_bytes());
            ExposureRow::new(track, unit, Timestamp::default(), writer)
        };
        batch.exposures = (0..50_000).map(exposure).collect();
        batch
    }

    /// The ids of what a full disk did not take are forgotten with it.
    #[test]
    fn all_of_a_batch_is_written_or_nothing() {
        let (few, many) = (
            "PRAGMA max_page_count = 50",
            "PRAGMA max_page_count = 1000000",
        );
        check("full", few, many, StoreErrorKind::Full);
        let (only, all) = ("PRAGMA query_only = 1", "PRAGMA query_only = 0");
        check("read-only", only, all, StoreErrorKind::ReadOnly);
    }
}
