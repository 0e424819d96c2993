//! Writing into memory. Each kind of row has one rule for two rows with the same key, and the
//! result does not depend on their order.

use std::{collections::btree_map::Entry, sync::Arc};

use crate::store::{
    catalog::{PlanEntry, Readout},
    facts::{AliasRow, Batch, ConversionRow, ExposureRow, RequestSums, TrackName},
    timestamp::Timestamp,
    written::{Rows, Written},
};

use super::tables::{Exposed, LossKey, PhaseKey, Reached, Tables, key};

/// The result of writing one row, which is counted.
enum Fate {
    /// Its key was not in the store.
    New,
    /// Its key was in the store. The smaller row stays.
    Known,
    /// Its unit was erased at its time or later, so it is not written.
    Erased,
}

impl Tables {
    /// Writes a checked batch, and returns the counts.
    pub(super) fn write(&mut self, batch: &Batch) -> Written {
        self.list(batch);
        // First, so that nothing comes in that is to be gone.
        for erased in &batch.erased {
            self.erase(*erased);
        }
        let count = |rows: &mut Rows, fate| match fate {
            Fate::New => rows.new += 1,
            Fate::Known => rows.known += 1,
            Fate::Erased => rows.erased += 1,
        };
        let mut written = Written::default();
        for row in &batch.exposures {
            count(&mut written.exposures, self.expose(batch, row));
        }
        for row in &batch.conversions {
            count(&mut written.conversions, self.convert(batch, row));
        }
        for row in &batch.aliases {
            count(&mut written.aliases, self.alias(row));
        }
        self.add_rest(batch);
        written
    }

    /// Takes in what rows refer to.
    fn list(&mut self, batch: &Batch) {
        for writer in batch.writers() {
            let known = self.writers.entry(writer.uuid);
            known.or_insert_with(|| writer.clone());
        }
        for phase in batch.phases() {
            let kind = || Arc::clone(&phase.kind);
            self.phases.entry(key(phase)).or_insert_with(kind);
        }
        for track in batch.tracks() {
            let known = self.tracks.entry(track_key(track));
            known.or_insert(track.control);
        }
        self.goals.extend(batch.goals().iter().cloned());
        self.segments.extend(batch.segments().iter().cloned());
        for name in batch.definition_names() {
            let known = self.definitions.entry((key(&name.phase), name.fingerprint));
            known.or_default();
        }
        self.define(batch);
    }

    /// Adds definitions and plans. Of two definitions with one fingerprint, the smaller pair of
    /// time and JSON stays.
    fn define(&mut self, batch: &Batch) {
        let phase = |index: u32| key(&batch.phases()[index as usize]);
        for row in &batch.definitions {
            let known = (phase(row.phase), row.fingerprint);
            let known = self.definitions.entry(known).or_default();
            let said = (row.first_at, Arc::clone(&row.json));
            let earliest = known.take().map_or(said.clone(), |known| known.min(said));
            *known = Some(earliest);
        }
        for row in &batch.plans {
            let (first_at, json) = (row.first_at, Arc::clone(&row.json));
            let entry = PlanEntry { first_at, json };
            self.plans.insert((phase(row.phase), entry));
        }
    }

    /// Adds an exposure; the earlier one stays, by the order of `Exposed`.
    fn expose(&mut self, batch: &Batch, row: &ExposureRow) -> Fate {
        if self.is_erased(row.unit, row.first_at) {
            return Fate::Erased;
        }
        let track = &batch.tracks()[row.track as usize];
        let (phase, track) = track_key(track);
        let exposed = Exposed {
            first_at: row.first_at,
            coin: row.coin,
            definition: row.definition.map(|index| {
                let name = &batch.definition_names()[index as usize];
                name.fingerprint
            }),
            segment: row.segment.map(|index| {
                let segment = &batch.segments()[index as usize];
                Arc::clone(segment)
            }),
            writer: batch.writers()[row.writer as usize].uuid,
        };
        let exposures = self.exposures.entry(phase).or_default();
        keep(
            exposures.entry((row.unit, track)),
            exposed,
            Exposed::is_before,
        )
    }

