//! The facts of one unit, sorted and limited in the database.
//!
//! An answer is sorted by all of its columns, so that a part never depends on the order of rows in
//! the table.

use sqlx::postgres::PgRow;

use super::{
    catalog::valid,
    failure::Outcome,
    place::{Place, Tx},
    statement,
    uuid::Uuid,
};
use crate::{
    store::{
        catalog::History,
        sql::{Columns, answers},
    },
    unit::Unit,
};

// Phase by phase and goal by goal, since with these the primary keys begin.
const EXPOSURES: &str = "SELECT set_name, phase, unit_kind, track.name, control, first_at, coin
    FROM phase
    JOIN exposure ON exposure.phase_id = phase.id
    JOIN track ON track.id = track_id
    WHERE unit = $1
    ORDER BY first_at, set_name COLLATE \"C\", phase, unit_kind COLLATE \"C\",
        track.name COLLATE \"C\", control, coin NULLS FIRST
    LIMIT $2 OFFSET $3";

const CONVERSIONS: &str = "SELECT name, at, value
    FROM goal JOIN conversion ON goal_id = goal.id WHERE unit = $1
    ORDER BY at, name COLLATE \"C\", value LIMIT $2 OFFSET $3";

const ALIASES: &str = "SELECT \"user\" AS other, first_at FROM alias WHERE visitor = $1
    UNION ALL SELECT visitor, first_at FROM alias WHERE \"user\" = $1 AND visitor <> $1
    ORDER BY first_at, other LIMIT $2 OFFSET $3";

const KEY: &str = "SELECT kind, key FROM raw_unit WHERE unit = $1 LIMIT $2 OFFSET $3";

const ERASED: &str = "SELECT at FROM erased WHERE unit = $1 LIMIT $2 OFFSET $3";

/// Whose facts, how many of each kind at most, and after how many.
type Part = (Uuid, i64, i64);

/// Returns a part of the facts of a unit, in the order of `History`.
pub(super) async fn history(
    place: Place,
    unit: Unit,
    from: usize,
    limit: usize,
) -> Outcome<History> {
    let mut tx = place.reading().await?;
    // `LIMIT` and `OFFSET` have 63 bits, and no table has more rows than that.
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let one: Part = (unit.into(), 1, 0);
    let part: Part = (unit.into(), number(limit), number(from));
    let raw = |row: &PgRow| Ok(row.text(0)?.zip(Some(row.blob(1)?)));
    let erased_at = |row: &PgRow| row.time(0).map(Some);
    let history = History {
        exposures: rows(EXPOSURES, part, &mut tx, answers::exposure).await?,
        conversions: rows(CONVERSIONS, part, &mut tx, answers::conversion).await?,
        aliases: rows(ALIASES, part, &mut tx, answers::alias).await?,
        raw: rows(KEY, one, &mut tx, raw).await?.pop(),
        erased_at: rows(ERASED, one, &mut tx, erased_at).await?.pop(),
    };
    tx.end();
    Ok(history)
}

/// Reads a part of one kind of fact.
async fn rows<T>(
    select: &'static str,
    (unit, limit, from): Part,
    tx: &mut Tx,
    read: impl Fn(&PgRow) -> Outcome<Option<T>>,
) -> Outcome<Vec<T>> {
    let query = statement::query(select).bind(unit).bind(limit).bind(from);
    let rows = query.fetch_all(&mut **tx).await?;
    valid(&rows, read)
}
