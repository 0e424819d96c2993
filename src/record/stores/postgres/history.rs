use std::sync::Arc;

use sqlx::{Row, postgres::PgRow};

use super::{
    catalog::{goal, text, time, track_name},
    failure::Outcome,
    place::{Place, Tx},
    statement,
    uuid::Uuid,
};
use crate::{event::Unit, record::History};

// Phase by phase and goal by goal, since with these the primary keys begin.
const EXPOSURES: &str = "SELECT set_name, phase, unit_kind, track.name, control, first_at, coin
    FROM phase
    JOIN exposure ON exposure.phase_id = phase.id
    JOIN track ON track.id = track_id
    WHERE unit = $1";

const CONVERSIONS: &str = "SELECT name, at, value
    FROM goal JOIN conversion ON goal_id = goal.id WHERE unit = $1";

const ALIASES: &str = "SELECT \"user\", first_at FROM alias WHERE visitor = $1
    UNION ALL SELECT visitor, first_at FROM alias WHERE \"user\" = $1 AND visitor <> $1";

pub(super) async fn history(place: Place, unit: Unit) -> Outcome<History> {
    let mut tx = place.reading().await?;
    let unit = Uuid::from(unit);
    let exposure = |row: &PgRow| Ok((time(row, 5)?, track_name(row, 0)?, row.try_get(6)?));
    let conversion = |row: &PgRow| Ok((time(row, 1)?, goal(row, 0)?, row.try_get(2)?));
    let alias = |row: &PgRow| Ok((time(row, 1)?, row.try_get::<Uuid, _>(0)?.unit()));
    let raw = |row: &PgRow| Ok((text(row, 0)?, Arc::from(row.try_get::<&[u8], _>(1)?)));
    let keys = "SELECT kind, key FROM raw_unit WHERE unit = $1";
    let erased = "SELECT at FROM erased WHERE unit = $1";
    Ok(History {
        exposures: sorted(rows(EXPOSURES, unit, &mut tx, exposure).await?),
        conversions: sorted(rows(CONVERSIONS, unit, &mut tx, conversion).await?),
        aliases: sorted(rows(ALIASES, unit, &mut tx, alias).await?),
        raw: rows(keys, unit, &mut tx, raw).await?.pop(),
        erased_at: rows(erased, unit, &mut tx, |row| time(row, 0)).await?.pop(),
    })
}

async fn rows<T>(
    select: &'static str,
    unit: Uuid,
    tx: &mut Tx,
    read: impl Fn(&PgRow) -> Outcome<T>,
) -> Outcome<Vec<T>> {
    let rows = statement::query(select)
        .bind(unit)
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(read).collect()
}

fn sorted<T: Ord>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort();
    rows
}
