//! The keys of units, by which recorded tracks are recomputed.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};

use crate::{
    assign::Key,
    cli::{failure::Failure, inputs, progress::Progress},
    store::{Phase, RawUnitRow, Store},
    unit::{Unit, Units},
};

use super::verified::{Disagreement, Verified};

/// The keys of units, from a file or from the store.
#[derive(Default)]
pub(super) struct Ledger {
    keys: HashMap<Unit, Box<str>>,
    /// Which units must have a key.
    pub(super) is: Completeness,
}

/// Which units must have a key. Another unit without a key cannot be verified, but is no error.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Completeness {
    /// No unit: the keys of some people are not known.
    #[default]
    Partial,
    /// Those with a coin, which a recorder wrote with the key. An access log has no keys.
    OfRecorders,
    /// All of them, because the user said so.
    Whole,
}

impl Ledger {
    /// Returns the keys that a store has beside raw units. A key whose unit is another one is left
    /// out, and disagrees.
    pub(super) fn of_store(
        store: &dyn Store,
        progress: &Progress,
        verified: &mut Verified,
    ) -> Result<Self, Failure> {
        let mut ledger = Self::default();
        store.dump(&mut |batch| {
            progress.add(batch.raw_units.len());
            for RawUnitRow { unit, kind, key } in &batch.raw_units {
                let key = String::from_utf8_lossy(key);
                // A store from elsewhere may have any key beside a unit. A key that is not
                // UTF-8 was recorded by no program: it becomes another text here, and disagrees.
                let computed = Units::raw().unit(kind, &Key::from(&*key));
                if computed == *unit {
                    ledger.keys.insert(computed, key.into());
                } else {
                    verified.disagree(Disagreement::of_key(*unit, computed));
                }
            }
            Ok(())
        })?;
        if !ledger.keys.is_empty() {
            ledger.is = Completeness::OfRecorders;
        }
        Ok(ledger)
    }

    /// Returns the keys of a file, with the units that they are in these phases.
    pub(super) fn of_file(path: &Path, units: &Units, phases: &[Phase]) -> Result<Self, Failure> {
        let kinds: BTreeSet<Arc<str>> = phases
            .iter()
            .map(|phase| Arc::clone(&phase.name.kind))
            .collect();
        let mut ledger = Self::default();
        inputs::each_key(path, |key| {
            // A file of keys does not say of which kind they are, so a key is tried as each.
            for kind in &kinds {
                let unit = units.unit(kind, &Key::from(key));
                ledger.keys.insert(unit, key.into());
            }
        })?;
        Ok(ledger)
    }

    /// Returns the key of a unit.
    pub(super) fn key(&self, unit: Unit) -> Option<&str> {
        self.keys.get(&unit).map(|key| &**key)
    }
}
