use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use tower_tracks::store::{Attribute, ErasedRow, Memory, Rows, Store, Timestamp, Written};

use super::{
    facts::{met, question, unit},
    schema::Schema,
};

/// Returns numbers below a limit, in no order, the same for each seed.
fn scattered(seed: u64, limit: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % limit
    })
}

#[test]
fn four_that_write_the_same_units() {
    let Some(schema) = Schema::new() else { return };
    let nodes = [0, 1, 2, 3].map(|seed| (seed, schema.node()));
    let write = |(seed, node): (u64, _)| {
        let (mut units, mut written) = (scattered(seed, 1_000), Written::default());
        for _ in 0..40 {
            written += Store::write(&node, &met(units.by_ref().take(200))).unwrap();
        }
        written
    };
    let written = thread::scope(|scope| {
        let nodes = nodes.map(|node| scope.spawn(move || write(node)));
        nodes.map(|node| node.join().unwrap())
    });
    let mut sum = Written::default();
    written.into_iter().for_each(|written| sum += written);
    for (rows, table) in [(sum.exposures, "exposure"), (sum.conversions, "conversion")] {
        let distinct = schema.number(&format!("SELECT count(*) FROM {{schema}}.{table}"));
        assert_eq!(rows.new, distinct as u64);
        assert_eq!(rows.new + rows.known + rows.erased, 4 * 40 * 200);
    }
    assert_eq!(sum.aliases, Rows::default());
    as_in_memory(&schema);
}

fn as_in_memory(schema: &Schema) {
    let memory = Memory::default();
    for seed in 0..4 {
        memory
            .write(&met(scattered(seed, 1_000).take(8_000)))
            .unwrap();
    }
    let answer = memory.attribute(&question()).unwrap();
    assert_eq!(schema.store().attribute(&question()).unwrap(), answer);
}

/// The same rows, each time with an earlier time, so that all of them are changed by all.
#[test]
fn four_that_know_better() {
    let Some(schema) = Schema::new() else { return };
    let nodes = [0_i64, 1, 2, 3].map(|seed| (seed, schema.node()));
    let write = |(seed, node): (i64, _)| {
        for turn in 0..30 {
            let mut batch = met(scattered(seed as u64 + turn, 300).take(200));
            for row in &mut batch.exposures {
                row.first_at = Timestamp::from_micros(-4 * turn as i64 - seed);
            }
            for row in &mut batch.conversions {
                row.at = Timestamp::from_micros(-4 * turn as i64 - seed);
            }
            Store::write(&node, &batch).unwrap();
        }
    };
    thread::scope(|scope| {
        for node in nodes {
            scope.spawn(move || write(node));
        }
    });
    assert_eq!(schema.number("SELECT count(*) FROM {schema}.exposure"), 300);
}

/// A unit that is erased during other writes is deleted up to that time.
#[test]
fn erasures_among_writers() {
    let Some(schema) = Schema::new() else { return };
    let (erasing, done) = (schema.node(), AtomicBool::new(false));
    let nodes = [0, 1, 2].map(|seed| (seed, schema.node()));
    thread::scope(|scope| {
        for (seed, node) in nodes {
            let (mut units, done) = (scattered(seed, 40), &done);
            scope.spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    node.write(&met(units.by_ref().take(20))).unwrap();
                }
            });
        }
        for number in 0..40 {
            let (unit, at) = (unit(number), Timestamp::from_micros(number as i64));
            erasing.erase(ErasedRow::new(unit, at)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    let facts = "SELECT (SELECT count(*) FROM {schema}.exposure) \
                 + (SELECT count(*) FROM {schema}.conversion)";
    assert_eq!(schema.number(facts), 0);
}
