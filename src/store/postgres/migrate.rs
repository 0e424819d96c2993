//! The versions of the schema. A step that was published never changes; a change of the tables is a
//! new step.
//!
//! A program that finds the current version takes no lock and needs no right to change the schema.
//! Otherwise it takes an advisory lock, looks again, and runs the missing steps in one transaction.

use sqlx::{Executor, QueryBuilder};

use super::{
    failure::{Failure, Outcome},
    opening::missing,
    place::{Lock, Place, Tx},
    statement,
};
use crate::store::error::{StoreError, StoreErrorKind};

/// What makes a version of the tables of the one before. What was published is never changed.
const STEPS: [&str; 3] = [
    include_str!("version_1.sql"),
    include_str!("version_2.sql"),
    include_str!("version_3.sql"),
];

/// The table of the version, which exists before all others.
const META: &str = "CREATE TABLE meta (key TEXT COLLATE \"C\" PRIMARY KEY, value TEXT NOT NULL);
    INSERT INTO meta VALUES ('schema', '0')";

/// Not by the search path alone, in which a schema that the role may not use is silently left out:
/// by its name that is an error.
const HAS_META: &str = "SELECT to_regclass(format('%I.meta', $1)) IS NOT NULL";

/// How much there is in a schema; no row where there is none.
const RELATIONS: &str =
    "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = pg_namespace.oid)
    FROM pg_namespace WHERE nspname = $1";

/// Returns whether the tables have the version of this crate. It takes no lock: a role that may only
/// write facts, or only read, needs no more.
pub(super) async fn is_migrated(place: &Place) -> Outcome<bool> {
    let mut tx = place.migrating().await?;
    let is_current = is_current(place, &mut tx).await?;
    tx.end();
    Ok(is_current)
}

/// Brings the tables to the version of this crate. Two who do so at the same moment do it once.
pub(super) async fn migrate(place: &Place) -> Outcome<()> {
    let mut tx = place.migrating().await?;
    place.lock(&mut tx, Lock::Migration).await?;
    // Another program may have made the tables while this one waited for the lock.
    if is_current(place, &mut tx).await? {
        tx.end();
        return Ok(());
    }
    place.hurry(&mut tx).await?;
    prepare(place, &mut tx).await?;
    let version = version(place, &mut tx).await?.unwrap_or_default();
    for step in STEPS.into_iter().skip(version) {
        // A step is several statements, which the protocol takes only without parameters.
        tx.execute(sqlx::raw_sql(step)).await?;
    }
    let query = statement::query("UPDATE meta SET value = $1 WHERE key = 'schema'");
    let query = query.bind(STEPS.len().to_string());
    query.execute(&mut *tx).await?;
    tx.commit().await
}

/// Returns whether the tables are up to date; an error if they are newer than this crate.
async fn is_current(place: &Place, tx: &mut Tx) -> Outcome<bool> {
    let version = version(place, tx).await?.unwrap_or_default();
    match version > STEPS.len() {
        true => Err(newer(version).into()),
        false => Ok(version == STEPS.len()),
    }
}

/// Makes the schema and the table of the version, where they are not.
///
/// If the tables existed before, they are created only in a new empty schema: otherwise the old ones may be
/// about to return.
async fn prepare(place: &Place, tx: &mut Tx) -> Outcome<()> {
    let query = statement::scalar(RELATIONS).bind(place.schema());
    let relations: Option<i64> = query.fetch_optional(&mut **tx).await?;
    let has_meta = version(place, tx).await?.is_some();
    if place.opening().is_lost() && !has_meta && relations != Some(0) {
        return Err(missing(place.schema()).into());
    }
    // Asked before, since `IF NOT EXISTS` needs the right to make one.
    if relations.is_none() {
        let mut query = QueryBuilder::new("CREATE SCHEMA ");
        query.push(format_args!("\"{}\"", place.schema()));
        let query = query.build().persistent(false);
        query.execute(&mut **tx).await?;
    }
    if !has_meta {
        tx.execute(sqlx::raw_sql(META)).await?;
    }
    Ok(())
}

/// Returns the version of the tables; `None` if there are none.
async fn version(place: &Place, tx: &mut Tx) -> Outcome<Option<usize>> {
    let query = statement::scalar::<bool>(HAS_META).bind(place.schema());
    if !query.fetch_one(&mut **tx).await? {
        return Ok(None);
    }
    let query = statement::scalar("SELECT value FROM meta WHERE key = 'schema'");
    let version: String = query.fetch_one(&mut **tx).await?;
    let version = version.parse().map_err(|error| {
        let message = format!("the version of the schema is {version:?}, which is not a number");
        Failure::from(StoreError::new(StoreErrorKind::Corrupt, message).caused_by(error))
    });
    version.map(Some)
}

/// Returns the error of tables that a later version of this crate made.
fn newer(version: usize) -> StoreError {
    let known = STEPS.len();
    let message = format!(
        "the schema in PostgreSQL has version {version}, and this crate knows {known}: \
         it was written by a later version of tower-tracks"
    );
    StoreError::new(StoreErrorKind::NewerSchema, message)
}
