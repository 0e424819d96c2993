//! An `Arc` of a store is a store. Each method is forwarded, also those with a default: a default
//! of the `Arc` would hide a better implementation of the store.

use std::{sync::Arc, time::Duration};

use crate::{event::Goal, unit::Unit};

use super::{
    attribution::{Attribute, Attribution, Question},
    catalog::{
        BusiestSecond, ConversionsByDay, History, InvalidRows, Loss, Overlap, Phase, Readout,
        SumsByBucket,
    },
    error::StoreError,
    facts::{Batch, ErasedRow, PhaseName},
    store::Store,
    timestamp::Timestamp,
    written::Written,
};

/// A shared store, such as one that a recorder writes and a dashboard reads.
///
/// It may also be an `Arc<dyn Store>`, if the kind of store is chosen when the program starts.
///
/// ```
/// use std::sync::Arc;
///
/// use tower_tracks::store::{Memory, Store};
///
/// let store: Arc<dyn Store> = Arc::new(Memory::default());
/// let other = Arc::clone(&store);
/// other.claim("raw")?;
/// assert_eq!(store.units()?.as_deref(), Some("raw"));
/// # Ok::<(), tower_tracks::store::StoreError>(())
/// ```
impl<S: Store + ?Sized> Store for Arc<S> {
    fn claim(&self, units: &str) -> Result<(), StoreError> {
        // `**self` is the store. The method of `self` alone is that of the `Arc`, which would call itself.
        (**self).claim(units)
    }

    fn units(&self) -> Result<Option<String>, StoreError> {
        (**self).units()
    }

    fn replacements(&self) -> Result<u64, StoreError> {
        (**self).replacements()
    }

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        (**self).write(batch)
    }

    fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        (**self).phases()
    }

    fn goals(&self) -> Result<Vec<Goal>, StoreError> {
        (**self).goals()
    }

    fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
        (**self).invalid_rows()
    }

    fn conversions_by_day(&self, as_of: Timestamp) -> Result<ConversionsByDay, StoreError> {
        (**self).conversions_by_day(as_of)
    }

    fn overlap(
        &self,
        phase: &PhaseName,
        previous: Option<(&PhaseName, Duration)>,
        as_of: Timestamp,
    ) -> Result<Overlap, StoreError> {
        (**self).overlap(phase, previous, as_of)
    }

    fn busiest_second(
        &self,
        phase: &PhaseName,
        as_of: Timestamp,
    ) -> Result<Option<BusiestSecond>, StoreError> {
        (**self).busiest_second(phase, as_of)
    }

    fn sums(&self, phase: &PhaseName) -> Result<SumsByBucket, StoreError> {
        (**self).sums(phase)
    }

    fn losses(&self) -> Result<Vec<Loss>, StoreError> {
        (**self).losses()
    }

    fn history(&self, unit: Unit) -> Result<History, StoreError> {
        (**self).history(unit)
    }

    fn history_part(&self, unit: Unit, from: usize, limit: usize) -> Result<History, StoreError> {
        (**self).history_part(unit, from, limit)
    }

    fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
        (**self).is_exposed(unit)
    }

    fn bytes(&self) -> Result<Option<u64>, StoreError> {
        (**self).bytes()
    }

    fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
        (**self).erase(erased)
    }

    fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
        (**self).retain(before, running)
    }

    fn dump(
        &self,
        each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        (**self).dump(each)
    }

    fn merge(&self, other: &dyn Store) -> Result<Written, StoreError> {
        (**self).merge(other)
    }

    fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
        (**self).put_readout(readout)
    }

    fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
        (**self).readouts(kind)
    }
}

impl<A: Attribute + ?Sized> Attribute for Arc<A> {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        (**self).attribute(question)
    }

    fn as_of(&self, phase: &PhaseName, asked: Timestamp) -> Result<Timestamp, StoreError> {
        (**self).as_of(phase, asked)
    }
}
