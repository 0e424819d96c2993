use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::Transaction;

use crate::{
    event::{Goal, Unit},
    record::{
        Attribution, Batch, BusiestSecond, ErasedRow, History, InvalidRows, Loss, Overlap, Phase,
        PhaseName, Question, Readout, RequestSums, Store, StoreError, StoreErrorKind, Timestamp,
        TrackName, Written,
        files::{FileId, warn_if_others_read},
        recorder::warn,
    },
};

use super::{
    claim,
    erase::erase,
    failure::Outcome,
    faults, migrate, read,
    readers::Readers,
    retain::retain,
    watch::Watch,
    write::{self, Ids},
    writer::Writer,
};

/// A store in one file of SQLite, for programs that run on one machine.
///
/// ```
/// use tower_tracks::record::{Sqlite, Store};
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
/// The file is for facts alone: [`open`](Self::open) refuses a database of somebody else. It is in
/// WAL mode, so two files stand beside it, with `-wal` and `-shm` at the end of their names, and
/// it must be on a disk of this machine: no network file system will do. Several processes may
/// share it; one writes at a time, and who reads waits for nobody.
///
/// A file that it makes may be read and written by its owner alone, on Unix: mode 0600, as are the
/// two beside it; the directory's mode is the application's. The mode of an existing file stays; where everybody may read it and units are
/// [raw](crate::Units::raw), a warning says so.
///
/// # A file that is deleted or replaced
///
/// Each change makes sure that the path still names the file that is open. Where it does not, the
/// file that it names now is opened, or made, and a warning says so; the change fails as
/// [`Replaced`](crate::record::StoreErrorKind::Replaced), and [`Store::replacements`] counts it. A
/// recorder then writes the batch again, with the definitions, plans and sums that the new file
/// lacks. Facts that were written before are where the old file is, or gone. While the directory is
/// missing nothing is written, and the recorder tries again. Reading never makes a file.
///
/// Two things are not noticed. Where the file with `-wal` at the end of its name is deleted alone, the
/// facts in it are gone for everybody but those who have it open: what they write stays in the
/// deleted file until it is taken over, at the latest when the last of them closes it. Where another
/// file is copied over this one in place, as by `cp`, its path and its inode stay, and what is read
/// and written then is of both files: stop all processes first, and remove the two files beside it.
///
/// # A file that cannot be written
///
/// [`open_read_only`](Self::open_read_only) reads a file on a mount that is read-only, as a backup
/// or a snapshot is; `tracks` does so by itself. Copy the two files beside it along: until the
/// last who has the file open closes it, facts are in the one with `-wal`.
///
/// # A file from somebody else
///
/// The schema of a file is a program, and nothing of it runs: triggers, views and functions that are
/// not harmless are switched off, and a file is [`Corrupt`](crate::record::StoreErrorKind::Corrupt)
/// where a view, a virtual table or computed columns take the place of a table, or a table has a
/// trigger. Views and tables of your own, beside ours, do no harm. Much data still takes long to
/// read: [`read_timeout`](Self::read_timeout) limits that.
///
/// # What survives
///
/// What was written is there after the process is killed. After a loss of power the file is whole,
/// but the last transactions may be gone; with [`synchronous_full`](Self::synchronous_full) they
/// are there, too, and each batch waits for the disk.
///
/// # What is kept
///
/// Counts of [`RequestSums`] and [`Loss`] are kept up to 2⁶³ − 1. What is erased is overwritten
/// with zeros; the file with `-wal` may have it until other facts are written over it, or the last
/// who has the file open closes it.
///
/// The tables are there for everybody to read; `meta` has the version of their schema under the
/// key `schema`. The view `exposures` has the words of warehouse tools: `unit`, `timestamp`,
/// `experiment`, `variant`.
pub struct Sqlite {
    path: PathBuf,
    /// None where the file is only read.
    writer: Option<Mutex<Writer>>,
    readers: Readers,
}

