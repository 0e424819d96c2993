//! Phases with their tracks, definitions and plans.
//!
//! A definition of which only the fingerprint is known is left out, until its JSON comes.

use rusqlite::Transaction;

use crate::store::catalog::{Definition, Phase, PlanEntry};

use super::names;
use crate::store::sqlite::{
    failure::Outcome,
    values::{json, time},
};

/// Without those of which no more than the fingerprint is known.
const DEFINITIONS: &str = "SELECT id, fingerprint, json, first_at FROM definition \
    WHERE phase_id = ?1 AND json IS NOT NULL ORDER BY first_at, fingerprint";

const PLANS: &str = "SELECT first_at, json FROM plan WHERE phase_id = ?1 ORDER BY first_at, json";

pub(in crate::store::sqlite) fn phases(transaction: &Transaction<'_>) -> Outcome<Vec<Phase>> {
    let phases = names::phases(transaction)?.into_iter();
    let phase = |(id, name)| {
        let tracks = names::tracks_of(transaction, id, &name)?.into_iter();
        let definitions = definitions_of(transaction, id)?.into_iter();
        Ok(Phase {
            tracks: tracks.map(|(_, track)| track).collect(),
            definitions: definitions.map(|(_, definition)| definition).collect(),
            plans: plans_of(transaction, id)?,
            name,
        })
    };
    phases.map(phase).collect()
}

/// Returns the definitions of a phase with their ids, the earliest first.
pub(super) fn definitions_of(
    transaction: &Transaction<'_>,
    phase: i64,
) -> Outcome<Vec<(i64, Definition)>> {
    let mut statement = transaction.prepare(DEFINITIONS)?;
    let rows = statement.query_map([phase], |row| {
        let (fingerprint, first_at) = (row.get(1)?, time(row, 3)?);
        let definition = json(row, 2)?.map(|json| Definition {
            fingerprint,
            json,
            first_at,
        });
        Ok((row.get(0)?, definition))
    })?;
    names::valid(rows)
}

fn plans_of(transaction: &Transaction<'_>, phase: i64) -> Outcome<Vec<PlanEntry>> {
    let mut statement = transaction.prepare(PLANS)?;
    let rows = statement.query_map([phase], |row| {
        let first_at = time(row, 0)?;
        Ok(json(row, 1)?.map(|json| PlanEntry { first_at, json }))
    })?;
    let plans = rows.filter_map(Result::transpose);
    Ok(plans.collect::<rusqlite::Result<_>>()?)
}
