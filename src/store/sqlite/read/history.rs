//! The facts of one unit, sorted and limited by SQLite.
//!
//! The primary keys begin with phase or goal, so the statements name all phases and goals: SQLite
//! then looks up the unit in each instead of reading the table.

use rusqlite::{OptionalExtension, Params, Row, Transaction};

use crate::{
    event::Goal,
    store::{catalog::History, facts::TrackName, timestamp::Timestamp},
    unit::Unit,
};

use super::names;
use crate::store::sqlite::{
    failure::Outcome,
    values::{blob, text, time, unit},
};

/// A part of the facts of each kind: so many, after the first.
#[derive(Clone, Copy)]
pub(in crate::store::sqlite) struct Part {
    pub(in crate::store::sqlite) from: usize,
    pub(in crate::store::sqlite) limit: usize,
}

/// The keys of exposures and conversions begin with phase and goal, hence the lists of those. The
/// order is that of `History`.
const EXPOSURES: &str = "SELECT first_at, track_id, coin FROM exposure \
    JOIN phase ON phase.id = exposure.phase_id JOIN track ON track.id = track_id \
    WHERE exposure.phase_id IN (SELECT id FROM phase) AND unit = ?1 \
    ORDER BY first_at, set_name, phase, unit_kind, track.name, control, coin LIMIT ?2 OFFSET ?3";

const CONVERSIONS: &str = "SELECT at, goal_id, value FROM conversion \
    JOIN goal ON goal.id = goal_id \
    WHERE goal_id IN (SELECT id FROM goal) AND unit = ?1 \
    ORDER BY at, name, value LIMIT ?2 OFFSET ?3";

const ALIASES: &str = "SELECT first_at, iif(visitor = ?1, user, visitor) AS other FROM alias \
    WHERE visitor = ?1 OR user = ?1 ORDER BY first_at, other LIMIT ?2 OFFSET ?3";

impl Part {
    pub(in crate::store::sqlite) const ALL: Self = Self {
        from: 0,
        limit: usize::MAX,
    };

    fn parameters(self, of: Unit) -> impl Params {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        (of.to_bytes(), number(self.limit), number(self.from))
    }
}

pub(in crate::store::sqlite) fn history(
    transaction: &Transaction<'_>,
    of: Unit,
    part: Part,
) -> Outcome<History> {
    let key = [of.to_bytes()];
    let raw = "SELECT kind, key FROM raw_unit WHERE unit = ?1";
    let raw = transaction.query_row(raw, key, |row| Ok(text(row, 0)?.zip(Some(blob(row, 1)?))));
    let erased = "SELECT at FROM erased WHERE unit = ?1";
    let erased = transaction.query_row(erased, key, |row| time(row, 0));
    Ok(History {
        exposures: exposures(transaction, of, part)?,
        conversions: conversions(transaction, of, part)?,
        aliases: aliases(transaction, of, part)?,
        raw: raw.optional()?.flatten(),
        erased_at: erased.optional()?,
    })
}

fn exposures(
    transaction: &Transaction<'_>,
    of: Unit,
    part: Part,
) -> Outcome<Vec<(Timestamp, TrackName, Option<bool>)>> {
    let tracks = names::named_tracks(transaction)?;
    let mut statement = transaction.prepare(EXPOSURES)?;
    let mut rows = statement.query(part.parameters(of))?;
    let mut exposures = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(track) = tracks.get(row.get(1)?)? {
            exposures.push((time(row, 0)?, track.clone(), row.get(2)?));
        }
    }
    Ok(exposures)
}

fn conversions(
    transaction: &Transaction<'_>,
    of: Unit,
    part: Part,
) -> Outcome<Vec<(Timestamp, Goal, i64)>> {
    let goals = names::named_goals(transaction)?;
    let mut statement = transaction.prepare(CONVERSIONS)?;
    let mut rows = statement.query(part.parameters(of))?;
    let mut conversions = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(goal) = goals.get(row.get(1)?)? {
            conversions.push((time(row, 0)?, goal.clone(), row.get(2)?));
        }
    }
    Ok(conversions)
}

fn aliases(transaction: &Transaction<'_>, of: Unit, part: Part) -> Outcome<Vec<(Timestamp, Unit)>> {
    let mut statement = transaction.prepare(ALIASES)?;
    let alias = |row: &Row<'_>| Ok((time(row, 0)?, unit(row, 1)?));
    let rows = statement.query_map(part.parameters(of), alias)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
