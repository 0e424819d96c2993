//! The facts of one unit, sorted and limited by SQLite.
//!
//! The primary keys begin with phase or goal, so the statements name all phases and goals: SQLite
//! then looks up the unit in each instead of reading the table.

use rusqlite::Transaction;

use crate::{
    store::{
        catalog::History,
        sql::{Columns, answers},
    },
    unit::Unit,
};

use crate::store::sqlite::{failure::Outcome, values::valid};

/// The keys of exposures and conversions begin with phase and goal, hence the lists of those. The
/// order is that of `History`.
const EXPOSURES: &str = "SELECT set_name, phase, unit_kind, track.name, control, first_at, coin \
    FROM exposure \
    JOIN phase ON phase.id = exposure.phase_id JOIN track ON track.id = track_id \
    WHERE exposure.phase_id IN (SELECT id FROM phase) AND unit = ?1 \
    ORDER BY first_at, set_name, phase, unit_kind, track.name, control, coin LIMIT ?2 OFFSET ?3";

const CONVERSIONS: &str = "SELECT name, at, value FROM conversion \
    JOIN goal ON goal.id = goal_id \
    WHERE goal_id IN (SELECT id FROM goal) AND unit = ?1 \
    ORDER BY at, name, value LIMIT ?2 OFFSET ?3";

const ALIASES: &str = "SELECT iif(visitor = ?1, user, visitor) AS other, first_at FROM alias \
    WHERE visitor = ?1 OR user = ?1 ORDER BY first_at, other LIMIT ?2 OFFSET ?3";

const KEY: &str = "SELECT kind, key FROM raw_unit WHERE unit = ?1";

const ERASED: &str = "SELECT at FROM erased WHERE unit = ?1";

/// Returns a part of the facts of a unit, of each kind so many after the first.
pub(in crate::store::sqlite) fn history(
    transaction: &Transaction<'_>,
    unit: Unit,
    from: usize,
    limit: usize,
) -> Outcome<History> {
    let select = |select| transaction.prepare(select);
    // `LIMIT` and `OFFSET` have 63 bits, and no table has more rows than that.
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let part = (unit.to_bytes(), number(limit), number(from));
    let unit = [unit.to_bytes()];
    let raw: Vec<_> = valid(select(KEY)?.query(unit)?, |row| {
        Ok(row.text(0)?.zip(Some(row.blob(1)?)))
    })?;
    let erased: Vec<_> = valid(select(ERASED)?.query(unit)?, |row| row.time(0).map(Some))?;
    Ok(History {
        exposures: valid(select(EXPOSURES)?.query(part)?, answers::exposure)?,
        conversions: valid(select(CONVERSIONS)?.query(part)?, answers::conversion)?,
        aliases: valid(select(ALIASES)?.query(part)?, answers::alias)?,
        raw: raw.into_iter().next(),
        erased_at: erased.into_iter().next(),
    })
}
