//! The log of changes: a table of its own, which the first change creates.
//!
//! An advisory lock orders the writers, so that numbers are committed in their order: a reader that asks for
//! what comes after a number misses none.

use sqlx::{Executor, Row, postgres::PgRow};

use super::{
    failure::Outcome,
    moment::Moment,
    place::{Lock, Place, Tx},
    statement,
};
use crate::store::log_rows::{AppendedLogRow, LogRow, LogRows, NewLogRow};

const CREATE: &str = "CREATE TABLE change (
    number BIGINT PRIMARY KEY,
    set_name TEXT COLLATE \"C\" NOT NULL,
    phase BIGINT NOT NULL,
    json TEXT NOT NULL
)";

/// Not by `to_regclass`: a connection remembers its answer for the whole transaction, and a writer that waited
/// for the lock has to see the table that the writer before it created. The clock is that of the moment, since
/// the transaction begins before the lock is granted.
const EXISTS_AND_NOW: &str = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'change'
    AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)), clock_timestamp()";

const AFTER: &str = "SELECT number, set_name, phase, json FROM change
    WHERE number > $1 ORDER BY number";

const LAST: &str = "SELECT coalesce(max(number), 0) FROM change";

const LATEST: &str = "SELECT number, set_name, phase, json FROM change
    WHERE set_name = $1 AND phase = $2 ORDER BY number DESC LIMIT 1";

const INSERT: &str = "INSERT INTO change (number, set_name, phase, json) VALUES ($1, $2, $3, $4)";

/// Returns the rows after a number.
pub(super) async fn after(place: Place, number: u64) -> Outcome<LogRows> {
    let mut tx = place.reading().await?;
    let (exists, now) = exists_and_now(&place, &mut tx).await?;
    let (mut rows, mut last) = (Vec::new(), 0);
    if exists {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let query = statement::query(AFTER).bind(number);
        let found = query.fetch_all(&mut *tx).await?;
        rows = found.iter().map(log_row).collect::<Outcome<_>>()?;
        last = number_of(&mut tx).await?;
    }
    tx.end();
    let now = now.time();
    Ok(LogRows { rows, last, now })
}

/// Appends a row, unless its set has had another since the previous one.
pub(super) async fn append(place: Place, row: NewLogRow) -> Outcome<AppendedLogRow> {
    let mut tx = place.changing().await?;
    place.lock(&mut tx, Lock::Changes).await?;
    let (exists, now) = exists_and_now(&place, &mut tx).await?;
    // Looked for before, since `IF NOT EXISTS` needs the right to create a table.
    if !exists {
        tx.execute(sqlx::raw_sql(CREATE)).await?;
    }
    let query = statement::query(LATEST)
        .bind(&row.set)
        .bind(i64::from(row.phase));
    if let Some(latest) = query.fetch_optional(&mut *tx).await? {
        let latest = log_row(&latest)?;
        if latest.number != row.previous {
            tx.end();
            return Ok(AppendedLogRow::Conflict(latest));
        }
    }
    let number = number_of(&mut tx).await? + 1;
    let now = now.time();
    let text = (row.text)(number, now);
    let query = statement::query(INSERT)
        .bind(number.cast_signed())
        .bind(&row.set);
    let query = query.bind(i64::from(row.phase)).bind(&text);
    query.execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(AppendedLogRow::Added(number, now))
}

async fn exists_and_now(place: &Place, tx: &mut Tx) -> Outcome<(bool, Moment)> {
    let query = statement::query(EXISTS_AND_NOW).bind(place.schema());
    let row = query.fetch_one(&mut **tx).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Returns the highest number.
async fn number_of(tx: &mut Tx) -> Outcome<u64> {
    let last: i64 = statement::scalar(LAST).fetch_one(&mut **tx).await?;
    Ok(last.unsigned_abs())
}

fn log_row(row: &PgRow) -> Outcome<LogRow> {
    let number: i64 = row.try_get(0)?;
    Ok(LogRow {
        number: number.unsigned_abs(),
        set: row.try_get(1)?,
        phase: row.try_get(2)?,
        text: row.try_get::<String, _>(3)?.into_bytes(),
    })
}
