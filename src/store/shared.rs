//! An `Arc` of a store is a store.

use std::{sync::Arc, time::Duration};

use crate::{event::Goal, unit::Unit};

use super::{
    attribution::{Attribute, Attribution, Question},
    catalog::{
        BusiestSecond, ConversionsByDay, History, InvalidRows, LatencyCounts, Loss, Overlap, Phase,
        Readout, SumsByBucket,
    },
    error::StoreError,
    facts::{Batch, ErasedRow, PhaseName},
    promises::Promises,
    store::Store,
    timestamp::Timestamp,
    written::Written,
};

/// Writes all methods of a store but `write` and `merge`, which writes, each of which calls that of another store: also those with a
/// default, which would hide a better implementation.
macro_rules! forward {
    ($inner:path) => {
        fn promises(&self) -> Promises {
            $inner(self).promises()
        }

        fn claim(&self, units: &str) -> Result<(), StoreError> {
            $inner(self).claim(units)
        }

        fn units(&self) -> Result<Option<String>, StoreError> {
            $inner(self).units()
        }

        fn replacements(&self) -> Result<u64, StoreError> {
            $inner(self).replacements()
        }

        fn phases(&self) -> Result<Vec<Phase>, StoreError> {
            $inner(self).phases()
        }

        fn goals(&self) -> Result<Vec<Goal>, StoreError> {
            $inner(self).goals()
        }

        fn invalid_rows(&self) -> Result<Vec<InvalidRows>, StoreError> {
            $inner(self).invalid_rows()
        }

        fn conversions_by_day(&self, as_of: Timestamp) -> Result<ConversionsByDay, StoreError> {
            $inner(self).conversions_by_day(as_of)
        }

        fn overlap(
            &self,
            phase: &PhaseName,
            previous: Option<(&PhaseName, Duration)>,
            as_of: Timestamp,
        ) -> Result<Overlap, StoreError> {
            $inner(self).overlap(phase, previous, as_of)
        }

        fn busiest_second(
            &self,
            phase: &PhaseName,
            as_of: Timestamp,
        ) -> Result<Option<BusiestSecond>, StoreError> {
            $inner(self).busiest_second(phase, as_of)
        }

        fn sums(&self, phase: &PhaseName) -> Result<SumsByBucket, StoreError> {
            $inner(self).sums(phase)
        }

        fn latencies(&self, phase: &PhaseName) -> Result<LatencyCounts, StoreError> {
            $inner(self).latencies(phase)
        }

        fn losses(&self) -> Result<Vec<Loss>, StoreError> {
            $inner(self).losses()
        }

        fn history(&self, unit: Unit) -> Result<History, StoreError> {
            $inner(self).history(unit)
        }

        fn history_part(
            &self,
            unit: Unit,
            from: usize,
            limit: usize,
        ) -> Result<History, StoreError> {
            $inner(self).history_part(unit, from, limit)
        }

        fn is_exposed(&self, unit: Unit) -> Result<bool, StoreError> {
            $inner(self).is_exposed(unit)
        }

        fn bytes(&self) -> Result<Option<u64>, StoreError> {
            $inner(self).bytes()
        }

        fn erase(&self, erased: ErasedRow) -> Result<u64, StoreError> {
            $inner(self).erase(erased)
        }

        fn retain(&self, before: Timestamp, running: &[PhaseName]) -> Result<u64, StoreError> {
            $inner(self).retain(before, running)
        }

        fn dump(
            &self,
            each: &mut dyn FnMut(Batch) -> Result<(), StoreError>,
        ) -> Result<(), StoreError> {
            $inner(self).dump(each)
        }

        fn put_readout(&self, readout: &Readout) -> Result<(), StoreError> {
            $inner(self).put_readout(readout)
        }

        fn readouts(&self, kind: &str) -> Result<Vec<Readout>, StoreError> {
            $inner(self).readouts(kind)
        }
    };
}

pub(super) use forward;

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
    forward!(Self::as_ref);

    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        self.as_ref().write(batch)
    }

    fn merge(&self, other: &dyn Store) -> Result<Written, StoreError> {
        self.as_ref().merge(other)
    }
}

impl<A: Attribute + ?Sized> Attribute for Arc<A> {
    fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        self.as_ref().attribute(question)
    }

    fn as_of(&self, phase: &PhaseName, asked: Timestamp) -> Result<Timestamp, StoreError> {
        self.as_ref().as_of(phase, asked)
    }
}
