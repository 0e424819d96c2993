//! The store in ClickHouse, where there is one.

mod cluster;
pub(crate) mod database;
mod facts;
mod faults;
mod killed;
mod merges;
mod opening;
pub(crate) mod server;
mod writers;

use tower_tracks::store::ClickHouse;

use super::conformance;

use self::database::Database;

conformance::conformance!(suite, open());

/// Returns a store in a database of its own; `None` without a server.
fn open() -> Option<(ClickHouse, Database)> {
    let database = Database::new()?;
    Some((database.store(), database))
}
