//! Writing into memory. Each kind of row has one rule for two rows with the same key, and the
//! result does not depend on their order.

use std::{collections::btree_map::Entry, sync::Arc};

use crate::store::{
    catalog::{Loss, PlanEntry, Readout},
    facts::{
        AliasRow, Batch, ConversionRow, DefinitionName, DefinitionRow, ExposureRow, LatencyRow,
        LossRow, PhaseName, PlanRow, RequestSums, SumRow, TrackName, WriterRow,
    },
    written::{Rows, Written},
};

use super::tables::{Tables, key, track_key};

/// The indices that the names of a batch have in the tables.
struct Ids {
    writers: Vec<u32>,
    phases: Vec<u32>,
    tracks: Vec<u32>,
    goals: Vec<u32>,
    definitions: Vec<u32>,
    segments: Vec<u32>,
}

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
        let ids = self.list(batch);
        self.define(batch, &ids);
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
            count(&mut written.exposures, self.expose(&ids, row));
        }
        for row in &batch.conversions {
            count(&mut written.conversions, self.convert(&ids, row));
        }
        for row in &batch.aliases {
            count(&mut written.aliases, self.alias(row));
        }
        self.count(batch, &ids);
        self.add_rest(batch);
        written
    }

    /// Lists the names of a batch, and returns their indices.
    fn list(&mut self, batch: &Batch) -> Ids {
        // Names without rows are listed too, so that a merge loses none.
        let (definitions, goals) = (batch.definition_names().iter(), batch.goals().iter());
        let segments = batch.segments().iter();
        Ids {
            writers: batch.writers().iter().map(|row| self.writer(row)).collect(),
            phases: batch.phases().iter().map(|name| self.phase(name)).collect(),
            tracks: batch.tracks().iter().map(|name| self.track(name)).collect(),
            goals: goals.map(|name| self.names.goal(name)).collect(),
            definitions: definitions.map(|name| self.definition(name)).collect(),
            segments: segments.map(|name| self.names.segment(name)).collect(),
        }
    }

    /// Returns the index of a writer.
    fn writer(&mut self, row: &WriterRow) -> u32 {
        let index = || self.names.writer(row);
        *self.writers.entry(row.uuid).or_insert_with(index)
    }

    /// Returns the index of a phase, whose first kind stays.
    fn phase(&mut self, name: &PhaseName) -> u32 {
        let index = || self.names.phase(name);
        *self.phases.entry(key(name)).or_insert_with(index)
    }

    /// Returns a phase with the kind that was learned first.
    fn known_phase(&mut self, name: &PhaseName) -> PhaseName {
        let index = self.phase(name);
        self.names.phases()[index as usize].clone()
    }

    /// Returns the index of a track. What was learned first about control stays.
    fn track(&mut self, name: &TrackName) -> u32 {
        let phase = self.known_phase(&name.phase);
        let index = || {
            let name = name.clone();
            self.names.track(&TrackName { phase, ..name })
        };
        *self.tracks.entry(track_key(name)).or_insert_with(index)
    }

    /// Returns the index of a definition.
    fn definition(&mut self, name: &DefinitionName) -> u32 {
        let (phase, fingerprint) = (self.known_phase(&name.phase), name.fingerprint);
        self.names
            .definition(&DefinitionName { phase, fingerprint })
    }

    /// Adds definitions and plans. Of two definitions with one fingerprint, the smaller pair of
    /// time and JSON stays.
    fn define(&mut self, batch: &Batch, ids: &Ids) {
        for row in &batch.definitions {
            let name = &batch.phases()[row.phase as usize];
            let (phase, row) = (ids.phases[row.phase as usize], row.clone());
            let fingerprint = row.fingerprint;
            self.definition(&DefinitionName {
                phase: name.clone(),
                fingerprint,
            });
            let entry = self.definitions.entry((key(name), fingerprint));
            keep(entry, DefinitionRow { phase, ..row }, |row, known| {
                (row.first_at, &row.json) < (known.first_at, &known.json)
            });
        }
        for row in &batch.plans {
            let plan = PlanEntry::new(row.first_at, Arc::clone(&row.json));
            let phase = key(&batch.phases()[row.phase as usize]);
            let row = PlanRow {
                phase: ids.phases[row.phase as usize],
                ..row.clone()
            };
            self.plans.entry((phase, plan)).or_insert(row);
        }
    }

    /// Adds an exposure; the earlier one stays, by its [`order`].
    fn expose(&mut self, ids: &Ids, row: &ExposureRow) -> Fate {
        if self.is_erased(row.unit, row.first_at) {
            return Fate::Erased;
        }
        let row = ExposureRow {
            track: ids.tracks[row.track as usize],
            definition: row.definition.map(|index| ids.definitions[index as usize]),
            segment: row.segment.map(|index| ids.segments[index as usize]),
            writer: ids.writers[row.writer as usize],
            ..*row
        };
        let (phase, track) = track_key(self.track_of(&row));
        let exposures = self.exposures.entry(phase).or_default();
        keep(exposures.entry((row.unit, track)), row, |row, known| {
            order(row, &self.names) < order(known, &self.names)
        })
    }

    /// Adds a conversion; the smaller pair of time and value stays.
    fn convert(&mut self, ids: &Ids, row: &ConversionRow) -> Fate {
        if self.is_erased(row.unit, row.at) {
            return Fate::Erased;
        }
        let row = ConversionRow {
            goal: ids.goals[row.goal as usize],
            writer: ids.writers[row.writer as usize],
            ..*row
        };
        let goal = self.names.goals()[row.goal as usize].clone();
        let conversions = self.conversions.entry(goal).or_default();
        keep(
            conversions.entry((row.unit, row.idem)),
            row,
            |row, known| (row.at, row.value) < (known.at, known.value),
        )
    }

    /// Adds an alias; the earliest time stays. The erasure of either side counts.
    fn alias(&mut self, row: &AliasRow) -> Fate {
        let mut units = [row.visitor, row.user].into_iter();
        if units.any(|unit| self.is_erased(unit, row.first_at)) {
            return Fate::Erased;
        }
        let entry = self.aliases.entry((row.visitor, row.user));
        keep(entry, *row, |row, known| row.first_at < known.first_at)
    }

    /// Adds the numbers of writers: sums, durations and losses.
    fn count(&mut self, batch: &Batch, ids: &Ids) {
        for row in &batch.sums {
            let track = track_key(&batch.tracks()[row.track as usize]);
            let row = SumRow {
                track: ids.tracks[row.track as usize],
                writer: ids.writers[row.writer as usize],
                ..*row
            };
            let known = self.sums.entry((track, row.bucket, row.writer));
            let known = known.or_insert(row);
            known.sums.keep_larger(&row.sums);
        }
        for row in &batch.latencies {
            let track = track_key(&batch.tracks()[row.track as usize]);
            let row = LatencyRow {
                track: ids.tracks[row.track as usize],
                writer: ids.writers[row.writer as usize],
                ..*row
            };
            let entry = self
                .latencies
                .entry((track, row.group, row.bin, row.writer));
            keep(entry, row, |row, known| row.requests > known.requests);
        }
        for row in &batch.losses {
            let row = LossRow {
                writer: ids.writers[row.writer as usize],
                track: row.track.map(|index| ids.tracks[index as usize]),
                goal: row.goal.map(|index| ids.goals[index as usize]),
                ..row.clone()
            };
            let track = |index: u32| self.names.tracks()[index as usize].clone();
            let goal = |index: u32| self.names.goals()[index as usize].clone();
            let loss = Loss {
                sink: Arc::clone(&row.sink),
                reason: Arc::clone(&row.reason),
                track: row.track.map(track),
                goal: row.goal.map(goal),
                n: 0,
            };
            // The numbers of a writer only grow, so the larger one is the later one.
            let entry = self.losses.entry((loss, row.writer));
            keep(entry, row, |row, known| row.n > known.n);
        }
    }

    /// Adds keys and events that were set aside. The keys come after the facts, because the key of an
    /// erased unit is stored only if it has later facts.
    fn add_rest(&mut self, batch: &Batch) {
        for row in &batch.raw_units {
            // A key identifies a person, so the key of an erased unit is kept only with later facts.
            if !self.erased.contains_key(&row.unit) || self.is_known(row.unit) {
                self.raw_units.insert(row.unit, row.clone());
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
        let phase = self.known_phase(&readout.phase);
        let key = (key(&phase), Arc::clone(&readout.kind));
        let readout = readout.clone();
        self.readouts.insert(key, Readout { phase, ..readout });
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

/// Returns what decides which of two exposures of one unit and track stays: the smaller. What is not
/// known comes last, but for the coin.
fn order<'a>(row: &ExposureRow, names: &'a Batch) -> impl Ord + use<'a> {
    let definition = row.definition.map(|index| {
        let name = &names.definition_names()[index as usize];
        name.fingerprint
    });
    let segment = row.segment.map(|index| &names.segments()[index as usize]);
    let definition = (definition.is_none(), definition);
    let segment = (segment.is_none(), segment);
    (row.first_at, row.coin, definition, segment)
}