impl Sqlite {
    /// Opens a file, which is made if there is none, and brings its tables up to date. The
    /// directory has to exist.
    ///
    /// # Errors
    ///
    /// * [`NewerSchema`](crate::record::StoreErrorKind::NewerSchema) when a later version of this
    ///   crate wrote it.
    /// * [`Corrupt`](crate::record::StoreErrorKind::Corrupt) when it is no database, or
    ///   somebody else's.
    /// * [`Busy`](crate::record::StoreErrorKind::Busy) when somebody has locked it for longer than
    ///   five seconds.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let writer = Writer::open(path).map_err(|failure| failure.of(path))?;
        Ok(Self {
            path: path.to_owned(),
            readers: Readers::new(path, writer.file().id()),
            writer: Some(Mutex::new(writer)),
        })
    }

    /// Opens a file that is there to read it alone, as one on a mount that cannot be written.
    ///
    /// Its facts and its schema stay as they are; what would change them fails as
    /// [`ReadOnly`](crate::record::StoreErrorKind::ReadOnly). Where the folder can be written, the two
    /// files beside it are made, by which others who write are noticed. Where it cannot, and they are
    /// not there, the file is read without locks: a reading during which somebody writes to it
    /// after all fails as [`Busy`](crate::record::StoreErrorKind::Busy).
    ///
    /// # Errors
    ///
    /// * [`ReadOnly`](crate::record::StoreErrorKind::ReadOnly) when an earlier version of this crate
    ///   wrote it, or when facts in the file with `-wal` at the end of its name cannot be read, as
    ///   without the one with `-shm`. Then copy all three to a folder that can be written.
    /// * Those of [`open`](Self::open).
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        faults::warn_once();
        let path = path.as_ref();
        let found = FileId::at(path).ok().flatten();
        let store = Self {
            path: path.to_owned(),
            readers: Readers::new(path, found.ok_or_else(|| missing(path))?).read_only(),
            writer: None,
        };
        store.read(migrate::check)?;
        Ok(store)
    }

    /// Makes each batch wait until the disk has it, so that it survives a loss of power, too.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn synchronous_full(self) -> Result<Self, StoreError> {
        let set = self.writer()?.synchronous_full();
        self.told(set)?;
        Ok(self)
    }

    /// Sets how long to wait for somebody else who writes: at most the 24 days that SQLite holds.
    /// Defaults to five seconds.
    ///
    /// # Errors
    ///
    /// When the database refuses.
    pub fn busy_timeout(self, timeout: Duration) -> Result<Self, StoreError> {
        let set = self.writer()?.busy_timeout(timeout);
        self.told(set)?;
        Ok(self)
    }

    /// Sets how long a reading may take, such as one of [`attribute`](Store::attribute); what takes
    /// longer fails as [`TimedOut`](crate::record::StoreErrorKind::TimedOut). Of
    /// [`dump`](Store::dump) it is the time for each batch. Defaults to no limit.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.readers.limit(timeout);
        self
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let writer = self.writer.as_ref().ok_or_else(|| read_only(&self.path))?;
        // A transaction that a panic interrupts is rolled back when it is dropped.
        Ok(writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the tables: all of it or nothing.
    ///
    /// What was committed counts where the path still names the file afterwards.
    fn change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>, &mut Ids) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer()?;
        if !self.follow(&mut writer)? {
            let changed = writer.change(change);
            if !self.follow(&mut writer)? {
                return self.told(changed);
            }
        }
        Err(replaced(&self.path))
    }

    /// Reads the tables as they are at one moment.
    fn read<T>(&self, read: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Result<T, StoreError> {
        self.read_watched(|transaction, _| read(transaction))
    }

    fn read_watched<T>(
        &self,
        read: impl FnOnce(&Transaction<'_>, &Watch) -> Outcome<T>,
    ) -> Result<T, StoreError> {
        if self.writer.is_some() && self.readers.is_replaced() {
            self.follow(&mut *self.writer()?)?;
        }
        self.told(self.readers.read(read))
    }

    /// Opens the file that the path names now; returns whether it is another one.
    fn follow(&self, writer: &mut Writer) -> Result<bool, StoreError> {
        let is_another = self.told(writer.follow())?;
        if is_another {
            warn(format_args!("{}", replaced(&self.path)));
        }
        self.readers.follow(writer.file().id());
        Ok(is_another)
    }

    fn told<T>(&self, outcome: Outcome<T>) -> Result<T, StoreError> {
        outcome.map_err(|failure| failure.of(&self.path))
    }
}

impl Store for Sqlite {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        if units == claim::RAW {
            warn_if_others_read(&self.path);
        }
        // Usually it is claimed already, and nobody has to wait for the writer.
        match self.units() {
            Ok(Some(claimed)) if claimed == units => Ok(()),
            _ => self.change(|transaction, _| claim::claim(transaction, units)),
        }
    }

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

    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.read(|transaction| read::attribute(transaction, question, &self.path))
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
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

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.read(|transaction| read::sums(transaction, phase))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.read(read::losses)
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.read(|transaction| read::history(transaction, unit, read::Part::ALL))
    }

    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        self.read(|transaction| read::history(transaction, unit, read::Part { from, limit }))
    }

    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        self.read(|transaction| read::is_exposed(transaction, unit))
    }

    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        self.read(|transaction| read::bytes(transaction).map(Some))
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.change(|transaction, _| erase(transaction, erased))
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.change(|transaction, _| retain(transaction, before, running))
    }

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
    use crate::record::{ExposureRow, PhaseName, WriterRow};

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
        let writer = batch.writer(&WriterRow {
            uuid: [1; 16],
            node: "".into(),
            started_at: Timestamp::default(),
        });
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
        let exposure = |number: u128| ExposureRow {
            track,
            unit: Unit::from_bytes(number.to_be_bytes()),
            first_at: Timestamp::default(),
            coin: None,
            definition: None,
            segment: None,
            writer,
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
