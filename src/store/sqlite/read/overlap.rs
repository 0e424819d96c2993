//! Counts by day, and units in several phases or tracks. They are counted by SQLite.
//!
//! Units are compared by their first exposure in each phase, to any track. Days are days of UTC.

use std::time::Duration;

use rusqlite::{ToSql, Transaction, params};

use crate::store::{
    catalog::{ConversionsByDay, Overlap},
    facts::PhaseName,
    sql::{Columns, answers::USERS_IN_SEVERAL_TRACKS},
    timestamp::Timestamp,
};

use super::phases::find;
use crate::store::sqlite::{failure::Outcome, values::valid};

/// A division rounds towards 1970, hence one day less for times before that with a remainder. No
/// step is beyond 64 bits, where SQLite would go on with rounded numbers.
const BY_DAY: &str = "SELECT goal.name, day, n FROM (
        SELECT goal_id, at / ?2 - (at % ?2 < 0) AS day, count(*) AS n
        FROM conversion WHERE at < ?1 GROUP BY goal_id, day
    ) JOIN goal ON goal.id = goal_id";

const OF_PREVIOUS: &str = "SELECT count(*) FROM (
        SELECT unit, min(first_at) AS at FROM exposure
        WHERE phase_id = ?1 AND first_at < ?4 GROUP BY unit
    ) AS now JOIN (
        SELECT unit, min(first_at) AS at FROM exposure
        WHERE phase_id = ?2 AND first_at < ?4 GROUP BY unit
    ) AS previous USING (unit)
    WHERE now.at - previous.at < ?3";

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

pub(in crate::store::sqlite) fn conversions_by_day(
    transaction: &Transaction<'_>,
    as_of: Timestamp,
) -> Outcome<ConversionsByDay> {
    let mut statement = transaction.prepare(BY_DAY)?;
    let rows = statement.query(params![as_of.as_micros(), DAY])?;
    valid(rows, |row| {
        let (day, count) = (row.get(1)?, row.count(2)?);
        Ok(row.goal(0)?.map(|goal| ((goal, day), count)))
    })
}

pub(in crate::store::sqlite) fn overlap(
    transaction: &Transaction<'_>,
    phase: &PhaseName,
    previous: Option<(&PhaseName, Duration)>,
    as_of: Timestamp,
) -> Outcome<Overlap> {
    let Some((id, _)) = find(transaction, phase)? else {
        return Ok(Overlap::default());
    };
    let counted = |select, key: &[&dyn ToSql]| {
        transaction.query_row_and_then(select, key, |row| row.count(0))
    };
    let as_of = as_of.as_micros();
    let mut overlap = Overlap {
        users_in_several_tracks: counted(USERS_IN_SEVERAL_TRACKS, params![id, as_of])?,
        ..Overlap::default()
    };
    if let Some((previous, window)) = previous
        && let Some((previous, _)) = find(transaction, previous)?
    {
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        overlap.of_previous_phase = counted(OF_PREVIOUS, params![id, previous, window, as_of])?;
    }
    Ok(overlap)
}
