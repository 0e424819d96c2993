//! Stores that version 1 wrote: `tests/fixtures/v1`.

mod expected;
mod postgres;
mod reported;
mod said;
mod sqlite;
