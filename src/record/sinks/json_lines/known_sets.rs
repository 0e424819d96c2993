//! The sets whose definitions are in the file.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crate::{
    assign::Set,
    record::{SetDigest, sinks::record::Record},
    store::Timestamp,
};

use super::text;

/// The number of sets that are known by their addresses when a batch begins: a program may build
/// one per request.
const ADDRESSES: usize = 1_000;

/// The number of definitions that are known when a batch begins.
const SETS: usize = 10_000;

/// The sets of the exposures that were written.
///
/// A program may build the same set twice: sets are identified by their definitions and plans. All
/// that is kept is bounded: a batch begins with at most [`ADDRESSES`] and [`SETS`].
#[derive(Default)]
pub(super) struct KnownSets {
    /// By the address of the set, which is kept in its place.
    addresses: HashMap<usize, (Arc<Set>, SetDigest)>,
    sets: HashMap<SetDigest, KnownSet>,
    /// The set of each phase that came into force last, by name and number.
    in_force: HashMap<(Box<str>, u32), SetDigest>,
}

/// A known set, with its lines.
struct KnownSet {
    fingerprint: Box<str>,
    /// The lines of its definition and its plan, which are serialised once.
    lines: Vec<u8>,
    /// Whether they are in the current file.
    is_told: bool,
}

impl KnownSets {
    /// Takes note of the sets of exposures, with the earliest time of each that is new.
    pub(super) fn add(&mut self, records: &[Record]) {
        self.forget_many();
        let mut new: HashMap<usize, (&Arc<Set>, Timestamp)> = HashMap::new();
        for record in records {
            if let Record::Exposure { exposure, .. } = record
                && let Some((set, _)) = exposure.met()
                && !self.addresses.contains_key(&address(set))
            {
                let at = Timestamp::from(exposure.at());
                let (_, first_at) = new.entry(address(set)).or_insert((set, at));
                *first_at = at.min(*first_at);
            }
        }
        let mut new: Vec<_> = new.into_values().collect();
        // In the order of time: of two definitions of one phase, the later comes into force last.
        new.sort_by_key(|(_, first_at)| *first_at);
        for (set, first_at) in new {
            self.meet(set, first_at);
        }
    }

    /// Takes note of a set at an address that was not met.
    ///
    /// Where another set of its phase came into force since, its lines are written again, since
    /// plans are a log.
    fn meet(&mut self, set: &Arc<Set>, first_at: Timestamp) {
        let digest = SetDigest::of(set);
        let phase = (set.name().into(), set.phase());
        let before = self.in_force.insert(phase, digest);
        // A definition that comes back into force is written again, with the time of its return.
        if before != Some(digest) || !self.sets.contains_key(&digest) {
            let known = KnownSet {
                fingerprint: set.fingerprint().to_string().into(),
                lines: text::of_set(set, first_at),
                is_told: false,
            };
            self.sets.insert(digest, known);
        }
        let known = (Arc::clone(set), digest);
        self.addresses.insert(address(set), known);
    }

    /// Clears the sets if there are too many. The next batch adds its sets again.
    fn forget_many(&mut self) {
        // Only between batches: within one, each of its sets is looked up again.
        if self.addresses.len() >= ADDRESSES {
            self.addresses.clear();
        }
        if self.sets.len() >= SETS {
            *self = Self::default();
        }
    }

    /// Returns the fingerprint of the definition that a record is under.
    pub(super) fn fingerprint(&self, record: &Record) -> Option<&str> {
        let known = self.sets.get(&self.digest(record)?)?;
        Some(&known.fingerprint)
    }

    /// Appends the lines of the sets of these exposures that are not in the file, and returns which
    /// those are.
    pub(super) fn push(&self, lines: &mut Vec<u8>, records: &[Record]) -> HashSet<SetDigest> {
        let mut pushed = HashSet::new();
        for digest in records.iter().filter_map(|record| self.digest(record)) {
            let known = self.sets.get(&digest).filter(|known| !known.is_told);
            if let Some(known) = known
                && pushed.insert(digest)
            {
                lines.extend_from_slice(&known.lines);
            }
        }
        pushed
    }

    /// Notes that the lines of these sets are in the file.
    pub(super) fn are_told(&mut self, pushed: &HashSet<SetDigest>) {
        for digest in pushed {
            if let Some(known) = self.sets.get_mut(digest) {
                known.is_told = true;
            }
        }
    }

    /// Notes that the file has no lines of sets.
    pub(super) fn begin_file(&mut self) {
        let sets = self.sets.values_mut();
        sets.for_each(|known| known.is_told = false);
    }

    /// Returns the identity of an exposure's set.
    fn digest(&self, record: &Record) -> Option<SetDigest> {
        let Record::Exposure { exposure, .. } = record else {
            return None;
        };
        let (set, _) = exposure.met()?;
        let (_, digest) = self.addresses.get(&address(set))?;
        Some(*digest)
    }
}

/// Returns the address of a set. It identifies the set as long as an `Arc` of it is kept.
fn address(set: &Arc<Set>) -> usize {
    Arc::as_ptr(set).addr()
}
