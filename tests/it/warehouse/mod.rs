//! Answers of engines beside those of a store: the same integers, for random histories.
//!
//! Every `cargo test` runs PostgreSQL if there is one. `.ci/warehouse cargo test --test it warehouse` installs
//! the other engines, and names the interpreter of Python that has them in `TRACKS_TEST_WAREHOUSE`.

mod command;
mod engines;
mod history;
mod postgres;
mod refused;
mod spark;
mod summaries;

use tower_tracks::{
    store::{Attribute, Question},
    warehouse::Cells,
};

use self::history::History;

/// Checks that a file of cells has the answer of the store.
fn check(history: &History, file: &std::path::Path) {
    let Question { phase, as_of, .. } = &history.question;
    let expected = history.store.attribute(&history.question).unwrap().unwrap();
    let cells = Cells::at(file);
    let later = as_of.plus(std::time::Duration::from_secs(60));
    assert_eq!(cells.as_of(phase, later).unwrap(), *as_of);
    let answer = cells.attribute(&history.question).unwrap().unwrap();
    assert_eq!(
        answer,
        expected,
        "{}: {:#?}",
        file.display(),
        history.question
    );
}

/// How many histories there are: `TRACKS_HISTORIES`, or 30.
fn histories() -> u64 {
    std::env::var("TRACKS_HISTORIES").map_or(30, |count| count.parse().unwrap())
}
