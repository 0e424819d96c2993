//! Ranges of units that are read side by side. Together they answer what one reading of all units answers.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};

use proptest::prelude::*;
use tower_tracks::{
    store::{
        Batch, ExposureRow, PhaseName, Postgres, Question, Sqlite, Store, Timestamp, TrackName,
        WriterRow, conformance::random::history_of_seed,
    },
    unit::Unit,
};

use super::{postgres::schema::Schema, sqlite::Directory};

fn sqlite(ranges: usize) -> (Sqlite, Directory) {
    let directory = Directory::in_memory();
    let store = Sqlite::open(directory.file()).unwrap();
    (store.parallelism(ranges), directory)
}

/// Returns `None` without a database.
fn postgres(ranges: usize) -> Option<(Postgres, Schema)> {
    let schema = Schema::new()?;
    let store = schema.store_with(|builder| builder.parallelism(ranges));
    Some((store, schema))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn any_number_of_ranges_gives_the_same_answers(ranges in 1..=9_usize, seed in any::<u64>()) {
        history_of_seed(|| Some(sqlite(ranges)), seed);
    }

    #[test]
    fn any_number_of_ranges_gives_the_same_answers_in_postgres(ranges in 1..=6_usize, seed in any::<u64>()) {
        history_of_seed(|| postgres(ranges), seed);
    }
}

#[test]
fn all_ranges_see_the_same_facts() {
    let (store, _directory) = sqlite(8);
    batches_are_seen_whole(&store);
}

#[test]
fn all_ranges_see_the_same_facts_in_postgres() {
    if let Some((store, _schema)) = postgres(8) {
        batches_are_seen_whole(&store);
    }
}

/// While batches are written that have a unit in each range, each answer has all units of a batch or none.
fn batches_are_seen_whole(store: &dyn Store) {
    const ANSWERS: usize = 40;
    store.write(&one_unit_in_each_range(0)).unwrap();
    let question = Question::new(phase(), Timestamp::MAX);
    let done = AtomicBool::new(false);
    let write = || {
        for number in 1.. {
            store.write(&one_unit_in_each_range(number)).unwrap();
            if done.load(Relaxed) {
                return number;
            }
        }
        0
    };
    let written = thread::scope(|scope| {
        let writer = scope.spawn(write);
        let answer = |_| store.attribute(&question).unwrap().unwrap();
        let units = (0..ANSWERS)
            .map(answer)
            .map(|answer| answer.units.values().sum());
        let units: Vec<u64> = units.collect();
        done.store(true, Relaxed);
        assert!(
            units.is_sorted() && units.iter().all(|units| units % 8 == 0),
            "{units:?}"
        );
        writer.join().unwrap()
    });
    assert!(written > 1, "nothing was written meanwhile");
}

fn one_unit_in_each_range(number: u64) -> Batch {
    let mut batch = Batch::default();
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
    let track = batch.track(&TrackName {
        phase: phase(),
        track: "long".into(),
        control: false,
    });
    for eighth in 0..8_u128 {
        let unit = Unit::from_bytes((eighth << 125 | u128::from(number)).to_be_bytes());
        batch
            .exposures
            .push(ExposureRow::new(track, unit, Timestamp::default(), writer));
    }
    batch
}

fn phase() -> PhaseName {
    PhaseName {
        set: "delay".into(),
        phase: 1,
        kind: "visitor".into(),
    }
}
