//! Stores that version 1 wrote: `tests/fixtures/v1`.

mod expected;
#[cfg(feature = "postgres")]
mod postgres;
mod reported;
mod said;
#[cfg(feature = "sqlite")]
mod sqlite;
