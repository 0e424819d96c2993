use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use tower_tracks::{
    Goal,
    store::{
        Attribute, Attribution, Batch, ErasedRow, History, Loss, Memory, Overlap, Phase, PhaseName,
        Question, Readout, RequestSums, Store, StoreError, StoreErrorKind, Timestamp, TrackName,
        Written,
    },
    unit::Unit,
};

type Fault = Box<dyn FnMut(&Batch) -> Result<(), StoreError> + Send>;

/// A store in memory that does not take everything.
#[derive(Clone)]
pub(super) struct Faulty {
    pub(super) memory: Arc<Memory>,
    fault: Arc<Mutex<Fault>>,
    exposures: Arc<AtomicU64>,
    unreadable: Arc<AtomicU32>,
}

impl Faulty {
    /// Returns a store that asks `fault` before each batch.
    pub(super) fn new(
        fault: impl FnMut(&Batch) -> Result<(), StoreError> + Send + 'static,
    ) -> Self {
        Self {
            memory: Arc::default(),
            fault: Arc::new(Mutex::new(Box::new(fault))),
            exposures: Arc::default(),
            unreadable: Arc::default(),
        }
    }

    /// Fails a number of times to return phases and to store read-outs.
    pub(super) fn unreadable(self, times: u32) -> Self {
        self.unreadable.store(times, SeqCst);
        self
    }

    fn read(&self) -> Result<(), StoreError> {
        let less = |times: u32| times.checked_sub(1);
        match self.unreadable.fetch_update(SeqCst, SeqCst, less) {
            Ok(_) => Err(StoreError::new(StoreErrorKind::Other, "it is being read")),
            Err(_) => Ok(()),
        }
    }

    /// Returns how many rows of exposures it was given and took.
    pub(super) fn exposure_rows(&self) -> u64 {
        self.exposures.load(SeqCst)
    }
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty")
    }
}

impl Attribute for Faulty {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.memory.attribute(question)
    }
}

impl Store for Faulty {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        self.memory.claim(units)
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        (self.fault.lock().unwrap())(batch)?;
        self.exposures
            .fetch_add(batch.exposures.len() as u64, SeqCst);
        self.memory.write(batch)
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.read()?;
        self.memory.phases()
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.memory.goals()
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
        self.memory.conversions_by_day(as_of)
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        self.memory.overlap(phase, previous, as_of)
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.memory.sums(phase)
    }

    fn latencies(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u8, u8), u64>, StoreError> {
        self.memory.latencies(phase)
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.memory.losses()
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.memory.history(unit)
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.memory.erase(erased)
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.memory.retain(before, running)
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.memory.dump(each)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.read()?;
        self.memory.put_readout(readout)
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.memory.readouts(kind)
    }
}
