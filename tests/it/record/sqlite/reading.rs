//! One moment is read, however much is written meanwhile.

use std::sync::mpsc;

use tower_tracks::{
    Goal,
    assign::Sum,
    store::{AskedGoal, Attribute, Measure, Question, Sqlite, Store, Timestamp},
};

use super::{
    directory::Directory,
    facts::{exposures, phase},
};

/// A dump is a snapshot, comes in batches, and may go into the very store that it is of.
#[test]
fn a_dump_is_of_one_moment() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.write(&exposures(0..10_000)).unwrap();
    let (mut rows, mut largest) = (0, 0);
    let mut next = 10_000;
    let dump = store.dump(&mut |batch| {
        (rows, largest) = (rows + batch.rows(), batch.rows().max(largest));
        store.write(&batch)?;
        store.write(&exposures(next..next + 1000))?;
        next += 1000;
        Ok(())
    });
    dump.unwrap();
    assert_eq!((rows, largest), (10_000, 4096));
    let before = store.write(&exposures(0..next)).unwrap();
    assert_eq!(before.exposures.known, u64::from(next));
}

/// Results are counted while facts come in, and see whole batches alone.
#[test]
fn readers_see_whole_batches() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    store.write(&exposures(0..100)).unwrap();
    let purchase = Goal::new("purchase").unwrap();
    let asked = AskedGoal::new(purchase, Measure::Total(Sum::Count));
    let question = Question::new(phase(), Timestamp::MAX).goal(asked);
    let (over, is_over) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for batch in 1..50 {
                store
                    .write(&exposures(batch * 100..(batch + 1) * 100))
                    .unwrap();
            }
            over.send(()).unwrap();
        });
        for _ in 0..4 {
            scope.spawn(|| {
                let answer = store.attribute(&question).unwrap().unwrap();
                assert_eq!(answer.units.values().sum::<u64>() % 100, 0);
            });
        }
        while is_over.try_recv().is_err() {
            let answer = store.attribute(&question).unwrap().unwrap();
            assert_eq!(answer.units.values().sum::<u64>() % 100, 0);
        }
    });
}
