//! A store that forgets: for tests, and for looking at what a program records.

mod erase;
mod overlap;
mod read;
mod size;
mod tables;
mod write;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use super::{
    attribution::{Attribute, Attribution, Question},
    facts::{Batch, ErasedRow, PhaseName, RequestSums, TrackName},
    timestamp::Timestamp,
};
use crate::{event::Goal, unit::Unit};

use self::tables::{Tables, key};
use super::{
    catalog::{BusiestSecond, History, LatencyCounts, Loss, Overlap, Phase, Readout},
    claim::other_units,
    error::StoreError,
    store::Store,
    written::Written,
};

/// A store in memory: its facts are gone when the program ends.
///
/// Use it in tests, and to look at what a program records. It is the model of all stores: the
/// conformance tests compare the others with it. Memory use grows with the number of units. For
/// facts that survive a restart, use `Sqlite` (feature `sqlite`) or `Postgres` (feature
/// `postgres`).
///
/// An `Arc` of a store is a store, so a recorder and a test can share one:
///
/// ```
/// use std::sync::Arc;
///
/// use tower_tracks::{Units, record::Recorder, store::{Memory, Store}};
///
/// let store = Arc::new(Memory::default());
/// let units = Units::pseudonym("sixteen random bytes, or more")?;
/// let recorder = Recorder::builder(units).store(Arc::clone(&store)).start()?;
/// drop(recorder);
/// assert!(store.phases()?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Cost
///
/// A read lock is held while a query runs, so queries run side by side and a write waits for them.
/// Most queries scan all rows of their tables; the history of a unit scans all exposures and
/// conversions.
#[derive(Default)]
pub struct Memory(RwLock<Tables>);

impl Memory {
    /// Locks the tables for reading.
    fn tables(&self) -> RwLockReadGuard<'_, Tables> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the tables for a change.
    fn change(&self) -> RwLockWriteGuard<'_, Tables> {
        // Each change is made whole or, like a sum of two numbers, cannot panic half-way.
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attribute for Memory {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.tables().attribute(question)
    }
}

impl Store for Memory {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        let mut tables = self.change();
        let claimed = tables.units.get_or_insert_with(|| units.to_owned());
        match claimed == units {
            true => Ok(()),
            false => Err(other_units()),
        }
    }

    fn units(&self) -> Result<Option<String>, StoreError> {
        Ok(self.tables().units.clone())
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        // Before the lock: a batch that is refused does not wait, and leaves nothing half-
        // written.
        batch.check()?;
        Ok(self.change().write(batch))
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        Ok(self.tables().phases())
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        Ok(self.tables().recorded_goals())
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
        Ok(self.tables().conversions_by_day(as_of))
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        Ok(self.tables().overlap(phase, previous, as_of))
    }

    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        Ok(self.tables().busiest_second(&key(phase), as_of))
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        Ok(self.tables().sums_of(phase))
    }

    fn latencies(&self, phase: &PhaseName) -> Result<LatencyCounts, StoreError> {
        Ok(self.tables().latencies_of(phase))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        Ok(self.tables().all_losses())
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        Ok(self.tables().history(unit))
    }

    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        Ok(self.tables().is_exposed(unit))
    }

    /// An estimate.
    ///
    /// It counts rows by approximate sizes, and the texts of keys and of events set aside by their
    /// length.
    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        Ok(Some(self.tables().bytes()))
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        Ok(self.change().erase(erased))
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        Ok(self.change().retain(before, running))
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        // The lock is gone before the reader runs, which may write into this store.
        let batch = self.tables().batch();
        each(batch)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.change().put_readout(readout);
        Ok(())
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        Ok(self.tables().readouts_of(kind))
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Memory").finish()
    }
}
