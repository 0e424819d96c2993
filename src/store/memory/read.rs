//! The queries of the store in memory, as loops over its tables.
//!
//! Each is written for clarity: the other stores are tested against its answers. It copies names as
//! `Arc`s, and sorts where the order of a table is not the order of an answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{Attribution, ExposedUnit, Question, ReachedGoal, fold},
        catalog::{Definition, History, Loss, Phase, PlanEntry, Readout},
        error::StoreError,
        facts::{
            AliasRow, Batch, ConversionRow, DefinitionName, DefinitionRow, ErasedRow, ExposureRow,
            LossRow, PhaseName, PlanRow, RawUnitRow, RequestSums, SumRow, TrackName,
        },
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::tables::{PhaseKey, Tables, key};

impl Tables {
    /// Returns all phases, in the order of set and number.
    pub(super) fn phases(&self) -> Vec<Phase> {
        let phase = |phase: &PhaseKey| Phase {
            name: self.phase_name(phase),
            tracks: self.tracks_of(phase),
            definitions: self.definitions_of(phase),
            plans: self.plans_of(phase),
        };
        self.phases.keys().map(phase).collect()
    }

    /// Returns the tracks of a phase, control first.
    fn tracks_of(&self, phase: &PhaseKey) -> Vec<TrackName> {
        let tracks = self.tracks.keys().filter(|(other, _)| other == phase);
        let mut tracks: Vec<_> = tracks.map(|key| self.track_name(key)).collect();
        tracks.sort_by_key(|track| (!track.control, Arc::clone(&track.track)));
        tracks
    }

    /// Returns the definitions of a phase with their JSON, the earliest first. One that only
    /// exposures name has no JSON, and is left out.
    fn definitions_of(&self, phase: &PhaseKey) -> Vec<Definition> {
        let definitions = self
            .definitions
            .iter()
            .filter(|((other, _), _)| other == phase);
        let definitions = definitions.filter_map(|((_, fingerprint), known)| {
            let (first_at, json) = known.clone()?;
            Some(Definition {
                fingerprint: *fingerprint,
                json,
                first_at,
            })
        });
        let mut definitions: Vec<_> = definitions.collect();
        definitions.sort_by_key(|definition| (definition.first_at, definition.fingerprint));
        definitions
    }

    /// Returns the plans of a phase; the table is in the order of their time.
    fn plans_of(&self, phase: &PhaseKey) -> Vec<PlanEntry> {
        let plans = self.plans.iter().filter(|(other, _)| other == phase);
        plans.map(|(_, plan)| plan.clone()).collect()
    }

    /// Returns the goals with a conversion or a lost conversion, sorted.
    pub(super) fn recorded_goals(&self) -> Vec<Goal> {
        // An erasure deletes the conversions of a goal, but not the goal.
        let reached = self.conversions.iter().filter(|(_, rows)| !rows.is_empty());
        let lost = self.losses.keys().filter_map(|key| key.goal.as_ref());
        let goals: BTreeSet<&Goal> = reached.map(|(goal, _)| goal).chain(lost).collect();
        goals.into_iter().cloned().collect()
    }

