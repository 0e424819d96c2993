//! A store in one file, for programs that run on one machine.
//!
//! One connection writes, under a mutex; queries use their own connections, each in one
//! transaction, so that they see one moment and never wait for a write. Before a change and after
//! it, the store checks that the path still names the open file.

mod claim;
mod connect;
mod erase;
mod failure;
mod faults;
#[cfg(feature = "control")]
mod log;
mod migrate;
mod open_file;
mod read;
mod read_only;
mod readers;
mod retain;
mod side_by_side;
mod store;
mod tombstones;
mod trust;
mod values;
mod watch;
mod write;
mod writer;

pub use self::store::Sqlite;
