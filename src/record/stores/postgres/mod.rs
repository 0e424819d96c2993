//! A store in PostgreSQL, for programs that run on several machines.

mod alias;
mod aside;
mod attribute;
mod bridge;
mod builder;
mod catalog;
mod claim;
mod conversion;
mod cursor;
mod definition_ids;
mod definitions;
mod dump;
mod dumped;
mod erase;
mod exposure;
mod facts;
mod failure;
mod history;
mod ids;
mod keys;
mod losses;
mod migrate;
mod moment;
mod names;
mod overlap;
mod place;
mod readouts;
mod retain;
mod sql_state;
mod store;
mod sums;
mod tombstones;
mod uuid;
mod whole;
mod write;

pub use self::{builder::PostgresBuilder, store::Postgres};
