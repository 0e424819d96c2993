//! A store in ClickHouse, over its HTTP interface.
//!
//! Each fact is a row, and of rows with the same key the smallest one counts: an `AggregatingMergeTree` keeps it
//! when it merges parts, and a query that reads before that computes it. So no answer depends on merges. Ids of
//! names are hashes, which every writer computes alike (`ids.rs`).
//!
//! An erasure is a row, too. A writer looks for erasures before and after it writes facts (`write.rs`), and each
//! query leaves out facts that an erasure covers.

mod answer;
mod aside;
mod attribute;
mod builder;
mod busiest;
mod catalog;
mod claim;
mod client;
mod dump;
mod encoded;
mod endpoint;
mod erase;
mod failure;
mod history;
mod ids;
mod invalid;
mod keys;
mod literal;
mod merged;
mod migrate;
mod names;
mod overlap;
mod place;
mod random_id;
mod retain;
mod retry;
mod row;
mod row_binary;
mod state;
mod store;
mod sums;
mod tables;
mod tombstones;
mod visible;
mod write;

pub use self::{builder::ClickHouseBuilder, store::ClickHouse};
