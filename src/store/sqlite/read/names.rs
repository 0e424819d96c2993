//! Names by id, and the functions that read names from rows. The names of a file are few, so a dump
//! reads all of them first, and its statements need no joins.
//!
//! A name that is not allowed is `None`, and the rows that refer to it are left out. An id without
//! a row is an error: no version of this crate leaves one.

use std::{collections::HashMap, sync::Arc};

use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::{
    event::Goal,
    store::facts::{DefinitionName, PhaseName, TrackName},
};

use crate::store::sqlite::{
    failure::Outcome,
    values::{foreign, text, utf8},
};

/// All phases, sorted by set and number.
pub(super) fn phases(transaction: &Transaction<'_>) -> Outcome<Vec<(i64, PhaseName)>> {
    let all = "SELECT set_name, phase, unit_kind, id FROM phase ORDER BY set_name, phase";
    let mut statement = transaction.prepare(all)?;
    let rows = statement.query_map([], |row| Ok((row.get(3)?, phase(row, 0)?)))?;
    valid(rows)
}

/// Reads a phase from its set, number and kind; `None` where one of them is not allowed.
pub(super) fn phase(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<PhaseName>> {
    let parts = utf8(row, first)?.zip(utf8(row, first + 2)?);
    let number: i64 = row.get(first + 1)?;
    Ok(parts.and_then(|(set, kind)| PhaseName::checked(set, number, kind)))
}

/// Reads a track from those of its phase, its name and whether it is control.
pub(super) fn track(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<TrackName>> {
    let parts = phase(row, first)?.zip(utf8(row, first + 3)?);
    let control = row.get(first + 4)?;
    Ok(parts.and_then(|(phase, track)| TrackName::checked(&phase, track, control)))
}

/// Reads the name of a goal.
pub(super) fn goal(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Goal>> {
    Ok(utf8(row, column)?.and_then(|name| Goal::new(name).ok()))
}

/// Leaves out what has no valid name.
pub(super) fn valid<K, T, C: FromIterator<(K, T)>>(
    rows: impl Iterator<Item = rusqlite::Result<(K, Option<T>)>>,
) -> Outcome<C> {
    let valid = |row: rusqlite::Result<(K, Option<T>)>| {
        row.map(|(key, name)| Some((key, name?))).transpose()
    };
    Ok(rows.filter_map(valid).collect::<rusqlite::Result<_>>()?)
}

/// Returns the id of a phase that is known by its set and number, and its name as it is stored.
pub(super) fn find(
    transaction: &Transaction<'_>,
    name: &PhaseName,
) -> Outcome<Option<(i64, PhaseName)>> {
    let find =
        "SELECT set_name, phase, unit_kind, id FROM phase WHERE set_name = ?1 AND phase = ?2";
    let key = params![name.set, name.phase];
    let found = transaction.query_row(find, key, |row| Ok((row.get(3)?, phase(row, 0)?)));
    let found = found.optional()?;
    Ok(found.and_then(|(id, name)| Some((id, name?))))
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
        let (name, control) = (utf8(row, 1)?, row.get(2)?);
        let track = name.and_then(|name| TrackName::checked(phase, name, control));
        Ok((row.get(0)?, track))
    })?;
    valid(rows)
}

/// What rows refer to, by id.
pub(super) struct Named<T> {
    /// `None` if the name is invalid: rows that refer to it are left out.
    by_id: HashMap<i64, Option<T>>,
    what: &'static str,
}

impl<T> Named<T> {
    pub(super) fn new(what: &'static str, by_id: HashMap<i64, Option<T>>) -> Self {
        Self { by_id, what }
    }

    /// Returns what an id is of, if that has a valid name.
    pub(super) fn get(&self, id: i64) -> Outcome<Option<&T>> {
        let error = || {
            foreign(format!(
                "a row refers to {} {id}, which is not there",
                self.what
            ))
        };
        let found = self.by_id.get(&id).ok_or_else(error)?;
        Ok(found.as_ref())
    }

    /// Returns `None` where there is an id, and what it is of has no valid name.
    pub(super) fn optional(&self, id: Option<i64>) -> Outcome<Option<Option<&T>>> {
        match id {
            None => Ok(Some(None)),
            Some(id) => Ok(self.get(id)?.map(Some)),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.by_id.values().flatten()
    }
}

/// Reads all of a table by id, which is the last column.
pub(super) fn named<T>(
    transaction: &Transaction<'_>,
    (what, all): (&'static str, &str),
    read: impl Fn(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> Outcome<Named<T>> {
    let mut statement = transaction.prepare(all)?;
    let id = statement.column_count() - 1;
    let rows = statement.query_map([], |row| Ok((row.get(id)?, read(row)?)))?;
    Ok(Named::new(what, rows.collect::<rusqlite::Result<_>>()?))
}

/// All phases by id.
pub(super) fn named_phases(transaction: &Transaction<'_>) -> Outcome<Named<PhaseName>> {
    let all = "SELECT set_name, phase, unit_kind, id FROM phase";
    named(transaction, ("phase", all), |row| phase(row, 0))
}

/// All tracks by id.
pub(super) fn named_tracks(transaction: &Transaction<'_>) -> Outcome<Named<TrackName>> {
    let all = "SELECT set_name, phase, unit_kind, name, control, track.id \
               FROM track JOIN phase ON phase.id = phase_id";
    named(transaction, ("track", all), |row| track(row, 0))
}

/// All goals by id.
pub(super) fn named_goals(transaction: &Transaction<'_>) -> Outcome<Named<Goal>> {
    let all = "SELECT name, id FROM goal";
    named(transaction, ("goal", all), |row| goal(row, 0))
}

/// All definitions by id, also those of which no more than the fingerprint is known.
pub(super) fn named_definitions(transaction: &Transaction<'_>) -> Outcome<Named<DefinitionName>> {
    let all = "SELECT set_name, phase, unit_kind, fingerprint, definition.id \
               FROM definition JOIN phase ON phase.id = phase_id";
    named(transaction, ("definition", all), |row| {
        let fingerprint = row.get(3)?;
        Ok(phase(row, 0)?.map(|phase| DefinitionName { phase, fingerprint }))
    })
}

/// All segments by id.
pub(super) fn named_segments(transaction: &Transaction<'_>) -> Outcome<Named<Arc<str>>> {
    let all = "SELECT name, id FROM segment";
    named(transaction, ("segment", all), |row| text(row, 0))
}
