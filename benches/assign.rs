//! What assigning a key costs, beside one SHA-256 of the same message.
//!
//! `cargo bench --bench assign`. Compare within one run: machines differ, ratios do not.

#![allow(missing_docs, clippy::unwrap_used)]

use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use allocation_counter::measure;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sha2::{Digest, Sha256};
use tower_tracks::{DefinitionError, Key, MultiTrackSet, ParamTrackSet, SimpleTrackSet};

/// As long as a visitor's cookie.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODw";

/// A set of three tracks: control and two others.
fn delay(index: usize) -> SimpleTrackSet<u64> {
    let name = format!("delay-{index}");
    SimpleTrackSet::new(name)
        .track("short", 500)
        .track("long", 2000)
}

fn sets(count: usize) -> Result<MultiTrackSet, DefinitionError> {
    let builder = MultiTrackSet::builder();
    (0..count)
        .fold(builder, |builder, index| builder.add(delay(index)))
        .build()
}

fn tracks(count: usize) -> Result<MultiTrackSet, DefinitionError> {
    ParamTrackSet::new("delay-0", 1..count, |index| format!("t{index}")).build()
}

fn assign(sets: &MultiTrackSet) {
    let choice = sets.assign(black_box(KEY), &());
    black_box(choice.is_enrolled());
}

/// The floor: the message of set `delay-0` for the key, hashed at once.
fn hash(message: &str) {
    black_box(Sha256::digest(black_box(message)));
}

fn one_thread(c: &mut Criterion) {
    let mut group = c.benchmark_group("assign");
    group.throughput(Throughput::Elements(1));
    let message = format!("7:delay-0,{KEY}");
    group.bench_function("floor: one SHA-256", |b| b.iter(|| hash(&message)));
    for count in [1, 8] {
        let sets = sets(count).unwrap();
        group.bench_function(BenchmarkId::new("sets", count), |b| {
            b.iter(|| assign(&sets));
        });
        report_allocations(&format!("sets/{count}"), || assign(&sets));
    }
    for count in [100, 10_000] {
        let tracks = tracks(count).unwrap();
        group.bench_function(BenchmarkId::new("tracks", count), |b| {
            b.iter(|| assign(&tracks));
        });
    }
    let sets = sets(1).unwrap();
    group.bench_function("integer key", |b| {
        b.iter(|| black_box(sets.assign(black_box(42_u64), &()).is_enrolled()));
    });
    group.bench_function("key of two parts", |b| {
        let key = Key::parts(["HU", "42"]);
        b.iter(|| black_box(sets.assign(black_box(&key), &()).is_enrolled()));
    });
    group.finish();
}

/// Two threads at once; each does what one does, so that perfect scaling takes the same time.
fn two_threads(c: &mut Criterion) {
    let mut group = c.benchmark_group("two threads");
    group.throughput(Throughput::Elements(2));
    let message = format!("7:delay-0,{KEY}");
    let sets = sets(1).unwrap();
    group.bench_function("floor: one SHA-256", |b| {
        b.iter_custom(|iterations| at_once(iterations, || hash(&message)));
    });
    group.bench_function("sets/1", |b| {
        b.iter_custom(|iterations| at_once(iterations, || assign(&sets)));
    });
    group.finish();
}

fn at_once(iterations: u64, work: impl Fn() + Sync) -> Duration {
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..iterations).for_each(|_| work()));
        }
    });
    start.elapsed()
}

fn report_allocations(name: &str, work: impl FnOnce()) {
    println!("{name}: {} allocations", measure(work).count_total);
}

criterion_group!(benches, one_thread, two_threads);
criterion_main!(benches);
