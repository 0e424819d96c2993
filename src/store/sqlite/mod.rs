//! A store in one file, for programs that run on one machine.

mod claim;
mod connect;
mod erase;
mod failure;
mod faults;
mod migrate;
mod open_file;
mod read;
mod read_only;
mod readers;
mod retain;
mod store;
mod tombstones;
mod trust;
mod values;
mod watch;
mod write;
mod writer;

pub use self::store::Sqlite;
