//! The store in PostgreSQL, where there is one.

mod emptied;
mod ending;
mod invalid;
mod lazy;
mod migrating;
mod nodes;
mod outages;
pub(crate) mod pooled;
mod refused;
mod restart;
mod runtimes;
pub(crate) mod schema;
pub(crate) mod server;
mod silent;

use tower_tracks::store::Postgres;

use super::{conformance, facts};

use self::schema::Schema;

conformance::conformance!(suite, open());

mod changes {
    use super::*;

    tower_tracks::control::conformance::change_log_conformance!(open());
}

/// Returns a store in a schema of its own; `None` without a database.
fn open() -> Option<(Postgres, Schema)> {
    let schema = Schema::new()?;
    Some((schema.store(), schema))
}
