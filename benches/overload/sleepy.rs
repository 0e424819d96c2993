use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tower_tracks::{
    Goal,
    store::{
        Attribute, Attribution, Batch, ErasedRow, History, Loss, Memory, Overlap, Phase, PhaseName,
        Question, Readout, RequestSums, Store, StoreError, Timestamp, TrackName, Written,
    },
    unit::Unit,
};

/// A store that takes so many exposures a second, counts them, and forgets them.
#[derive(Clone)]
pub(super) struct Sleepy {
    each: Duration,
    taken: Arc<Mutex<BTreeMap<String, u64>>>,
    rest: Arc<Memory>,
}

impl Sleepy {
    pub(super) fn new(a_second: u32) -> Self {
        Self {
            each: Duration::from_secs(1) / a_second,
            taken: Arc::default(),
            rest: Arc::default(),
        }
    }

    /// Returns the number of exposures that it received, by track.
    pub(super) fn taken(&self) -> BTreeMap<String, u64> {
        self.taken.lock().unwrap().clone()
    }
}

impl fmt::Debug for Sleepy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleepy")
    }
}

impl Attribute for Sleepy {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.rest.attribute(question)
    }
}

impl Store for Sleepy {
    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        thread::sleep(self.each * batch.exposures.len() as u32);
        let mut taken = self.taken.lock().unwrap();
        for row in &batch.exposures {
            let track = &batch.tracks()[row.track as usize].track;
            match taken.get_mut(&**track) {
                Some(taken) => *taken += 1,
                None => drop(taken.insert(track.to_string(), 1)),
            }
        }
        let mut written = Written::default();
        written.exposures.new = batch.exposures.len() as u64;
        Ok(written)
    }

    fn claim(&self, units: &str) -> Result<(), StoreError> {
        self.rest.claim(units)
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.rest.phases()
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.rest.goals()
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
        self.rest.conversions_by_day(as_of)
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        self.rest.overlap(phase, previous, as_of)
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.rest.sums(phase)
    }

    fn latencies(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u8, u8), u64>, StoreError> {
        self.rest.latencies(phase)
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.rest.losses()
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.rest.history(unit)
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.rest.erase(erased)
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.rest.retain(before, running)
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.rest.dump(each)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.rest.put_readout(readout)
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.rest.readouts(kind)
    }
}
