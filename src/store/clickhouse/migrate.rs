//! The versions of the tables. All statements may run again, since a step is no transaction: its version is
//! written after them. A step that was published never changes.

use crate::store::{
    error::{StoreError, StoreErrorKind},
    sql::Columns,
};

use super::{
    literal,
    place::Place,
    random_id::random_id,
    row_binary::Encoder,
    tables::{STEPS, statements},
};

/// The keys of the table `meta`.
const SCHEMA: &str = "schema";
const IDENTITY: &str = "identity";

/// Creates what is missing, and returns the id of the store.
pub(super) fn migrate(place: &Place) -> Result<String, StoreError> {
    let version = match version(place) {
        Err(error) if error.kind() == StoreErrorKind::Replaced => 0,
        version => version?,
    };
    if version > STEPS.len() {
        return Err(newer(version));
    }
    if version > 0 {
        check_cluster(place)?;
    }
    if version == 0 && place.state.known().is_lost {
        check_empty(place)?;
    } else if version == 0 {
        create_database(place)?;
    }
    for (number, step) in STEPS.iter().enumerate().skip(version) {
        for statement in statements(step, &place.database, place.cluster.as_deref()) {
            place.client.execute(&statement)?;
        }
        put(place, &format!("{SCHEMA} {}", number + 1), "")?;
    }
    identity(place)
}

/// Returns whether there are tables of a store.
#[cfg(feature = "cli")]
pub(super) fn is_there(place: &Place) -> Result<bool, StoreError> {
    match version(place) {
        Err(error) if error.kind() == StoreErrorKind::Replaced => Ok(false),
        version => version.map(|version| version > 0),
    }
}

/// Returns the expression of the id of the store: empty without one.
///
/// Without a cluster, it has the id of the table, too. A backup that is restored has all rows of the table, but
/// another table.
pub(super) fn identity_of(place: &Place) -> String {
    let (key, database) = (literal::text(IDENTITY), literal::text(&place.database));
    // A subquery without rows has NULL, which the type of the column must not allow.
    let identity = format!("ifNull((SELECT any(value) FROM @meta FINAL WHERE key = {key}), '')");
    let table = match place.cluster {
        None => format!(
            "ifNull((SELECT toString(any(uuid)) FROM system.tables WHERE database = {database} AND name = 'meta'), '')"
        ),
        Some(_) => "''".to_owned(),
    };
    format!("if({identity} = '', '', concat({identity}, ' ', {table}))")
}

/// Returns the id of the store, which is made if there is none.
pub(super) fn identity(place: &Place) -> Result<String, StoreError> {
    if let Some(identity) = known_identity(place)? {
        return Ok(identity);
    }
    put(place, IDENTITY, &random_id()?)?;
    // Another program may have made one at the same time. The first one stays.
    known_identity(place)?
        .ok_or_else(|| StoreError::new(StoreErrorKind::Replaced, "the tables were replaced"))
}

fn known_identity(place: &Place) -> Result<Option<String>, StoreError> {
    let rows = place.rows("s", &identity_of(place))?;
    let identity = rows.first().map(|row| row.utf8(0)).transpose()?.flatten();
    let identity = identity.filter(|identity| !identity.is_empty());
    Ok(identity.map(str::to_owned))
}

/// Returns the value of a key of the table `meta` that was written first.
pub(super) fn get(place: &Place, key: &str) -> Result<Option<String>, StoreError> {
    let key = literal::text(key);
    let rows = place.rows("s", &format!("value FROM @meta FINAL WHERE key = {key}"))?;
    let value = rows.first().map(|row| row.utf8(0)).transpose()?;
    Ok(value.flatten().map(str::to_owned))
}

/// Writes a value, unless the key has one.
pub(super) fn put(place: &Place, key: &str, value: &str) -> Result<(), StoreError> {
    let mut row = Encoder::default();
    row.text(key.as_bytes()).text(value.as_bytes());
    place.insert("meta (key, value)", row)
}

/// Returns the version of the tables.
fn version(place: &Place) -> Result<usize, StoreError> {
    let version =
        "toUInt64(max(toUInt64OrZero(substring(key, 8)))) FROM @meta WHERE key LIKE 'schema %'";
    Ok(place.number(version)? as usize)
}

fn create_database(place: &Place) -> Result<(), StoreError> {
    let on = place.cluster.as_ref();
    let on = on.map_or(String::new(), |cluster| {
        format!(" ON CLUSTER \"{cluster}\"")
    });
    let exists = format!(
        "count() FROM system.databases WHERE name = {}",
        literal::text(&place.database)
    );
    // Asked before, since a user may lack the right to create one.
    if on.is_empty() && place.number(&exists)? > 0 {
        return Ok(());
    }
    let statement = format!("CREATE DATABASE IF NOT EXISTS \"{}\"{on}", place.database);
    place.client.execute(&statement)
}

/// Fails unless there is an empty database. One that was there before may be about to be renamed, or restored.
fn check_empty(place: &Place) -> Result<(), StoreError> {
    let name = literal::text(&place.database);
    let databases = place.number(&format!(
        "count() FROM system.databases WHERE name = {name}"
    ))?;
    let tables = place.number(&format!(
        "count() FROM system.tables WHERE database = {name}"
    ))?;
    if databases > 0 && tables == 0 {
        return Ok(());
    }
    let message = format!(
        "the tables of the store are not in the database {:?} of ClickHouse any more: bring them back, or \
         create the database without tables to begin another store",
        place.database
    );
    Err(StoreError::new(StoreErrorKind::Replaced, message))
}

/// Fails if the tables are those of a cluster, and the store was opened without one, or the other way round.
fn check_cluster(place: &Place) -> Result<(), StoreError> {
    let name = literal::text(&place.database);
    let distributed = place.number(&format!(
        "count() FROM system.tables WHERE database = {name} AND name = 'meta' AND engine = 'Distributed'"
    ))?;
    let message = match (&place.cluster, distributed) {
        (None, 1..) => {
            "the store in ClickHouse is one of a cluster: name it by `on_cluster` or `--cluster`"
        }
        (Some(_), 0) => "the store in ClickHouse is one of a single server: leave `on_cluster` out",
        _ => return Ok(()),
    };
    Err(StoreError::new(StoreErrorKind::Other, message))
}

fn newer(version: usize) -> StoreError {
    let known = STEPS.len();
    let message = format!(
        "the tables in ClickHouse have version {version}, and this crate knows {known}: \
         they were written by a later version of tower-tracks"
    );
    StoreError::new(StoreErrorKind::NewerSchema, message)
}
