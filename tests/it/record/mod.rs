//! Stores of facts.

mod conformance;
pub(crate) mod hooked;
mod migrated;
pub(crate) mod postgres;
mod sqlite;

use tower_tracks::store::Memory;

use self::conformance::{Fresh, conformance};

conformance!(memory, || Some(Fresh::new(Memory::default(), ())));
