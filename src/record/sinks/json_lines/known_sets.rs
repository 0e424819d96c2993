use std::{collections::HashMap, sync::Arc};

use crate::{
    assign::Set,
    record::{Record, Timestamp},
};

use super::text;

/// The sets of the exposures that were written, by address.
#[derive(Default)]
pub(super) struct KnownSets(HashMap<usize, KnownSet>);

struct KnownSet {
    /// Keeps the set at its address.
    _set: Arc<Set>,
    fingerprint: Box<str>,
    /// The lines of its definition and its plan.
    lines: Vec<u8>,
    /// Whether they are in the file.
    is_told: bool,
}

impl KnownSets {
    /// Takes note of the sets of exposures, with the earliest time of each that is new.
    pub(super) fn add(&mut self, records: &[Record]) {
        let mut new: HashMap<usize, (&Arc<Set>, Timestamp)> = HashMap::new();
        for record in records {
            if let Record::Exposure { exposure, .. } = record
                && let Some((set, _)) = exposure.met()
                && !self.0.contains_key(&address(set))
            {
                let at = Timestamp::from(exposure.at());
                let (_, first_at) = new.entry(address(set)).or_insert((set, at));
                *first_at = at.min(*first_at);
            }
        }
        let new = new.into_iter();
        self.0
            .extend(new.map(|(address, (set, at))| (address, KnownSet::new(set, at))));
    }

    /// Returns the fingerprint of the definition that a record is under.
    pub(super) fn fingerprint(&self, record: &Record) -> Option<&str> {
        let known = self.0.get(&address_of(record)?)?;
        Some(&known.fingerprint)
    }

    /// Appends the lines of the sets of these exposures that are not in the file.
    pub(super) fn push(&self, lines: &mut Vec<u8>, records: &[Record]) {
        let mut pushed = Vec::new();
        for address in records.iter().filter_map(address_of) {
            let known = self.0.get(&address).filter(|known| !known.is_told);
            if let Some(known) = known
                && !pushed.contains(&address)
            {
                lines.extend_from_slice(&known.lines);
                pushed.push(address);
            }
        }
    }

    /// Notes that the lines of the sets of these exposures are in the file.
    pub(super) fn are_told(&mut self, records: &[Record]) {
        for address in records.iter().filter_map(address_of) {
            if let Some(known) = self.0.get_mut(&address) {
                known.is_told = true;
            }
        }
    }

    /// Notes that the file has no lines of sets.
    pub(super) fn begin_file(&mut self) {
        let sets = self.0.values_mut();
        sets.for_each(|known| known.is_told = false);
    }
}

impl KnownSet {
    fn new(set: &Arc<Set>, first_at: Timestamp) -> Self {
        Self {
            fingerprint: set.fingerprint().to_string().into(),
            lines: text::of_set(set, first_at),
            _set: Arc::clone(set),
            is_told: false,
        }
    }
}

fn address_of(record: &Record) -> Option<usize> {
    match record {
        Record::Exposure { exposure, .. } => exposure.met().map(|(set, _)| address(set)),
        _ => None,
    }
}

fn address(set: &Arc<Set>) -> usize {
    Arc::as_ptr(set).addr()
}
