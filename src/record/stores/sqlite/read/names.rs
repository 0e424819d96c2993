use std::{collections::HashMap, sync::Arc};

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::{
    event::Goal,
    record::{DefinitionName, PhaseName, TrackName},
};

use super::super::{
    failure::Outcome,
    values::{foreign, goal},
};

/// All phases, sorted by set and number.
pub(super) fn phases(transaction: &Transaction<'_>) -> Outcome<Vec<(i64, PhaseName)>> {
    let all = "SELECT id, set_name, phase, unit_kind FROM phase ORDER BY set_name, phase";
    let mut statement = transaction.prepare(all)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, phase(row)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn phase(row: &Row<'_>) -> rusqlite::Result<PhaseName> {
    Ok(PhaseName {
        set: row.get(1)?,
        phase: row.get(2)?,
        kind: row.get(3)?,
    })
}

/// Returns the id of a phase that is known by its set and number, and its name as it is stored.
pub(super) fn find(
    transaction: &Transaction<'_>,
    name: &PhaseName,
) -> Outcome<Option<(i64, PhaseName)>> {
    let find =
        "SELECT id, set_name, phase, unit_kind FROM phase WHERE set_name = ?1 AND phase = ?2";
    let key = params![name.set, name.phase];
    let found = transaction.query_row(find, key, |row| Ok((row.get(0)?, phase(row)?)));
    Ok(found.optional()?)
}

/// Returns the tracks of a phase by id, sorted by name, control first.
pub(super) fn tracks_of(
    transaction: &Transaction<'_>,
    id: i64,
    phase: &PhaseName,
) -> Outcome<Vec<(i64, TrackName)>> {
    let all = "SELECT id, name, control FROM track WHERE phase_id = ?1 ORDER BY control DESC, name";
    let mut statement = transaction.prepare(all)?;
    let rows = statement.query_map([id], |row| {
        let track = TrackName {
            phase: phase.clone(),
            track: row.get(1)?,
            control: row.get(2)?,
        };
        Ok((row.get(0)?, track))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What rows refer to, by id.
pub(super) struct Named<T> {
    by_id: HashMap<i64, T>,
    what: &'static str,
}

impl<T> Named<T> {
    pub(super) fn new(what: &'static str, by_id: HashMap<i64, T>) -> Self {
        Self { by_id, what }
    }

    pub(super) fn get(&self, id: i64) -> Outcome<&T> {
        let error = || {
            foreign(format!(
                "a row refers to {} {id}, which is not there",
                self.what
            ))
        };
        self.by_id.get(&id).ok_or_else(|| error().into())
    }

    pub(super) fn optional(&self, id: Option<i64>) -> Outcome<Option<&T>> {
        id.map(|id| self.get(id)).transpose()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.by_id.values()
    }
}

/// All phases by id.
pub(super) fn named_phases(transaction: &Transaction<'_>) -> Outcome<Named<PhaseName>> {
    let phases = phases(transaction)?.into_iter().collect();
    Ok(Named::new("phase", phases))
}

/// All tracks by id.
pub(super) fn named_tracks(transaction: &Transaction<'_>) -> Outcome<Named<TrackName>> {
    let mut tracks = HashMap::new();
    for (id, phase) in phases(transaction)? {
        tracks.extend(tracks_of(transaction, id, &phase)?);
    }
    Ok(Named::new("track", tracks))
}

/// All goals by id.
pub(super) fn named_goals(transaction: &Transaction<'_>) -> Outcome<Named<Goal>> {
    let mut statement = transaction.prepare("SELECT id, name FROM goal")?;
    let mut rows = statement.query([])?;
    let mut goals = HashMap::new();
    while let Some(row) = rows.next()? {
        let name: Arc<str> = row.get(1)?;
        goals.insert(row.get(0)?, goal(&name)?);
    }
    Ok(Named::new("goal", goals))
}

/// All definitions by id, also those of which no more than the fingerprint is known.
pub(super) fn named_definitions(transaction: &Transaction<'_>) -> Outcome<Named<DefinitionName>> {
    let all = "SELECT definition.id, set_name, phase, unit_kind, fingerprint \
               FROM definition JOIN phase ON phase.id = phase_id";
    let mut statement = transaction.prepare(all)?;
    let rows = statement.query_map([], |row| {
        let definition = DefinitionName {
            phase: phase(row)?,
            fingerprint: row.get(4)?,
        };
        Ok((row.get(0)?, definition))
    })?;
    let definitions = rows.collect::<rusqlite::Result<_>>()?;
    Ok(Named::new("definition", definitions))
}

/// All segments by id.
pub(super) fn named_segments(transaction: &Transaction<'_>) -> Outcome<Named<Arc<str>>> {
    let mut statement = transaction.prepare("SELECT id, name FROM segment")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Named::new(
        "segment",
        rows.collect::<rusqlite::Result<_>>()?,
    ))
}
