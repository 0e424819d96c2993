//! What assigning a key costs, beside one SHA-256 of the same message.
//!
//! `cargo bench --bench assign`. Compare within one run: machines differ, ratios do not.

#![allow(missing_docs, clippy::unwrap_used)]

mod turns;

use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use allocation_counter::measure;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sha2::{Digest, Sha256};
use tower_tracks::{DefinitionError, Key, MultiTrackSet, ParamTrackSet, SimpleTrackSet};

use self::turns::Times;

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

fn assign(sets: &MultiTrackSet, key: &str) {
    let choice = sets.assign(black_box(key), &());
    black_box(choice.is_enrolled());
}

/// The message of set `delay-0` for a key.
fn message(key: &str) -> String {
    format!("7:delay-0,{key}")
}

/// The floor: the message, hashed at once.
fn hash(message: &str) {
    black_box(Sha256::digest(black_box(message)));
}

fn one_thread(c: &mut Criterion) {
    let mut group = c.benchmark_group("assign");
    group.throughput(Throughput::Elements(1));
    let message = message(KEY);
    group.bench_function("floor: one SHA-256", |b| b.iter(|| hash(&message)));
    for count in [1, 8] {
        let sets = sets(count).unwrap();
        group.bench_function(BenchmarkId::new("sets", count), |b| {
            b.iter(|| assign(&sets, KEY));
        });
        report_allocations(&format!("sets/{count}"), || assign(&sets, KEY));
    }
    for count in [100, 10_000] {
        let tracks = tracks(count).unwrap();
        group.bench_function(BenchmarkId::new("tracks", count), |b| {
            b.iter(|| assign(&tracks, KEY));
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
    let message = message(KEY);
    let sets = sets(1).unwrap();
    group.bench_function("floor: one SHA-256", |b| {
        b.iter_custom(|iterations| on_threads(2, iterations, || hash(&message)));
    });
    group.bench_function("sets/1", |b| {
        b.iter_custom(|iterations| on_threads(2, iterations, || assign(&sets, KEY)));
    });
    group.finish();
}

/// Prints what one set and eight cost beside SHA-256, over many visitors: which of the eight is
/// chosen is not to be foretold.
fn in_turns(_: &mut Criterion) {
    const ROUNDS: usize = 1000;
    let keys: Vec<String> = (0..1000).map(|visitor| format!("{visitor:022}")).collect();
    let messages: Vec<String> = keys.iter().map(|key| message(key)).collect();
    let (one, eight) = (sets(1).unwrap(), sets(8).unwrap());
    let times = turns::take(
        ROUNDS,
        &mut [
            &mut || timed(|| messages.iter().for_each(|message| hash(message))),
            &mut || timed(|| keys.iter().for_each(|key| assign(&one, key))),
            &mut || timed(|| keys.iter().for_each(|key| assign(&eight, key))),
        ],
    );
    let [floor, one, eight] = times.each_ref();
    let ratio = |ours: &Times, theirs: &Times| ours.over(theirs).median();
    println!(
        "in turns: one set is {:.2} x one SHA-256",
        ratio(one, floor)
    );
    println!(
        "in turns: eight sets are {:.2} x eight SHA-256",
        ratio(eight, floor) / 8.0
    );
    println!(
        "in turns: eight sets are {:.2} x one set",
        ratio(eight, one)
    );
}

/// Prints how assigning scales from one thread to two, beside how SHA-256 does.
fn in_turns_on_threads(_: &mut Criterion) {
    const ROUNDS: usize = 200;
    const TIMES: u64 = 30_000;
    let message = message(KEY);
    let sets = sets(1).unwrap();
    let times = turns::take(
        ROUNDS,
        &mut [
            &mut || on_threads(1, TIMES, || hash(&message)),
            &mut || on_threads(2, TIMES, || hash(&message)),
            &mut || on_threads(1, TIMES, || assign(&sets, KEY)),
            &mut || on_threads(2, TIMES, || assign(&sets, KEY)),
        ],
    );
    let [bare_one, bare_two, one, two] = times.each_ref();
    // Two do twice the work.
    let (bare, ours) = (bare_one.over(bare_two), one.over(two));
    println!(
        "in turns: two threads do {:.2} x as much as one, of SHA-256 {:.2} x: {:.2} x as well",
        2.0 * ours.median(),
        2.0 * bare.median(),
        ours.over(&bare).median()
    );
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Has each of so many threads do the work so many times at once, and returns what the slowest
/// took.
fn on_threads(threads: usize, times: u64, work: impl Fn() + Sync) -> Duration {
    let start = Barrier::new(threads);
    let run = || {
        start.wait();
        timed(|| (0..times).for_each(|_| work()))
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let took = running.into_iter().map(|thread| thread.join().unwrap());
        took.max().unwrap()
    })
}

fn report_allocations(name: &str, work: impl FnOnce()) {
    println!("{name}: {} allocations", measure(work).count_total);
}

criterion_group!(
    benches,
    in_turns,
    in_turns_on_threads,
    one_thread,
    two_threads
);
criterion_main!(benches);