    /// Passes exposures and conversions to the fold. The keys of the tables begin with the unit, so
    /// the rows come in its order.
    pub(super) fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        let phase = key(&question.phase);
        let Some(kind) = self.phases.get(&phase) else {
            return Ok(None);
        };
        let tracks = self.tracks_of(&phase);
        let tracks: Vec<Arc<str>> = tracks.into_iter().map(|track| track.track).collect();
        let definitions = self.definitions_of(&phase);
        let exposures = self.exposures.get(&phase).into_iter().flatten();
        let exposures = exposures.map(|((unit, track), row)| {
            let index = tracks.iter().position(|name| name == track);
            let is_under = |definition: &Definition| Some(definition.fingerprint) == row.definition;
            Ok(ExposedUnit {
                unit: *unit,
                track: index.unwrap_or(usize::MAX),
                first_at: row.first_at,
                coin: row.coin,
                definition: definitions.iter().position(is_under),
            })
        });
        let is_visitor = **kind == *DEFAULT_UNIT;
        let conversions = question.streams().into_iter().map(|goal| {
            let rows = self.conversions_of(goal, is_visitor).into_iter().map(Ok);
            Box::new(rows) as Box<dyn Iterator<Item = _>>
        });
        fold(
            question,
            &tracks,
            &definitions,
            Box::new(exposures),
            conversions.collect(),
        )
        .map(Some)
    }

    /// Returns the conversions of a goal in the order of units, in a set by visitor also those
    /// that come by aliases.
    fn conversions_of(&self, goal: &Goal, is_visitor: bool) -> Vec<ReachedGoal> {
        let rows = self.conversions.get(goal).into_iter().flatten();
        let rows = rows.flat_map(|((unit, idem), row)| {
            let reached = ReachedGoal {
                unit: *unit,
                idem: *idem,
                at: row.at,
                value: row.value,
            };
            let visitor = is_visitor.then(|| self.visitor(*unit, row.at)).flatten();
            let by_alias = visitor.map(|unit| ReachedGoal { unit, ..reached });
            std::iter::once(reached).chain(by_alias)
        });
        let mut rows: Vec<ReachedGoal> = rows.collect();
        rows.sort_unstable();
        rows
    }

    /// Returns the visitor of the latest alias that is not after a time; of several the least.
    fn visitor(&self, user: Unit, at: Timestamp) -> Option<Unit> {
        let aliases = self.aliases.iter();
        let known = aliases.filter(|((_, other), first)| *other == user && **first <= at);
        let latest =
            known.max_by_key(|((visitor, _), first)| (**first, std::cmp::Reverse(*visitor)));
        latest.map(|((visitor, _), _)| *visitor)
    }

    /// Returns the sums of a phase by track and bucket, over all writers.
    pub(super) fn sums_of(&self, phase: &PhaseName) -> BTreeMap<(TrackName, u16), RequestSums> {
        let phase = key(phase);
        let mut sums: BTreeMap<_, RequestSums> = BTreeMap::new();
        for ((other, track, bucket, _), row) in &self.sums {
            if *other == phase {
                let track = self.track_name(&(other.clone(), Arc::clone(track)));
                sums.entry((track, *bucket)).or_default().add(row);
            }
        }
        sums
    }

    /// Returns the losses over all writers. The sum is taken by a loss of 0 events as its key.
    pub(super) fn all_losses(&self) -> Vec<Loss> {
        let mut losses: BTreeMap<Loss, u64> = BTreeMap::new();
        for (key, n) in &self.losses {
            let loss = Loss {
                sink: Arc::clone(&key.sink),
                reason: Arc::clone(&key.reason),
                track: key.track.as_ref().map(|track| self.track_name(track)),
                goal: key.goal.clone(),
                n: 0,
            };
            let sum = losses.entry(loss).or_default();
            *sum = sum.saturating_add(*n);
        }
        let losses = losses.into_iter().map(|(loss, n)| Loss { n, ..loss });
        losses.collect()
    }

    /// Returns all facts of a unit. It scans all rows.
    pub(super) fn history(&self, unit: Unit) -> History {
        let mut history = History {
            raw: self.raw_units.get(&unit).cloned(),
            erased_at: self.erased.get(&unit).copied(),
            ..History::default()
        };
        for (phase, rows) in &self.exposures {
            for ((_, track), row) in rows.iter().filter(|((other, _), _)| *other == unit) {
                let track = self.track_name(&(phase.clone(), Arc::clone(track)));
                history.exposures.push((row.first_at, track, row.coin));
            }
        }
        for (goal, rows) in &self.conversions {
            for (_, row) in rows.iter().filter(|((other, _), _)| *other == unit) {
                history.conversions.push((row.at, goal.clone(), row.value));
            }
        }
        for ((visitor, user), first) in &self.aliases {
            if [*visitor, *user].contains(&unit) {
                let other = if *visitor == unit { *user } else { *visitor };
                history.aliases.push((*first, other));
            }
        }
        history.exposures.sort();
        history.conversions.sort();
        history.aliases.sort();
        history
    }

    /// Returns the read-outs of a kind, with the names of phases as they are now.
    pub(super) fn readouts_of(&self, kind: &str) -> Vec<Readout> {
        let of_kind = self
            .readouts
            .iter()
            .filter(|((_, other), _)| **other == *kind);
        let readouts = of_kind.map(|((phase, _), readout)| Readout {
            phase: self.phase_name(phase),
            ..readout.clone()
        });
        readouts.collect()
    }

    /// Returns everything but read-outs.
    pub(super) fn batch(&self) -> Batch {
        let mut batch = Batch::default();
        for writer in self.writers.values() {
            batch.writer(writer);
        }
        for phase in self.phases.keys() {
            batch.phase(&self.phase_name(phase));
        }
        for track in self.tracks.keys() {
            batch.track(&self.track_name(track));
        }
        for goal in &self.goals {
            batch.goal(goal);
        }
        for segment in &self.segments {
            batch.segment(segment);
        }
        self.add_definitions(&mut batch);
        self.add_facts(&mut batch);
        self.add_sums(&mut batch);
        self.add_losses(&mut batch);
        batch.aside.clone_from(&self.aside);
        batch
    }

    /// Adds definitions and plans to a batch, and lists definitions without JSON.
    fn add_definitions(&self, batch: &mut Batch) {
        for ((phase, fingerprint), known) in &self.definitions {
            batch.definition(&self.definition_name(phase, *fingerprint));
            let phase = batch.phase(&self.phase_name(phase));
            let row = known.clone().map(|(first_at, json)| DefinitionRow {
                phase,
                fingerprint: *fingerprint,
                json,
                first_at,
            });
            batch.definitions.extend(row);
        }
        for (phase, PlanEntry { first_at, json }) in &self.plans {
            let row = PlanRow {
                phase: batch.phase(&self.phase_name(phase)),
                first_at: *first_at,
                json: Arc::clone(json),
            };
            batch.plans.push(row);
        }
    }

    /// Adds exposures, conversions, aliases, erasures and keys to a batch.
    fn add_facts(&self, batch: &mut Batch) {
        for (phase, rows) in &self.exposures {
            for ((unit, track), row) in rows {
                let track = self.track_name(&(phase.clone(), Arc::clone(track)));
                let definition = row
                    .definition
                    .map(|print| self.definition_name(phase, print));
                let exposure = ExposureRow {
                    track: batch.track(&track),
                    unit: *unit,
                    first_at: row.first_at,
                    coin: row.coin,
                    definition: definition.map(|definition| batch.definition(&definition)),
                    segment: row.segment.as_ref().map(|segment| batch.segment(segment)),
                    writer: self.writer_in(batch, &row.writer),
                };
                batch.exposures.push(exposure);
            }
        }
        for (goal, rows) in &self.conversions {
            for ((unit, idem), row) in rows {
                let conversion = ConversionRow {
                    goal: batch.goal(goal),
                    unit: *unit,
                    idem: *idem,
                    at: row.at,
                    value: row.value,
                    writer: self.writer_in(batch, &row.writer),
                };
                batch.conversions.push(conversion);
            }
        }
        for ((visitor, user), first_at) in &self.aliases {
            let (visitor, user, first_at) = (*visitor, *user, *first_at);
            batch.aliases.push(AliasRow {
                visitor,
                user,
                first_at,
            });
        }
        for (unit, at) in &self.erased {
            let (unit, at) = (*unit, *at);
            batch.erased.push(ErasedRow { unit, at });
        }
        for (unit, (kind, key)) in &self.raw_units {
            let (unit, kind, key) = (*unit, Arc::clone(kind), Arc::clone(key));
            batch.raw_units.push(RawUnitRow { unit, kind, key });
        }
    }

    /// Adds sums over requests to a batch.
    fn add_sums(&self, batch: &mut Batch) {
        for ((phase, track, bucket, writer), sums) in &self.sums {
            let track = self.track_name(&(phase.clone(), Arc::clone(track)));
            let row = SumRow {
                track: batch.track(&track),
                bucket: *bucket,
                writer: self.writer_in(batch, writer),
                sums: *sums,
            };
            batch.sums.push(row);
        }
    }

    /// Adds losses to a batch.
    fn add_losses(&self, batch: &mut Batch) {
        for (key, n) in &self.losses {
            let track = key.track.as_ref().map(|track| self.track_name(track));
            let row = LossRow {
                writer: self.writer_in(batch, &key.writer),
                track: track.map(|track| batch.track(&track)),
                goal: key.goal.as_ref().map(|goal| batch.goal(goal)),
                sink: Arc::clone(&key.sink),
                reason: Arc::clone(&key.reason),
                n: *n,
            };
            batch.losses.push(row);
        }
    }

    /// Returns the name of a definition by the key of its phase.
    fn definition_name(&self, phase: &PhaseKey, fingerprint: [u8; 32]) -> DefinitionName {
        DefinitionName {
            phase: self.phase_name(phase),
            fingerprint,
        }
    }

    /// Returns the index of a writer; each that a row refers to is in the table.
    fn writer_in(&self, batch: &mut Batch, uuid: &[u8; 16]) -> u32 {
        let writer = self.writers.get(uuid);
        writer.map_or(0, |writer| batch.writer(writer))
    }
}

impl RequestSums {
    /// Adds the sums of another writer.
    pub(crate) fn add(&mut self, other: &Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.errors = self.errors.saturating_add(other.errors);
        self.aborted = self.aborted.saturating_add(other.aborted);
        self.duration_us = self.duration_us.saturating_add(other.duration_us);
        self.duration_us_sq = self.duration_us_sq.saturating_add(other.duration_us_sq);
    }
}
