use sqlx::{Executor, QueryBuilder};

use super::{
    failure::{Failure, Outcome},
    place::{Lock, Place, Tx},
};
use crate::record::{StoreError, StoreErrorKind};

/// What makes a version of the tables of the one before. What was published is never changed.
const STEPS: [&str; 2] = [include_str!("version_1.sql"), include_str!("version_2.sql")];

const META: &str = "CREATE TABLE meta (key TEXT COLLATE \"C\" PRIMARY KEY, value TEXT NOT NULL);
    INSERT INTO meta VALUES ('schema', '0')";

/// Brings the tables to the version of this crate. Two who do so at the same moment do it once.
pub(super) async fn migrate(place: Place) -> Outcome<()> {
    // Without a lock first: a role that may only write facts, or only read, needs no more.
    let mut tx = place.changing().await?;
    if is_current(&mut tx).await? {
        return Ok(());
    }
    place.lock(&mut tx, Lock::Migration).await?;
    if is_current(&mut tx).await? {
        return Ok(());
    }
    prepare(&place, &mut tx).await?;
    let version = version(&mut tx).await?.unwrap_or_default();
    for step in STEPS.into_iter().skip(version) {
        tx.execute(sqlx::raw_sql(step)).await?;
    }
    let query = sqlx::query("UPDATE meta SET value = $1 WHERE key = 'schema'");
    let query = query.bind(STEPS.len().to_string());
    query.execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

async fn is_current(tx: &mut Tx) -> Outcome<bool> {
    let version = version(tx).await?.unwrap_or_default();
    match version > STEPS.len() {
        true => Err(newer(version).into()),
        false => Ok(version == STEPS.len()),
    }
}

/// Makes the schema and the table of the version, where they are not.
async fn prepare(place: &Place, tx: &mut Tx) -> Outcome<()> {
    let query = sqlx::query("SELECT FROM pg_namespace WHERE nspname = $1").bind(place.schema());
    // Asked before, since `IF NOT EXISTS` needs the right to make one.
    if query.fetch_optional(&mut **tx).await?.is_none() {
        let mut query = QueryBuilder::new("CREATE SCHEMA ");
        query.push(format_args!("\"{}\"", place.schema()));
        query.build().execute(&mut **tx).await?;
    }
    if version(tx).await?.is_none() {
        tx.execute(sqlx::raw_sql(META)).await?;
    }
    Ok(())
}

async fn version(tx: &mut Tx) -> Outcome<Option<usize>> {
    let query = sqlx::query_scalar("SELECT to_regclass('meta') IS NOT NULL");
    if !query.fetch_one(&mut **tx).await? {
        return Ok(None);
    }
    let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'schema'");
    let version: String = query.fetch_one(&mut **tx).await?;
    let version = version.parse().map_err(|error| {
        let message = format!("the version of the schema is {version:?}, which is no number");
        Failure::from(StoreError::new(StoreErrorKind::Corrupt, message).caused_by(error))
    });
    version.map(Some)
}

fn newer(version: usize) -> StoreError {
    let known = STEPS.len();
    let message = format!(
        "the schema in PostgreSQL has version {version}, and this crate knows {known}: \
         it was written by a later version of tower-tracks"
    );
    StoreError::new(StoreErrorKind::NewerSchema, message)
}
