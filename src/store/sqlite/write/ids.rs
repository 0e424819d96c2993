//! The ids of names. A program writes the same few names again and again, so the ids are kept for
//! the next batch; they are forgotten after a rollback.
//!
//! An id is valid in one file only. Names are never deleted, so a kept id stays right as long as
//! the file does.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{OptionalExtension, Params, Transaction, params};

use crate::{
    event::Goal,
    store::{
        error::{StoreError, StoreErrorKind},
        facts::{Batch, DefinitionName, PhaseName, TrackName, WriterRow},
    },
};

use crate::store::sqlite::failure::Outcome;

/// The ids of what rows refer to, as far as they are known. No such row is ever deleted.
#[derive(Default)]
pub(in crate::store::sqlite) struct Ids {
    /// By their random id.
    writers: HashMap<[u8; 16], i64>,
    /// By set and number.
    phases: HashMap<(Arc<str>, u32), i64>,
    /// By the id of the phase, and the name.
    tracks: HashMap<(i64, Arc<str>), i64>,
    goals: HashMap<Goal, i64>,
    /// By the id of the phase, and the fingerprint.
    definitions: HashMap<(i64, [u8; 32]), i64>,
    segments: HashMap<Arc<str>, i64>,
}

/// The ids of what a batch lists, by their indices.
pub(super) struct Listed {
    writers: Vec<i64>,
    phases: Vec<i64>,
    /// With the ids of their phases.
    tracks: Vec<(i64, i64)>,
    goals: Vec<i64>,
    definitions: Vec<i64>,
    segments: Vec<i64>,
}

impl Listed {
    pub(super) fn writer(&self, index: u32) -> Outcome<i64> {
        at(&self.writers, index)
    }

    pub(super) fn phase(&self, index: u32) -> Outcome<i64> {
        at(&self.phases, index)
    }

    /// Returns the ids of the phase and of the track.
    pub(super) fn track(&self, index: u32) -> Outcome<(i64, i64)> {
        at(&self.tracks, index)
    }

    pub(super) fn goal(&self, index: u32) -> Outcome<i64> {
        at(&self.goals, index)
    }

    pub(super) fn definition(&self, index: u32) -> Outcome<i64> {
        at(&self.definitions, index)
    }

    pub(super) fn segment(&self, index: u32) -> Outcome<i64> {
        at(&self.segments, index)
    }
}

/// Returns the id at an index, or an error if the batch does not list it.
fn at<T: Copy>(ids: &[T], index: u32) -> Outcome<T> {
    let message = "a row of a batch refers to what the batch does not list";
    let error = || StoreError::new(StoreErrorKind::Refused, message).into();
    ids.get(index as usize).copied().ok_or_else(error)
}

impl Ids {
    /// Takes in what rows refer to.
    pub(super) fn list(&mut self, transaction: &Transaction<'_>, batch: &Batch) -> Outcome<Listed> {
        let (writers, goals) = (batch.writers().iter(), batch.goals().iter());
        let (phases, tracks) = (batch.phases().iter(), batch.tracks().iter());
        let definitions = batch.definition_names().iter();
        let segments = batch.segments().iter();
        Ok(Listed {
            writers: writers
                .map(|writer| self.writer(transaction, writer))
                .collect::<Outcome<_>>()?,
            phases: phases
                .map(|phase| self.phase(transaction, phase))
                .collect::<Outcome<_>>()?,
            tracks: tracks
                .map(|track| self.track(transaction, track))
                .collect::<Outcome<_>>()?,
            goals: goals
                .map(|goal| self.goal(transaction, goal))
                .collect::<Outcome<_>>()?,
            definitions: definitions
                .map(|definition| self.definition_named(transaction, definition))
                .collect::<Outcome<_>>()?,
            segments: segments
                .map(|segment| self.segment(transaction, segment))
                .collect::<Outcome<_>>()?,
        })
    }

    /// Returns the id of a writer, which is inserted if it is new. The same holds for the functions
    /// that follow.
    fn writer(&mut self, transaction: &Transaction<'_>, writer: &WriterRow) -> Outcome<i64> {
        if let Some(id) = self.writers.get(&writer.uuid) {
            return Ok(*id);
        }
        let find = "SELECT id FROM writer WHERE uuid = ?1";
        let id = find_or(transaction, find, [writer.uuid], || {
            let insert = "INSERT INTO writer (uuid, node, started_at) VALUES (?1, ?2, ?3)";
            let started_at = writer.started_at.as_micros();
            transaction.execute(insert, params![writer.uuid, writer.node, started_at])
        })?;
        self.writers.insert(writer.uuid, id);
        Ok(id)
    }

