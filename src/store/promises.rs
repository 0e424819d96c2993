//! What a store guarantees beyond a union of facts. Analytical databases guarantee less.

/// What a store guarantees beyond the union of facts.
///
/// [`Store::promises`](crate::store::Store::promises) returns it. The conformance suite tests a store by its
/// promises, and everything else in any case.
///
/// ```
/// use tower_tracks::store::{Memory, Promises, Store};
///
/// assert_eq!(Memory::default().promises(), Promises::default());
///
/// // A store that counts every stored fact as new.
/// let promises = Promises::default().counts_new(false);
/// assert!(promises.whole_batches && !promises.counts_new);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Promises {
    /// Whether [`Written`](crate::store::Written) counts new and known facts exactly. If not, known facts
    /// count as new, and so may facts that are erased during the write.
    pub counts_new: bool,
    /// Whether a batch is written as a whole or not at all. If not, a part of it may be stored when
    /// [`write`](crate::store::Store::write) returns an error. Write the batch again to complete it.
    pub whole_batches: bool,
    /// Whether all rows of a [dump](crate::store::Store::dump), and all facts of an attribution, are as they were
    /// at one moment. If not, facts that are written at the same time may be in them.
    pub snapshots: bool,
}

impl Promises {
    /// Sets whether new facts are counted exactly. Defaults to `true`.
    #[must_use]
    pub fn counts_new(mut self, counts_new: bool) -> Self {
        self.counts_new = counts_new;
        self
    }

    /// Sets whether batches are written as a whole. Defaults to `true`.
    #[must_use]
    pub fn whole_batches(mut self, whole_batches: bool) -> Self {
        self.whole_batches = whole_batches;
        self
    }

    /// Sets whether reads of several tables are of one moment. Defaults to `true`.
    #[must_use]
    pub fn snapshots(mut self, snapshots: bool) -> Self {
        self.snapshots = snapshots;
        self
    }
}

impl Default for Promises {
    fn default() -> Self {
        Self {
            counts_new: true,
            whole_batches: true,
            snapshots: true,
        }
    }
}
