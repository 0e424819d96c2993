//! The queries of the store in memory, as loops over its tables.
//!
//! Each is written for clarity: the other stores are tested against its answers. It copies names as
//! `Arc`s, and sorts where the order of a table is not the order of an answer.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    assign::DEFAULT_UNIT,
    event::Goal,
    store::{
        attribution::{
            Attribution, ExposedUnit, Exposures, Listed, OfPhase, Question, ReachedGoal,
            all_interleaved, fold, joint,
        },
        catalog::{Definition, History, LatencyCounts, Loss, Phase, PlanEntry, Readout},
        error::StoreError,
        facts::{Batch, PhaseName, RequestSums, TrackName},
        timestamp::Timestamp,
    },
    unit::Unit,
};

use super::tables::{PhaseKey, Tables, key};

impl Tables {
    /// Returns all phases, in the order of set and number.
    pub(super) fn phases(&self) -> Vec<Phase> {
        let phase = |(phase, index): (&PhaseKey, &u32)| Phase {
            name: self.names.phases()[*index as usize].clone(),
            tracks: self.tracks_of(phase),
            definitions: self.definitions_of(phase),
            plans: self.plans_of(phase),
        };
        self.phases.iter().map(phase).collect()
    }

    /// Returns the tracks of a phase, control first.
    fn tracks_of(&self, phase: &PhaseKey) -> Vec<TrackName> {
        let tracks = self.tracks.iter().filter(|((other, _), _)| other == phase);
        let tracks = tracks.map(|(_, index)| self.names.tracks()[*index as usize].clone());
        let mut tracks: Vec<_> = tracks.collect();
        tracks.sort_by_key(|track| (!track.control, Arc::clone(&track.track)));
        tracks
    }

    /// Returns the definitions of a phase with their JSON, the earliest first. One that only
    /// exposures name has no JSON, and is left out.
    fn definitions_of(&self, phase: &PhaseKey) -> Vec<Definition> {
        let known = self.definitions.iter();
        let rows = known.filter(|((other, _), _)| other == phase);
        let definitions = rows
            .map(|(_, row)| Definition::new(row.fingerprint, Arc::clone(&row.json), row.first_at));
        let mut definitions: Vec<_> = definitions.collect();
        definitions.sort_by_key(|definition| (definition.first_at, definition.fingerprint));
        definitions
    }

    /// Returns the plans of a phase; the table is in the order of their time.
    fn plans_of(&self, phase: &PhaseKey) -> Vec<PlanEntry> {
        let plans = self.plans.keys().filter(|(other, _)| other == phase);
        plans.map(|(_, plan)| plan.clone()).collect()
    }

    /// Returns the goals with a conversion or a lost conversion, sorted.
    pub(super) fn recorded_goals(&self) -> Vec<Goal> {
        // An erasure deletes the conversions of a goal, but not the goal.
        let reached = self.conversions.iter().filter(|(_, rows)| !rows.is_empty());
        let lost = self.losses.keys();
        let lost = lost.filter_map(|(loss, _)| loss.goal.as_ref());
        let goals: BTreeSet<&Goal> = reached.map(|(goal, _)| goal).chain(lost).collect();
        goals.into_iter().cloned().collect()
    }

