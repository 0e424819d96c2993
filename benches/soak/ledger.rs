use std::collections::{BTreeMap, HashSet};

/// What the server acknowledged.
#[derive(Default)]
pub(super) struct Ledger {
    told: Vec<Told>,
    /// How many requests of each start of the server were not answered: they may be recorded or not.
    unsure: BTreeMap<u64, u64>,
}

/// An exposure or a goal of a visitor, in an answered request.
#[derive(Clone, Copy)]
struct Told {
    fact: Fact,
    start: u64,
    round: u64,
}

/// That a visitor was exposed, or reached the goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fact {
    Exposure(u64),
    Goal(u64),
}

impl Ledger {
    /// Notes a fact that a start of the server acknowledged, in a round between two flushes.
    pub(super) fn tell(&mut self, fact: Fact, (start, round): (u64, u64)) {
        self.told.push(Told { fact, start, round });
    }

    pub(super) fn unsure(&mut self, start: u64) {
        *self.unsure.entry(start).or_default() += 1;
    }

    /// Returns how many requests were not answered.
    pub(super) fn unanswered(&self, start: u64) -> u64 {
        self.unsure.get(&start).copied().unwrap_or_default()
    }

    /// Returns how many events a start of the server acknowledged.
    pub(super) fn events(&self, start: u64) -> u64 {
        self.of(start, u64::MAX).count() as u64
    }

    /// Returns the facts that a start of the server acknowledged, each once, up to a round.
    pub(super) fn facts(&self, start: u64, round: u64) -> HashSet<Fact> {
        self.of(start, round).collect()
    }

    fn of(&self, start: u64, round: u64) -> impl Iterator<Item = Fact> {
        let is_of = move |told: &&Told| told.start == start && told.round <= round;
        self.told.iter().filter(is_of).map(|told| told.fact)
    }
}
