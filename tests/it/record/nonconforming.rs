//! The public suite fails for stores with a fault.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use tower_tracks::{
    Goal,
    store::{
        Attribute, Attribution, Batch, ErasedRow, History, Loss, Memory, Overlap, Phase, PhaseName,
        Question, Readout, RequestSums, Store, StoreError, Timestamp, TrackName, Written,
        conformance::{erasure, random, writing},
    },
    unit::Unit,
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// The exposure that was written first stays, and not the earliest.
    LosesTheEarliest,
    /// A repeated exposure counts as new.
    CountsTwice,
    /// Erased facts can be written again.
    ForgetsErasures,
}

/// A store with a fault.
#[derive(Debug)]
struct Faulty {
    fault: Fault,
    facts: RwLock<Memory>,
}

impl Faulty {
    fn new(fault: Fault) -> Self {
        let facts = RwLock::default();
        Self { fault, facts }
    }

    fn facts(&self) -> RwLockReadGuard<'_, Memory> {
        self.facts.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes exposures to tracks that the store knows of their units.
    fn without_known(&self, batch: &Batch) -> Batch {
        let mut left = batch.clone();
        left.exposures.retain(|row| {
            let known = self.facts().history(row.unit).unwrap().exposures;
            let track = &batch.tracks()[row.track as usize];
            !known.iter().any(|(_, known, _)| known == track)
        });
        left
    }

    fn forget_erasures(&self) {
        let copy = Memory::default();
        let copied = self.facts().dump(&mut |mut batch| {
            batch.erased.clear();
            copy.write(&batch).map(drop)
        });
        copied.unwrap();
        *self.facts.write().unwrap_or_else(PoisonError::into_inner) = copy;
    }
}

impl Attribute for Faulty {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.facts().attribute(question)
    }
}

impl Store for Faulty {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        self.facts().claim(units)
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        let mut written = if self.fault == Fault::LosesTheEarliest {
            self.facts().write(&self.without_known(batch))?
        } else {
            self.facts().write(batch)?
        };
        if self.fault == Fault::CountsTwice {
            written.exposures.new += written.exposures.known;
            written.exposures.known = 0;
        }
        Ok(written)
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        self.facts().phases()
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        self.facts().goals()
    }

    fn conversions_by_day(
        &self,
        as_of: Timestamp,
    ) -> Result<BTreeMap<(Goal, i32), u64>, StoreError> {
        self.facts().conversions_by_day(as_of)
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        self.facts().overlap(phase, previous, as_of)
    }

    fn sums(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u16), RequestSums>, StoreError> {
        self.facts().sums(phase)
    }

    fn latencies(
        &self,
        phase: &PhaseName,
    ) -> Result<BTreeMap<(TrackName, u8, u8), u64>, StoreError> {
        self.facts().latencies(phase)
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        self.facts().losses()
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        self.facts().history(unit)
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        let rows = self.facts().erase(erased)?;
        if self.fault == Fault::ForgetsErasures {
            self.forget_erasures();
        }
        Ok(rows)
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        self.facts().retain(before, running)
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.facts().dump(each)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        self.facts().put_readout(readout)
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        self.facts().readouts(kind)
    }
}

/// A case that finds a fault by itself.
type Case = fn(&dyn Store);

const FOUND_BY: [(Fault, Case); 3] = [
    (
        Fault::LosesTheEarliest,
        writing::the_earliest_exposure_stays,
    ),
    (Fault::CountsTwice, writing::repetitions_count_as_known),
    (
        Fault::ForgetsErasures,
        erasure::erased_facts_cannot_be_written_again,
    ),
];

fn fails(run: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(run)).is_err()
}

#[test]
fn a_case_finds_the_fault_that_it_is_about() {
    for (fault, case) in FOUND_BY {
        assert!(fails(|| case(&Faulty::new(fault))), "{fault:?}");
        case(&Faulty::new(Fault::None));
    }
}

#[test]
fn random_histories_find_every_fault() {
    for (fault, _) in FOUND_BY {
        let histories = || random::histories_are_those_of_memory(|| Faulty::new(fault));
        assert!(fails(histories), "{fault:?}");
    }
}

#[test]
fn the_order_of_writes_finds_a_lost_time() {
    let order = || random::order_does_not_matter(|| Faulty::new(Fault::LosesTheEarliest));
    assert!(fails(order));
}

/// The wrapper supports no optional method, and is no fault by itself.
mod without_a_fault {
    use super::*;

    tower_tracks::store::conformance::store_conformance!(Faulty::new(Fault::None));
}
