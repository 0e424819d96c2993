//! Requests that are in no track of a group, by their reason, in relaxed atomics.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use crate::assign::{Pick, Reason, Sets};

/// The counts of one group. Clones share the numbers.
#[derive(Debug, Clone)]
pub(crate) struct Untracked {
    sets: Arc<Sets>,
    /// Requests for which no set was chosen.
    ineligible: Arc<AtomicU64>,
    no_key: Arc<AtomicU64>,
    /// Requests for which a set was chosen, by its index.
    of_sets: Arc<[OfSet]>,
}

/// The counts of one set.
#[derive(Debug, Default)]
struct OfSet {
    outside_share: AtomicU64,
    held_out: AtomicU64,
    paused: AtomicU64,
}

impl Untracked {
    pub(crate) fn new(sets: &Arc<Sets>) -> Self {
        Self {
            ineligible: Arc::default(),
            no_key: Arc::default(),
            of_sets: sets.iter().map(|_| OfSet::default()).collect(),
            sets: Arc::clone(sets),
        }
    }

    /// Counts a choice without a track. A request in a track writes nothing here.
    #[inline]
    pub(crate) fn add(&self, pick: &Pick) {
        if pick.track.is_none()
            && let Some(number) = self.number(pick.set, pick.reason)
        {
            number.fetch_add(1, Relaxed);
        }
    }

    /// Returns the count of a set for a reason; `None` if the group does not have the set.
    pub(crate) fn get(&self, set: &str, reason: Reason) -> Option<u64> {
        let index = self.sets.iter().position(|known| known.is_named(set))?;
        let number = self.number(Some(index), reason);
        Some(number.map_or(0, |number| number.load(Relaxed)))
    }

    fn number(&self, set: Option<usize>, reason: Reason) -> Option<&AtomicU64> {
        let of_set = || self.of_sets.get(set?);
        match reason {
            Reason::Ineligible => Some(&self.ineligible),
            Reason::NoKey => Some(&self.no_key),
            Reason::OutsideShare => of_set().map(|of_set| &of_set.outside_share),
            Reason::HeldOut => of_set().map(|of_set| &of_set.held_out),
            Reason::Paused => of_set().map(|of_set| &of_set.paused),
            _ => None,
        }
    }
}
