//! What stores take in, and how long their answers take.
//!
//! `cargo bench --bench record`; with `-- --test` all of it runs once, with few facts. Compare
//! within one run: what takes turns shares what else the machine does.

#![allow(missing_docs, clippy::unwrap_used)]

mod answers;
mod bare;
mod directory;
mod facts;
mod intake;

use tower_tracks::store::Sqlite;

use self::{bare::Bare, directory::Directory};

/// The set that all are exposed to.
const SET: &str = "delay";

/// How much of each.
#[derive(Clone, Copy)]
struct Size {
    /// Batches that each program writes.
    batches: u32,
    /// Units that are exposed; as many conversions.
    units: u32,
    /// The number of repetitions of each query.
    questions: usize,
}

const FULL: Size = Size {
    batches: 400,
    units: 1_000_000,
    questions: 5,
};

const TEST: Size = Size {
    batches: 2,
    units: 1_000,
    questions: 1,
};

fn main() {
    let is_test = std::env::args().any(|argument| argument == "--test");
    let size = if is_test { TEST } else { FULL };
    sqlite_intake(size);
    sqlite_answers(size);
}

fn sqlite_intake(size: Size) {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file("store.db")).unwrap();
    let mut bare = Bare::open(&directory.file("bare.db"));
    let ours = ("Sqlite", &store as &dyn tower_tracks::store::Store);
    intake::turns(
        ours,
        ("bare rusqlite", &mut |batch| bare.write(batch)),
        size,
    );
}

fn sqlite_answers(size: Size) {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file("store.db")).unwrap();
    answers::all("Sqlite", &store, size);
}
