//! A store in PostgreSQL, for programs that run on several machines.
//!
//! A method of the store blocks its thread. A bridge passes the work to the runtime of the
//! connections and waits for the answer, with a time limit. The work runs in one transaction in the
//! schema of the store; no setting, lock, cursor or statement outlives it, so a transaction pooler
//! does no harm.
//!
//! All writers lock tables and rows in one order, so concurrent writers cannot deadlock.

mod alias;
mod aside;
mod attribute;
mod bridge;
mod builder;
mod busiest;
mod catalog;
mod claim;
mod columns;
mod connections;
mod conversion;
mod cursor;
mod definitions;
mod dump;
mod erase;
mod exposure;
mod facts;
mod failure;
mod history;
mod ids;
mod invalid;
mod keys;
mod latencies;
mod limits;
#[cfg(feature = "control")]
mod log;
mod losses;
mod migrate;
mod moment;
mod opening;
mod overlap;
mod own_runtime;
mod place;
mod readouts;
mod retain;
mod size;
mod sql_state;
mod statement;
mod store;
mod sums;
mod tombstones;
mod tx;
mod uuid;
mod within;
mod write;

pub use self::{builder::PostgresBuilder, store::Postgres};
