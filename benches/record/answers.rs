use std::time::Instant;

use tower_tracks::assign::Sum;
use tower_tracks::store::{AliasRow, AskedGoal, Batch, Measure, Question, Store, Timestamp};

use super::{
    SET, Size,
    facts::{START, batch, goal, phase, unit},
};

/// How many facts come in at a time.
const BATCH: u32 = 10_000;

/// Prints how long a store takes to attribute one goal, by day and coin; then again, with a tenth
/// of the units aliased.
pub(super) fn all(name: &str, store: &dyn Store, size: Size) {
    for first in (0..size.units).step_by(BATCH as usize) {
        let next = size.units.min(first + BATCH);
        store.write(&batch(SET, first..next)).unwrap();
    }
    let facts = format!("{0} units, {0} conversions", size.units);
    ask(&format!("{name}: {facts}"), store, size);
    store.write(&aliases(0..size.units / 10)).unwrap();
    let aliased = size.units / 10;
    ask(&format!("{name}: {facts}, {aliased} aliases"), store, size);
}

fn ask(name: &str, store: &dyn Store, size: Size) {
    let asked = AskedGoal::new(goal(), Measure::Total(Sum::Value));
    let question = Question::new(phase(SET), Timestamp::MAX).goal(asked);
    let times = (0..size.questions).map(|_| {
        let start = Instant::now();
        let answer = store.attribute(&question).unwrap().unwrap();
        assert_eq!(answer.units.values().sum::<u64>(), u64::from(size.units));
        start.elapsed().as_millis()
    });
    let mut times: Vec<u128> = times.collect();
    times.sort_unstable();
    let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
    println!("answer: {name}: {median} ms, at most {most} ms");
}

/// Returns who these visitors are: each the one before it.
fn aliases(units: std::ops::Range<u32>) -> Batch {
    let mut batch = Batch::default();
    for number in units {
        let (visitor, user) = (unit(number.into()), unit(u64::from(number).wrapping_sub(1)));
        let row = AliasRow::new(visitor, user, Timestamp::from_micros(START));
        batch.aliases.push(row);
    }
    batch
}
