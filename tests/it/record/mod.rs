//! Stores of facts.

mod conformance;
#[cfg(feature = "report")]
pub(crate) mod hooked;
mod migrated;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use tower_tracks::record::Memory;

use self::conformance::{Fresh, conformance};

conformance!(memory, || Some(Fresh::new(Memory::default(), ())));
