//! Facts that were written recently, so that most repetitions never reach the store.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

use crate::store::Timestamp;

/// The number of facts of a generation.
const LARGEST: usize = 65_536;

/// The age of a generation. A fact is known for at most twice this time: after an erasure, a unit
/// that returns is written again.
const OLDEST: Duration = Duration::from_secs(30 * 60);

/// Facts that were written recently, in two generations. When the younger is full or old, the older
/// one is forgotten.
pub(super) struct Known<K> {
    young: HashMap<K, Timestamp>,
    old: HashMap<K, Timestamp>,
    /// The start of the younger generation.
    since: Option<Instant>,
}

impl<K: Eq + Hash> Known<K> {
    /// Returns whether the fact is known as of this time or an earlier one.
    pub(super) fn has(&self, fact: &K, at: Timestamp) -> bool {
        let known = self.young.get(fact).or_else(|| self.old.get(fact));
        known.is_some_and(|first| *first <= at)
    }

    /// Removes facts that were known for too long.
    pub(super) fn age(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        if self.young.len() >= LARGEST || now.saturating_duration_since(since) >= OLDEST {
            self.old = std::mem::take(&mut self.young);
            self.since = Some(now);
        }
    }

    /// Adds facts, after those that were known for too long are removed.
    pub(super) fn learn(&mut self, facts: Vec<(K, Timestamp)>, now: Instant) {
        self.age(now);
        for (fact, at) in facts {
            self.insert(fact, at);
        }
    }

    /// Adds a fact; the earliest time counts.
    pub(super) fn insert(&mut self, fact: K, at: Timestamp) {
        let first = self.young.entry(fact).or_insert(at);
        *first = at.min(*first);
    }
}

impl<K> Default for Known<K> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            since: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_known_for_an_hour_at_most() {
        let mut known = Known::default();
        let start = Instant::now();
        let at = Timestamp::from_micros;
        known.age(start);
        known.insert("alice", at(5));
        assert!(known.has(&"alice", at(5)) && known.has(&"alice", at(6)));
        assert!(!known.has(&"alice", at(4)), "an earlier time is news");
        assert!(!known.has(&"bob", at(5)));
        known.age(start + OLDEST);
        assert!(known.has(&"alice", at(5)));
        known.age(start + OLDEST * 2);
        assert!(!known.has(&"alice", at(5)));
    }

    #[test]
    fn known_facts_are_bounded() {
        let mut known = Known::default();
        for number in 0..10 * LARGEST {
            known.age(Instant::now());
            known.insert(number, Timestamp::MIN);
            assert!(known.young.len() + known.old.len() <= 2 * LARGEST);
        }
    }
}
