use rusqlite::{OptionalExtension, Transaction};

use crate::{
    event::{Goal, Unit},
    record::{History, Timestamp, TrackName},
};

use super::{
    super::{
        failure::Outcome,
        values::{blob, time, unit},
    },
    names,
};

/// The keys of exposures and conversions begin with phase and goal, hence the lists of those.
const EXPOSURES: &str = "SELECT first_at, track_id, coin FROM exposure \
    WHERE phase_id IN (SELECT id FROM phase) AND unit = ?1";

const CONVERSIONS: &str = "SELECT at, goal_id, value FROM conversion \
    WHERE goal_id IN (SELECT id FROM goal) AND unit = ?1";

const ALIASES: &str = "SELECT first_at, iif(visitor = ?1, user, visitor) FROM alias \
    WHERE visitor = ?1 OR user = ?1";

pub(in crate::record::stores::sqlite) fn history(
    transaction: &Transaction<'_>,
    of: Unit,
) -> Outcome<History> {
    let key = [of.to_bytes()];
    let raw = "SELECT kind, key FROM raw_unit WHERE unit = ?1";
    let raw = transaction.query_row(raw, key, |row| Ok((row.get(0)?, blob(row, 1)?)));
    let erased = "SELECT at FROM erased WHERE unit = ?1";
    let erased = transaction.query_row(erased, key, |row| time(row, 0));
    let mut history = History {
        exposures: exposures(transaction, of)?,
        conversions: conversions(transaction, of)?,
        aliases: aliases(transaction, of)?,
        raw: raw.optional()?,
        erased_at: erased.optional()?,
    };
    history.exposures.sort();
    history.conversions.sort();
    history.aliases.sort();
    Ok(history)
}

fn exposures(
    transaction: &Transaction<'_>,
    of: Unit,
) -> Outcome<Vec<(Timestamp, TrackName, Option<bool>)>> {
    let tracks = names::named_tracks(transaction)?;
    let mut statement = transaction.prepare(EXPOSURES)?;
    let mut rows = statement.query([of.to_bytes()])?;
    let mut exposures = Vec::new();
    while let Some(row) = rows.next()? {
        let track = tracks.get(row.get(1)?)?;
        exposures.push((time(row, 0)?, track.clone(), row.get(2)?));
    }
    Ok(exposures)
}

fn conversions(transaction: &Transaction<'_>, of: Unit) -> Outcome<Vec<(Timestamp, Goal, i64)>> {
    let goals = names::named_goals(transaction)?;
    let mut statement = transaction.prepare(CONVERSIONS)?;
    let mut rows = statement.query([of.to_bytes()])?;
    let mut conversions = Vec::new();
    while let Some(row) = rows.next()? {
        let goal = goals.get(row.get(1)?)?;
        conversions.push((time(row, 0)?, goal.clone(), row.get(2)?));
    }
    Ok(conversions)
}

fn aliases(transaction: &Transaction<'_>, of: Unit) -> Outcome<Vec<(Timestamp, Unit)>> {
    let mut statement = transaction.prepare(ALIASES)?;
    let rows = statement.query_map([of.to_bytes()], |row| Ok((time(row, 0)?, unit(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
