//! Deleting from memory: one unit, or phases that have ended. The rules are those of the store's
//! trait, in the form of loops over all rows.
//!
//! An erasure is stored with its time, so that facts up to it are refused later. It also deletes
//! events that were set aside, if their text names the unit.

use std::collections::BTreeSet;

use crate::{
    store::{
        facts::{ErasedRow, PhaseName},
        renames::under_all_names,
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::tables::{PhaseKey, Tables, key};

impl Tables {
    /// Deletes the facts of a unit up to a time; returns the number of rows.
    pub(super) fn erase(&mut self, erased: ErasedRow) -> u64 {
        let ErasedRow { unit, at } = erased;
        let known = self.erased.entry(unit).or_insert(erased);
        known.at = at.max(known.at);
        let before = self.rows();
        for exposures in self.exposures.values_mut() {
            exposures.retain(|(other, _), row| *other != unit || row.first_at > at);
        }
        for conversions in self.conversions.values_mut() {
            conversions.retain(|(other, _), row| *other != unit || row.at > at);
        }
        self.aliases
            .retain(|(visitor, user), row| ![*visitor, *user].contains(&unit) || row.first_at > at);
        // Without parsing it, because an event that was set aside may not be valid.
        let text = unit.to_string();
        self.aside
            .retain(|row| row.at > at || !row.payload.contains(&text));
        if !self.is_known(unit) {
            self.raw_units.remove(&unit);
        }
        before - self.rows()
    }

    /// Returns whether there are facts of a unit.
    pub(super) fn is_known(&self, unit: Unit) -> bool {
        let mut exposures = self.exposures.values().flat_map(|rows| rows.values());
        let mut conversions = self.conversions.values().flat_map(|rows| rows.values());
        let mut aliases = self.aliases.values();
        exposures.any(|row| row.unit == unit)
            || conversions.any(|row| row.unit == unit)
            || aliases.any(|row| [row.visitor, row.user].contains(&unit))
    }

    /// Returns the number of rows that an erasure may delete.
    fn rows(&self) -> u64 {
        let exposures: usize = self.exposures.values().map(|rows| rows.len()).sum();
        let conversions: usize = self.conversions.values().map(|rows| rows.len()).sum();
        let rest = self.aliases.len() + self.aside.len() + self.raw_units.len();
        (exposures + conversions + rest) as u64
    }

    /// Deletes phases that ended before a time, and units that are in no other phase.
    pub(super) fn retain(&mut self, before: Timestamp, running: &[PhaseName]) -> u64 {
        let running = under_all_names(running, self.phases());
        let running: BTreeSet<PhaseKey> = running.iter().map(key).collect();
        let has_ended = |phase: &&PhaseKey| {
            let mut rows = self.exposures.get(*phase).into_iter().flatten();
            !running.contains(*phase) && rows.all(|(_, row)| row.first_at < before)
        };
        let ended: BTreeSet<PhaseKey> = self.phases.keys().filter(has_ended).cloned().collect();
        self.sums
            .retain(|((phase, _), ..), _| !ended.contains(phase));
        self.latencies
            .retain(|((phase, _), ..), _| !ended.contains(phase));
        let exposures = ended
            .iter()
            .filter_map(|phase| self.exposures.remove(phase));
        let forgotten: u64 = exposures.map(|rows| rows.len() as u64).sum();
        forgotten + self.forget_units(before)
    }

    /// Deletes the conversions, aliases and keys of units that are in no phase any more; returns
    /// the number of conversions.
    fn forget_units(&mut self, before: Timestamp) -> u64 {
        let exposures = self.exposures.values().flat_map(|rows| rows.keys());
        let exposed: BTreeSet<Unit> = exposures.map(|(unit, _)| *unit).collect();
        // The conversions of a user count for a linked visitor, so they are needed as long as that
        // one is.
        let mut left = exposed.clone();
        for (visitor, user) in self.aliases.keys() {
            if exposed.contains(visitor) {
                left.insert(*user);
            }
        }
        let mut forgotten = 0;
        for rows in self.conversions.values_mut() {
            let all = rows.len();
            rows.retain(|(unit, _), row| left.contains(unit) || row.at >= before);
            forgotten += (all - rows.len()) as u64;
        }
        self.aliases.retain(|(visitor, user), row| {
            exposed.contains(visitor) || exposed.contains(user) || row.first_at >= before
        });
        let mut raw_units = std::mem::take(&mut self.raw_units);
        raw_units.retain(|unit, _| self.is_known(*unit));
        self.raw_units = raw_units;
        forgotten
    }
}
