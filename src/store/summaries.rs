//! A store that gets no facts of single units.

use std::time::Duration;

use crate::{event::Goal, unit::Unit};

use super::{
    attribution::{Attribute, Attribution, Question},
    catalog::{
        BusiestSecond, ConversionsByDay, History, InvalidRows, LatencyCounts, Loss, Overlap, Phase,
        Readout, SumsByBucket,
    },
    error::{StoreError, StoreErrorKind},
    facts::{Batch, ErasedRow, PhaseName},
    promises::Promises,
    shared::forward,
    store::Store,
    timestamp::Timestamp,
    written::Written,
};

/// Wraps a store, and does not write the facts of single units: exposures, conversions, aliases and keys.
///
/// Record those elsewhere, for example as JSON lines for a data warehouse. The wrapped store gets the rest, which
/// does not grow with the number of units: phases, tracks, definitions, plans, sums over requests, and losses. A
/// report gets the numbers of units by [`attribute_by`](crate::report::Reporter::attribute_by). The guide
/// `warehouse` shows all of it.
///
/// ```
/// use std::sync::Arc;
///
/// use tower_tracks::{
///     Units,
///     record::{JsonLines, Recorder},
///     store::{Memory, Summaries},
/// };
///
/// # let directory = std::env::temp_dir().join(format!("tracks-summaries-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("tracks.jsonl");
/// let store = Arc::new(Memory::default());
/// let recorder = Recorder::builder(Units::pseudonym("sixteen random bytes, or more")?)
///     .sink(JsonLines::new(path))
///     .store(Summaries::of(Arc::clone(&store)))
///     .start()?;
/// # recorder.shutdown(std::time::Duration::from_secs(5)).wait();
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Summaries<S>(S);

impl<S: Store> Summaries<S> {
    /// Returns a store that passes everything but the facts of single units to another store.
    ///
    /// ```
    /// use tower_tracks::store::{Memory, Store, Summaries};
    ///
    /// let store = Summaries::of(Memory::default());
    /// assert!(store.phases()?.is_empty());
    /// # Ok::<(), tower_tracks::store::StoreError>(())
    /// ```
    pub fn of(store: S) -> Self {
        Self(store)
    }

    fn inner(&self) -> &S {
        &self.0
    }
}

impl<S: Store> Store for Summaries<S> {
    forward!(Self::inner);

    /// Writes all rows but those of units, and reports these as new.
    fn write(&self, batch: &Batch) -> Result<Written, StoreError> {
        batch.check()?;
        let mut rest = batch.clone();
        rest.exposures.clear();
        rest.conversions.clear();
        rest.aliases.clear();
        rest.raw_units.clear();
        let mut written = self.0.write(&rest)?;
        let new = |rows: usize| rows as u64;
        written.exposures.new += new(batch.exposures.len());
        written.conversions.new += new(batch.conversions.len());
        written.aliases.new += new(batch.aliases.len());
        Ok(written)
    }
}

/// Refuses each question, as a report without the units would be wrong.
impl<S: Store> Attribute for Summaries<S> {
    fn attribute(&self, _: &Question) -> Result<Option<Attribution>, StoreError> {
        let message = "the store has no facts of single units: get the answer from the data warehouse, by `attribute_by`";
        Err(StoreError::new(StoreErrorKind::Refused, message))
    }
}
