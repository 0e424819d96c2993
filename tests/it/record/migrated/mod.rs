//! Stores that version 1 wrote: `tests/fixtures/v1`.

mod expected;
#[cfg(feature = "postgres")]
mod postgres;
#[path = "../../../fixtures/v1/said.rs"]
mod said;
#[cfg(feature = "sqlite")]
mod sqlite;
