//! A store that calls a hook of the test before each query.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use tower_tracks::{
    Goal,
    store::{
        Attribute, Attribution, Batch, ErasedRow, History, Loss, Overlap, Phase, PhaseName,
        Promises, Question, Readout, RequestSums, Store, StoreError, Timestamp, TrackName, Written,
    },
    unit::Unit,
};

/// What happens before each question, by the name of its method.
type Hook = Box<dyn Fn(&str) -> Result<(), StoreError> + Send + Sync>;

pub(crate) struct Hooked {
    store: Arc<dyn Store>,
    before: Hook,
}

impl Hooked {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        before: impl Fn(&str) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            before: Box::new(before),
        }
    }

    fn ask<T>(
        &self,
        question: &str,
        ask: impl FnOnce(&dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        (self.before)(question)?;
        ask(&*self.store)
    }
}

impl fmt::Debug for Hooked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hooked").field(&self.store).finish()
    }
}

impl Attribute for Hooked {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.ask("attribute", |store| store.attribute(question))
    }
}

impl Store for Hooked {
    fn promises(&self) -> Promises {
        self.store.promises()
    }

    fn claim(&self, units: &str) -> Result<(), StoreError> {
        self.ask("claim", |store| store.claim(units))
    }

    fn units(&self) -> Result<Option<String>, StoreError> {
        self.ask("units", |store| store.units())
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        self.ask("write", |store| store.write(batch))
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.ask("phases", |store| store.phases())
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.ask("goals", |store| store.goals())
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
        self.ask("conversions_by_day", |store| {
            store.conversions_by_day(as_of)
        })
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        self.ask("overlap", |store| store.overlap(phase, previous, as_of))
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.ask("sums", |store| store.sums(phase))
    }

    fn latencies(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u8, u8), u64>, StoreError> {
        self.ask("latencies", |store| store.latencies(phase))
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.ask("losses", |store| store.losses())
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.ask("history", |store| store.history(unit))
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        self.ask("erase", |store| store.erase(erased))
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.ask("retain", |store| store.retain(before, running))
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.ask("dump", |store| store.dump(each))
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.ask("put_readout", |store| store.put_readout(readout))
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.ask("readouts", |store| store.readouts(kind))
    }
}
