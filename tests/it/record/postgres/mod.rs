//! The store in PostgreSQL, where there is one.

mod schema;

use super::{Fresh, conformance};

use self::schema::Schema;

conformance::conformance!(suite, || {
    let schema = Schema::new()?;
    Some(Fresh::new(schema.store(), schema))
});
