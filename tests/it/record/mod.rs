//! Stores of facts.

pub(crate) mod clickhouse;
mod conformance;
mod facts;
pub(crate) mod hooked;
mod migrated;
mod nonconforming;
pub(crate) mod postgres;
mod ranges;
mod sqlite;

use tower_tracks::store::Memory;

use self::conformance::conformance;

conformance!(memory, Some((Memory::default(), ())));
