//! The ids of names. A program writes the same few names again and again, so the ids are kept for
//! the next batch; they are forgotten after a rollback.
//!
//! An id is valid in one file only. Names are never deleted, so a kept id stays right as long as
//! the file does.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    sync::Arc,
};

use rusqlite::{OptionalExtension, Params, Transaction, params};

use crate::{
    event::Goal,
    store::{
        facts::{Batch, PhaseName, TrackName, WriterRow},
        sql::Listed,
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

impl Ids {
    /// Takes in what rows refer to.
    pub(super) fn list(
        &mut self,
        transaction: &Transaction<'_>,
        batch: &Batch,
    ) -> Outcome<Listed<i64>> {
        Ok(Listed {
            writers: each(batch.writers(), |writer| self.writer(transaction, writer))?,
            phases: each(batch.phases(), |phase| self.phase(transaction, phase))?,
            tracks: each(batch.tracks(), |track| self.track(transaction, track))?,
            goals: each(batch.goals(), |goal| self.goal(transaction, goal))?,
            definitions: each(batch.definition_names(), |name| {
                let phase = self.phase(transaction, &name.phase)?;
                self.definition(transaction, phase, name.fingerprint)
            })?,
            segments: each(batch.segments(), |name| self.segment(transaction, name))?,
        })
    }

    /// Returns the id of a writer, which is inserted if it is new. The same holds for the functions
    /// that follow.
    fn writer(&mut self, transaction: &Transaction<'_>, writer: &WriterRow) -> Outcome<i64> {
        kept(&mut self.writers, writer.uuid, || {
            let find = "SELECT id FROM writer WHERE uuid = ?1";
            find_or(transaction, find, [writer.uuid], || {
                let insert = "INSERT INTO writer (uuid, node, started_at) VALUES (?1, ?2, ?3)";
                let started_at = writer.started_at.as_micros();
                transaction.execute(insert, params![writer.uuid, writer.node, started_at])
            })
        })
    }

    pub(super) fn phase(
        &mut self,
        transaction: &Transaction<'_>,
        PhaseName { set, phase, kind }: &PhaseName,
    ) -> Outcome<i64> {
        kept(&mut self.phases, (Arc::clone(set), *phase), || {
            let find = "SELECT id FROM phase WHERE set_name = ?1 AND phase = ?2";
            find_or(transaction, find, params![set, phase], || {
                let insert = "INSERT INTO phase (set_name, phase, unit_kind) VALUES (?1, ?2, ?3)";
                transaction.execute(insert, params![set, phase, kind])
            })
        })
    }

    fn track(&mut self, transaction: &Transaction<'_>, track: &TrackName) -> Outcome<(i64, i64)> {
        let phase = self.phase(transaction, &track.phase)?;
        let name = &track.track;
        let id = kept(&mut self.tracks, (phase, Arc::clone(name)), || {
            let find = "SELECT id FROM track WHERE phase_id = ?1 AND name = ?2";
            find_or(transaction, find, params![phase, name], || {
                let insert = "INSERT INTO track (phase_id, name, control) VALUES (?1, ?2, ?3)";
                transaction.execute(insert, params![phase, name, track.control])
            })
        })?;
        Ok((phase, id))
    }

    fn goal(&mut self, transaction: &Transaction<'_>, goal: &Goal) -> Outcome<i64> {
        kept(&mut self.goals, goal.clone(), || {
            let find = "SELECT id FROM goal WHERE name = ?1";
            find_or(transaction, find, [goal.as_str()], || {
                transaction.execute("INSERT INTO goal (name) VALUES (?1)", [goal.as_str()])
            })
        })
    }

    /// Returns the id of a definition, be there no more than its fingerprint.
    pub(super) fn definition(
        &mut self,
        transaction: &Transaction<'_>,
        phase: i64,
        fingerprint: [u8; 32],
    ) -> Outcome<i64> {
        kept(&mut self.definitions, (phase, fingerprint), || {
            let key = params![phase, fingerprint];
            let find = "SELECT id FROM definition WHERE phase_id = ?1 AND fingerprint = ?2";
            find_or(transaction, find, key, || {
                let insert = "INSERT INTO definition (phase_id, fingerprint) VALUES (?1, ?2)";
                transaction.execute(insert, key)
            })
        })
    }

    fn segment(&mut self, transaction: &Transaction<'_>, segment: &Arc<str>) -> Outcome<i64> {
        kept(&mut self.segments, Arc::clone(segment), || {
            let find = "SELECT id FROM segment WHERE name = ?1";
            find_or(transaction, find, [segment], || {
                transaction.execute("INSERT INTO segment (name) VALUES (?1)", [segment])
            })
        })
    }
}

/// Returns the ids of the items of a list.
fn each<T, I>(items: &[T], id: impl FnMut(&T) -> Outcome<I>) -> Outcome<Vec<I>> {
    items.iter().map(id).collect()
}

/// Returns the kept id of a key, or one that is found and kept.
fn kept<K: Eq + Hash>(
    ids: &mut HashMap<K, i64>,
    key: K,
    find: impl FnOnce() -> Outcome<i64>,
) -> Outcome<i64> {
    match ids.entry(key) {
        Entry::Occupied(known) => Ok(*known.get()),
        // Kept before the commit: if the transaction fails, the writer forgets all ids.
        Entry::Vacant(unknown) => Ok(*unknown.insert(find()?)),
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
