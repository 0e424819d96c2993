//! The versions of the schema. A step that was published never changes; a change of the tables is a
//! new step.
//!
//! A database is ours if its `application_id` is that of this crate, or if it is empty. Steps run
//! in one transaction, so a program that is killed leaves the former version.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior::Immediate};

use crate::store::error::{StoreError, StoreErrorKind};

use super::{failure::Outcome, trust::allow_views, values::foreign};

/// What brings a file from one version of the schema to the next, from an empty one on.
const STEPS: [&str; 3] = [
    include_str!("version_1.sql"),
    include_str!("version_2.sql"),
    include_str!("version_3.sql"),
];

/// By what a file of ours is known from the outside: `trks`.
const APPLICATION: i64 = 0x7472_6b73;

/// Brings the tables up to date.
///
/// Of two who open a file at once one waits for the other, and finds nothing to do.
pub(super) fn migrate(connection: &mut Connection) -> Outcome<()> {
    if version(&connection.transaction()?)? == STEPS.len() {
        return Ok(());
    }
    allow_views(connection, true)?;
    let migrated = take_steps(connection);
    allow_views(connection, false)?;
    migrated
}

/// Runs the steps that the file lacks, in one transaction that excludes other writers.
fn take_steps(connection: &mut Connection) -> Outcome<()> {
    let transaction = connection.transaction_with_behavior(Immediate)?;
    // The version is read again: another process may have taken the steps while this one waited.
    for (number, step) in STEPS.iter().enumerate().skip(version(&transaction)?) {
        transaction.execute_batch(step)?;
        let set = "INSERT INTO meta VALUES ('schema', ?1) \
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        transaction.execute(set, [(number + 1).to_string()])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    Ok(transaction.commit()?)
}

/// Returns the version of the schema: 0 where there are no tables yet.
///
/// It needs a transaction, because another process may be creating the tables.
pub(super) fn version(moment: &Transaction<'_>) -> Outcome<usize> {
    let application: i64 = moment.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != APPLICATION {
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = moment.query_row(tables, [], |row| row.get(0))?;
        return match (application, tables) {
            (0, 0) => Ok(0),
            _ => Err(foreign("the file is a database of another program").into()),
        };
    }
    let version = "SELECT value FROM meta WHERE key = 'schema'";
    let version: Option<String> = moment.query_row(version, [], |row| row.get(0)).optional()?;
    match version.and_then(|version| version.parse().ok()) {
        Some(version) if version > STEPS.len() => Err(newer(version).into()),
        Some(version) => Ok(version),
        None => Err(foreign("the file does not say which version its schema is").into()),
    }
}

/// Returns an error unless the tables are up to date, for who cannot change them.
pub(super) fn check(moment: &Transaction<'_>) -> Outcome<()> {
    let (version, ours) = (version(moment)?, STEPS.len());
    if version == ours {
        return Ok(());
    }
    let message = format!(
        "the file has version {version} of the schema, and cannot be brought to version {ours} where \
         it cannot be written: copy it, and open the copy"
    );
    Err(StoreError::new(StoreErrorKind::ReadOnly, message).into())
}

/// Returns the error of a file that a later version of this crate wrote.
fn newer(version: usize) -> StoreError {
    let ours = STEPS.len();
    let message = format!(
        "the file has version {version} of the schema, and this program knows up to {ours}: \
         a later version of tower-tracks wrote it"
    );
    StoreError::new(StoreErrorKind::NewerSchema, message)
}
