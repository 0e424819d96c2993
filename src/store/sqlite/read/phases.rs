//! Phases with their tracks, definitions and plans, and goals.
//!
//! A definition of which only the fingerprint is known is left out, until its JSON comes.

use std::sync::Arc;

use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    event::Goal,
    store::{
        catalog::{Definition, Phase, Readout},
        facts::{PhaseName, TrackName},
        sql::{Columns, Name, answers},
    },
};

use crate::store::sqlite::{failure::Outcome, values::valid};

/// Returns all phases, sorted by set and number.
pub(in crate::store::sqlite) fn phases(transaction: &Transaction<'_>) -> Outcome<Vec<Phase>> {
    let mut statement = transaction.prepare(answers::PHASES)?;
    let named: Vec<_> = valid(statement.query([])?, with_id)?;
    let phase = |(id, name)| {
        let tracks = tracks_of(transaction, id)?.into_iter();
        let definitions = definitions_of(transaction, id)?.into_iter();
        let mut plans = transaction.prepare(answers::PLANS)?;
        Ok(Phase {
            name,
            tracks: tracks.map(|(_, track)| track).collect(),
            definitions: definitions.map(|(_, definition)| definition).collect(),
            plans: valid(plans.query([id])?, answers::plan)?,
        })
    };
    named.into_iter().map(phase).collect()
}

/// Returns the id of a phase that is known by its set and number, and its name as it is stored.
pub(super) fn find(
    transaction: &Connection,
    name: &PhaseName,
) -> Outcome<Option<(i64, PhaseName)>> {
    let mut statement = transaction.prepare(answers::PHASE)?;
    let mut rows = statement.query(params![name.set, name.phase])?;
    rows.next()?.map_or(Ok(None), with_id)
}

/// Reads a phase and its id.
fn with_id(row: &Row<'_>) -> Outcome<Option<(i64, PhaseName)>> {
    Ok(Some(row.id(3)?).zip(row.phase(0)?))
}

/// Returns the tracks of a phase with their ids, control first.
pub(super) fn tracks_of(transaction: &Connection, phase: i64) -> Outcome<Vec<(i64, TrackName)>> {
    let mut statement = transaction.prepare(answers::TRACKS)?;
    valid(statement.query([phase])?, |row| {
        Ok(Some(row.id(5)?).zip(row.track(0)?))
    })
}

/// Returns the definitions of a phase with their ids, the earliest first.
pub(super) fn definitions_of(
    transaction: &Connection,
    phase: i64,
) -> Outcome<Vec<(i64, Definition)>> {
    let mut statement = transaction.prepare(answers::DEFINITIONS)?;
    valid(statement.query([phase])?, |row| {
        Ok(Some(row.id(3)?).zip(answers::definition(row, 0)?))
    })
}

/// Returns all segments with their ids.
pub(super) fn segments(transaction: &Connection) -> Outcome<Vec<(i64, Arc<str>)>> {
    let mut statement = transaction.prepare(<Arc<str> as Name>::ALL)?;
    valid(statement.query([])?, |row| {
        Ok(Some(row.id(0)?).zip(row.text(1)?))
    })
}

/// Returns all goals with a conversion or a lost conversion, sorted.
pub(in crate::store::sqlite) fn goals(transaction: &Transaction<'_>) -> Outcome<Vec<Goal>> {
    let mut statement = transaction.prepare(answers::GOALS)?;
    valid(statement.query([])?, |row| row.goal(0))
}

/// Returns the read-outs of one kind.
pub(in crate::store::sqlite) fn readouts(
    transaction: &Transaction<'_>,
    kind: &str,
) -> Outcome<Vec<Readout>> {
    let mut statement = transaction.prepare(answers::READOUTS)?;
    valid(statement.query([kind])?, answers::readout)
}