    /// Passes exposures and conversions to the fold. The keys of the tables begin with the unit, so
    /// the rows come in its order.
    pub(super) fn attribute(&self, question: &Question) -> Result<Option<Attribution>, StoreError> {
        let names = question.names().map(key);
        let phases: Vec<PhaseKey> = names
            .filter(|phase| self.phases.contains_key(phase))
            .collect();
        let Some(index) = phases.first().and_then(|phase| self.phases.get(phase)) else {
            return Ok(None);
        };
        let (tracks, definitions) = self.lists_of(&phases);
        let exposed_in = |phase| -> Exposures<'_> {
            Box::new(self.exposed_in(phase, &tracks, &definitions).map(Ok))
        };
        let exposures = all_interleaved(phases.iter().map(exposed_in));
        let beside = question.beside.iter().map(key);
        let beside: Vec<PhaseKey> = beside.collect();
        let (other_tracks, _) = self.lists_of(&beside);
        let is_visitor = *self.names.phases()[*index as usize].kind == *DEFAULT_UNIT;
        let conversions = question.streams().into_iter().map(|goal| {
            let rows = self.conversions_of(goal, is_visitor).into_iter().map(Ok);
            Box::new(rows) as Box<dyn Iterator<Item = _>>
        });
        let mut listed = Listed {
            tracks: &tracks,
            definitions: &definitions,
            segments: self.names.segments(),
        };
        let exposures = match beside.is_empty() {
            true => exposures,
            false => {
                listed.segments = &other_tracks;
                let exposed_in = |phase| -> Exposures<'_> {
                    Box::new(self.exposed_in(phase, &other_tracks, &[]).map(Ok))
                };
                let others = OfPhase {
                    exposures: all_interleaved(beside.iter().map(exposed_in)),
                    tracks: &other_tracks,
                };
                let own = OfPhase {
                    exposures,
                    tracks: &tracks,
                };
                joint(own, others, question)
            }
        };
        fold(question, listed, exposures, conversions.collect()).map(Some)
    }

    /// Returns the exposures of a phase under one name, with the places of tracks and definitions.
    fn exposed_in<'a>(
        &'a self,
        phase: &PhaseKey,
        tracks: &'a [Arc<str>],
        definitions: &'a [Definition],
    ) -> impl Iterator<Item = ExposedUnit> + use<'a> {
        let own = self.definitions_of(phase);
        let place = move |index: u32| {
            let named = self.names.definition_names()[index as usize].fingerprint;
            let is_it = |known: &Definition| known.fingerprint == named;
            // One that has no JSON under this name is not known under it.
            own.iter().find(|known| is_it(known))?;
            definitions.iter().position(is_it)
        };
        let rows = self.exposures.get(phase).into_iter().flatten();
        rows.map(move |((unit, track), row)| ExposedUnit {
            unit: *unit,
            track: tracks
                .iter()
                .position(|name| name == track)
                .unwrap_or(usize::MAX),
            first_at: row.first_at,
            coin: row.coin,
            definition: row.definition.and_then(&place),
            segment: row.segment.map(|index| index as usize),
        })
    }

    /// Returns the tracks and the definitions of a phase under all names of its set, each once.
    fn lists_of(&self, phases: &[PhaseKey]) -> (Vec<Arc<str>>, Vec<Definition>) {
        let mut tracks: Vec<Arc<str>> = Vec::new();
        for TrackName { track, .. } in phases.iter().flat_map(|phase| self.tracks_of(phase)) {
            if !tracks.contains(&track) {
                tracks.push(track);
            }
        }
        let definitions = phases.iter().flat_map(|phase| self.definitions_of(phase));
        let mut definitions: Vec<Definition> = definitions.collect();
        definitions.sort_by_key(|known| (known.first_at, known.fingerprint));
        let mut known = BTreeSet::new();
        definitions.retain(|definition| known.insert(definition.fingerprint));
        (tracks, definitions)
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
            // An alias leads to a visitor, and a set by another kind has no visitors.
            let visitor = is_visitor.then(|| self.visitor(*unit, row.at)).flatten();
            let by_alias = visitor.map(|unit| ReachedGoal { unit, ..reached });
            std::iter::once(reached).chain(by_alias)
        });
        let mut rows: Vec<ReachedGoal> = rows.collect();
        // Visitors by alias do not come in the order of their users.
        rows.sort_unstable();
        rows
    }

    /// Returns the visitor of the latest alias that is not after a time; of several the least.
    fn visitor(&self, user: Unit, at: Timestamp) -> Option<Unit> {
        let aliases = self.aliases.values();
        let known = aliases.filter(|row| row.user == user && row.first_at <= at);
        let latest = known.max_by_key(|row| (row.first_at, Reverse(row.visitor)));
        latest.map(|row| row.visitor)
    }

    /// Returns the sums of a phase by track and bucket, over all writers.
    pub(super) fn sums_of(&self, phase: &PhaseName) -> BTreeMap<(TrackName, u16), RequestSums> {
        let phase = key(phase);
        let mut sums: BTreeMap<_, RequestSums> = BTreeMap::new();
        for (((other, _), bucket, _), row) in &self.sums {
            if *other == phase {
                let track = self.names.tracks()[row.track as usize].clone();
                sums.entry((track, *bucket)).or_default().add(&row.sums);
            }
        }
        sums
    }

    /// Returns the number of requests of a phase by duration, over all writers.
    pub(super) fn latencies_of(&self, phase: &PhaseName) -> LatencyCounts {
        let phase = key(phase);
        let mut counts = LatencyCounts::new();
        for (((other, _), group, bin, _), row) in &self.latencies {
            if *other == phase && row.requests > 0 {
                let track = self.names.tracks()[row.track as usize].clone();
                let sum = counts.entry((track, *group, *bin)).or_default();
                *sum = sum.saturating_add(row.requests);
            }
        }
        counts
    }

    /// Returns the losses over all writers.
    pub(super) fn all_losses(&self) -> Vec<Loss> {
        let mut losses: BTreeMap<&Loss, u64> = BTreeMap::new();
        for ((loss, _), row) in &self.losses {
            let sum = losses.entry(loss).or_default();
            *sum = sum.saturating_add(row.n);
        }
        let losses = losses.into_iter();
        losses.map(|(loss, n)| Loss { n, ..loss.clone() }).collect()
    }

    /// Returns all facts of a unit. It scans all rows.
    pub(super) fn history(&self, unit: Unit) -> History {
        let raw = self.raw_units.get(&unit);
        let mut history = History {
            raw: raw.map(|row| (Arc::clone(&row.kind), Arc::clone(&row.key))),
            erased_at: self.erased.get(&unit).map(|row| row.at),
            ..History::default()
        };
        for row in self.exposures.values().flat_map(|rows| rows.values()) {
            if row.unit == unit {
                let track = self.track_of(row).clone();
                history.exposures.push((row.first_at, track, row.coin));
            }
        }
        for (goal, rows) in &self.conversions {
            for (_, row) in rows.iter().filter(|((other, _), _)| *other == unit) {
                history.conversions.push((row.at, goal.clone(), row.value));
            }
        }
        for row in self.aliases.values() {
            if row.visitor == unit {
                history.aliases.push((row.first_at, row.user));
            } else if row.user == unit {
                history.aliases.push((row.first_at, row.visitor));
            }
        }
        // The tables are ordered by names first, and a history by time.
        history.exposures.sort();
        history.conversions.sort();
        history.aliases.sort();
        history
    }

    /// Returns the read-outs of a kind.
    pub(super) fn readouts_of(&self, kind: &str) -> Vec<Readout> {
        let readouts = self
            .readouts
            .values()
            .filter(|readout| *readout.kind == *kind);
        readouts.cloned().collect()
    }

    /// Returns everything but read-outs.
    pub(super) fn batch(&self) -> Batch {
        let mut batch = self.names.clone();
        batch.definitions.extend(self.definitions.values().cloned());
        batch.plans.extend(self.plans.values().cloned());
        let exposures = self.exposures.values().flat_map(|rows| rows.values());
        batch.exposures.extend(exposures);
        let conversions = self.conversions.values().flat_map(|rows| rows.values());
        batch.conversions.extend(conversions);
        batch.aliases.extend(self.aliases.values());
        batch.sums.extend(self.sums.values());
        batch.latencies.extend(self.latencies.values());
        batch.losses.extend(self.losses.values().cloned());
        batch.erased.extend(self.erased.values());
        batch.raw_units.extend(self.raw_units.values().cloned());
        batch.aside.clone_from(&self.aside);
        batch
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
