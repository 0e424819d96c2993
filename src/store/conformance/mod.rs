//! Tests for implementations of [`Store`](super::Store).
//!
//! The module is behind the features `store` and `test-util`. Add the crate with `test-util` to
//! `[dev-dependencies]`:
//!
//! ```toml
//! [dev-dependencies]
//! tower-tracks = { version = "0.1", features = ["store", "test-util"] }
//! ```
//!
//! [`store_conformance!`] writes one `#[test]` for each case. It takes an expression that opens an empty
//! store, and evaluates it several times. Call it in a module of its own, once for each kind of store:
//!
//! ```
//! use tower_tracks::store::{Memory, conformance::store_conformance};
//!
//! mod memory {
//!     use super::*;
//!
//!     store_conformance!(Memory::default());
//! }
//! # fn main() {}
//! ```
//!
//! The expression may also be a pair of a store and a value that has to live as long, such as a directory,
//! or an `Option` of either. If it is `None`, nothing is tested:
//!
//! ```
//! use tower_tracks::store::{Memory, conformance::store_conformance};
//!
//! #[derive(Debug)]
//! struct Schema(String);
//!
//! /// Returns a store in a new schema; `None` without a database.
//! fn open() -> Option<(Memory, Schema)> {
//!     let uri = std::env::var("MY_DATABASE").ok()?;
//!     Some((Memory::default(), Schema(uri)))
//! }
//!
//! store_conformance!(open());
//! # fn main() {}
//! ```
//!
//! Most cases are functions of a store, so that one of them can be run alone:
//!
//! ```
//! use tower_tracks::store::{Memory, conformance::writing};
//!
//! writing::repetitions_count_as_known(&Memory::default());
//! ```
//!
//! The cases of [`random`] compare a store with [`Memory`](super::Memory). If a round fails, they print its
//! seed. A function such as [`random::history_of_seed`] runs this round again.
//!
//! Cases fail by a panic, like any assertion of a test. They compare JSON by its meaning, and errors by their
//! kind. Any version of this crate may extend them, if a documented rule was not tested. Optional methods of
//! [`Store`](super::Store) may keep their defaults.
//!
//! A store need not guarantee everything: the cases ask for its [`promises`](super::Store::promises).
//!
//! The guide [`stores`](crate::guide::stores) explains how to write a store.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a case is a test, which fails by a panic"
)]

pub mod attribution;
pub mod busiest_second;
pub mod claim;
pub mod definitions;
pub mod dump;
mod dumped;
pub mod erasure;
mod fixtures;
pub mod history;
mod macros;
mod opened;
pub mod overlap;
mod promised;
pub mod random;
pub mod readouts;
mod run;
pub mod writing;

#[doc(inline)]
pub use crate::store_conformance;

pub use self::{
    dumped::dumped,
    opened::Opened,
    run::{run, run_among_strangers},
};