    /// Adds a conversion; the smaller pair of time and value stays.
    fn convert(&mut self, batch: &Batch, row: &ConversionRow) -> Fate {
        if self.is_erased(row.unit, row.at) {
            return Fate::Erased;
        }
        let reached = Reached {
            at: row.at,
            value: row.value,
            writer: batch.writers()[row.writer as usize].uuid,
        };
        let goal = &batch.goals()[row.goal as usize];
        let conversions = self.conversions.entry(goal.clone()).or_default();
        let entry = conversions.entry((row.unit, row.idem));
        keep(entry, reached, |row, known| {
            (row.at, row.value) < (known.at, known.value)
        })
    }

    /// Adds an alias; the earliest time stays. The erasure of either side counts.
    fn alias(&mut self, row: &AliasRow) -> Fate {
        let AliasRow {
            visitor,
            user,
            first_at,
        } = *row;
        if self.is_erased(visitor, first_at) || self.is_erased(user, first_at) {
            return Fate::Erased;
        }
        keep(self.aliases.entry((visitor, user)), first_at, Timestamp::lt)
    }

    /// Adds sums, losses, keys and events that were set aside. The keys come after the facts,
    /// because the key of an erased unit is stored only if it has later facts.
    fn add_rest(&mut self, batch: &Batch) {
        for row in &batch.sums {
            let (phase, track) = track_key(&batch.tracks()[row.track as usize]);
            let writer = batch.writers()[row.writer as usize].uuid;
            let known = self.sums.entry((phase, track, row.bucket, writer));
            known.or_default().keep_larger(&row.sums);
        }
        for row in &batch.losses {
            let track = |index: u32| track_key(&batch.tracks()[index as usize]);
            let key = LossKey {
                sink: Arc::clone(&row.sink),
                reason: Arc::clone(&row.reason),
                track: row.track.map(track),
                goal: row.goal.map(|index| batch.goals()[index as usize].clone()),
                writer: batch.writers()[row.writer as usize].uuid,
            };
            let known = self.losses.entry(key).or_default();
            *known = row.n.max(*known);
        }
        for row in &batch.raw_units {
            if !self.erased.contains_key(&row.unit) || self.is_known(row.unit) {
                let raw = (Arc::clone(&row.kind), Arc::clone(&row.key));
                self.raw_units.insert(row.unit, raw);
            }
        }
        for row in &batch.aside {
            let mut units = row.mentions();
            let is_erased = units.any(|unit| self.is_erased(unit, row.at));
            if !is_erased && !self.aside.contains(row) {
                self.aside.push(row.clone());
            }
        }
    }

    /// Stores a read-out in place of the previous one, and lists its phase.
    pub(super) fn put_readout(&mut self, readout: &Readout) {
        let phase = key(&readout.phase);
        let kind = Arc::clone(&readout.phase.kind);
        self.phases.entry(phase.clone()).or_insert(kind);
        let key = (phase, Arc::clone(&readout.kind));
        self.readouts.insert(key, readout.clone());
    }
}

impl RequestSums {
    /// Keeps the larger of each number: both are of one writer, and the larger is the later.
    fn keep_larger(&mut self, other: &Self) {
        self.requests = self.requests.max(other.requests);
        self.errors = self.errors.max(other.errors);
        self.aborted = self.aborted.max(other.aborted);
        self.duration_us = self.duration_us.max(other.duration_us);
        self.duration_us_sq = self.duration_us_sq.max(other.duration_us_sq);
    }
}

/// Adds a row, unless another one with its key is there and stays.
fn keep<K: Ord, R>(entry: Entry<'_, K, R>, row: R, is_before: impl FnOnce(&R, &R) -> bool) -> Fate {
    match entry {
        Entry::Vacant(vacant) => {
            vacant.insert(row);
            Fate::New
        }
        Entry::Occupied(mut known) => {
            if is_before(&row, known.get()) {
                known.insert(row);
            }
            Fate::Known
        }
    }
}

/// Returns the key of a track: that of its phase, and its name.
fn track_key(track: &TrackName) -> (PhaseKey, Arc<str>) {
    (key(&track.phase), Arc::clone(&track.track))
}
