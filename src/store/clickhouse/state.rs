//! What a program knows of its store: whether the tables are there, which store they are, and the names that it
//! wrote.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is known; nothing at first.
#[derive(Debug, Default)]
pub(super) struct State(Mutex<Known>);

#[derive(Debug, Default)]
pub(super) struct Known {
    /// The id of the store, once its tables are there.
    pub(super) identity: Option<String>,
    /// The tables and ids of names that this program wrote, so that a batch writes new ones alone.
    pub(super) names: HashSet<(&'static str, i64)>,
    /// Whether the tables were there, and are missing now.
    pub(super) is_lost: bool,
    /// How often the store was replaced by another.
    pub(super) replacements: u64,
    /// The units that this program claimed the store for.
    pub(super) units: Option<String>,
}

/// The most names that are kept.
const MOST: usize = 100_000;

impl State {
    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        // Each change is one assignment or insertion.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Compares the id of the store with the known one. If they differ, forgets the names and units of the old one.
    pub(super) fn meet(&self, identity: &str) {
        let mut known = self.known();
        if known.identity.as_deref() == Some(identity) {
            return;
        }
        known.replacements += u64::from(known.identity.is_some() || known.is_lost);
        known.is_lost = false;
        known.names.clear();
        known.units = None;
        known.identity = Some(identity.to_owned());
    }

    /// Notes that the tables are missing, so that the next operation looks for them.
    pub(super) fn lose(&self) {
        let mut known = self.known();
        known.is_lost |= known.identity.take().is_some();
        known.names.clear();
        known.units = None;
    }

    /// Notes names that were written.
    pub(super) fn learn(&self, table: &'static str, ids: impl IntoIterator<Item = i64>) {
        let mut known = self.known();
        if known.names.len() > MOST {
            known.names.clear();
        }
        known.names.extend(ids.into_iter().map(|id| (table, id)));
    }
}