    pub(super) fn phase(
        &mut self,
        transaction: &Transaction<'_>,
        phase: &PhaseName,
    ) -> Outcome<i64> {
        let key = (Arc::clone(&phase.set), phase.phase);
        if let Some(id) = self.phases.get(&key) {
            return Ok(*id);
        }
        let find = "SELECT id FROM phase WHERE set_name = ?1 AND phase = ?2";
        let id = find_or(transaction, find, params![phase.set, phase.phase], || {
            let insert = "INSERT INTO phase (set_name, phase, unit_kind) VALUES (?1, ?2, ?3)";
            transaction.execute(insert, params![phase.set, phase.phase, phase.kind])
        })?;
        self.phases.insert(key, id);
        Ok(id)
    }

    fn track(&mut self, transaction: &Transaction<'_>, track: &TrackName) -> Outcome<(i64, i64)> {
        let phase = self.phase(transaction, &track.phase)?;
        let key = (phase, Arc::clone(&track.track));
        if let Some(id) = self.tracks.get(&key) {
            return Ok((phase, *id));
        }
        let find = "SELECT id FROM track WHERE phase_id = ?1 AND name = ?2";
        let id = find_or(transaction, find, params![phase, track.track], || {
            let insert = "INSERT INTO track (phase_id, name, control) VALUES (?1, ?2, ?3)";
            transaction.execute(insert, params![phase, track.track, track.control])
        })?;
        self.tracks.insert(key, id);
        Ok((phase, id))
    }

    fn goal(&mut self, transaction: &Transaction<'_>, goal: &Goal) -> Outcome<i64> {
        if let Some(id) = self.goals.get(goal) {
            return Ok(*id);
        }
        let find = "SELECT id FROM goal WHERE name = ?1";
        let id = find_or(transaction, find, [goal.as_str()], || {
            let insert = "INSERT INTO goal (name) VALUES (?1)";
            transaction.execute(insert, [goal.as_str()])
        })?;
        self.goals.insert(goal.clone(), id);
        Ok(id)
    }
}

impl Ids {
    /// Returns the id of a definition by its name.
    fn definition_named(
        &mut self,
        transaction: &Transaction<'_>,
        definition: &DefinitionName,
    ) -> Outcome<i64> {
        let phase = self.phase(transaction, &definition.phase)?;
        self.definition(transaction, phase, definition.fingerprint)
    }

    /// Returns the id of a definition, be there no more than its fingerprint.
    pub(super) fn definition(
        &mut self,
        transaction: &Transaction<'_>,
        phase: i64,
        fingerprint: [u8; 32],
    ) -> Outcome<i64> {
        if let Some(id) = self.definitions.get(&(phase, fingerprint)) {
            return Ok(*id);
        }
        let find = "SELECT id FROM definition WHERE phase_id = ?1 AND fingerprint = ?2";
        let id = find_or(transaction, find, params![phase, fingerprint], || {
            let insert = "INSERT INTO definition (phase_id, fingerprint) VALUES (?1, ?2)";
            transaction.execute(insert, params![phase, fingerprint])
        })?;
        self.definitions.insert((phase, fingerprint), id);
        Ok(id)
    }

    fn segment(&mut self, transaction: &Transaction<'_>, segment: &Arc<str>) -> Outcome<i64> {
        if let Some(id) = self.segments.get(segment) {
            return Ok(*id);
        }
        let find = "SELECT id FROM segment WHERE name = ?1";
        let id = find_or(transaction, find, [segment], || {
            let insert = "INSERT INTO segment (name) VALUES (?1)";
            transaction.execute(insert, [segment])
        })?;
        self.segments.insert(Arc::clone(segment), id);
        Ok(id)
    }
}

/// Returns the id of a row, which is inserted if there is none.
fn find_or(
    transaction: &Transaction<'_>,
    find: &str,
    key: impl Params,
    insert: impl FnOnce() -> rusqlite::Result<usize>,
) -> Outcome<i64> {
    let found = transaction.query_row(find, key, |row| row.get(0));
    if let Some(id) = found.optional()? {
        return Ok(id);
    }
    insert()?;
    Ok(transaction.last_insert_rowid())
}
