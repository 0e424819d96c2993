//! The store in PostgreSQL, where there is one.

mod emptied;
mod ending;
mod facts;
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
mod server;
mod silent;

use super::{Fresh, conformance};

use self::schema::Schema;

conformance::conformance!(suite, || {
    let schema = Schema::new()?;
    Some(Fresh::new(schema.store(), schema))
});
