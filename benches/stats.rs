//! What it costs to read results: one comparison of each kind, and a whole set.
//!
//! `cargo bench --bench stats`. A set of five tracks and ten goals has to be read in 5 ms, one
//! comparison made in 50 µs. Included is everything from sufficient statistics to sentences.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use tower_tracks::stats::{
    Comparison, Counted, GoalCounts, Headcount, Look, Mean, NoAnswer, Rate, Ratio, Role, SetCounts,
    Test, TrackCounts, Wanted, chances, compare_means, compare_rates, compare_ratios, ratio_p,
    read,
};

const TRACKS: u64 = 5;
const GOALS: u64 = 10;

fn rate(track: u64) -> Rate {
    Rate {
        units: 20_000 + 10 * track,
        converters: 1000 + 37 * track,
    }
}

fn mean(track: u64) -> Mean {
    Mean {
        units: 20_000 + 10 * track,
        mean: 12.0 + 0.1 * track as f64,
        variance: 400.0,
        ..Mean::default()
    }
}

fn ratio(track: u64) -> Ratio {
    Ratio {
        units: 20_000 + 10 * track,
        rows: 20_000 + 10 * track,
        numerator: 0.3 + 0.01 * track as f64,
        denominator: 8.0,
        numerator_variance: 0.5,
        denominator_variance: 50.0,
        covariance: 1.0,
        ..Ratio::default()
    }
}

/// Of one kind of goal, or of all in turn.
fn set(kind: impl Fn(u64, u64) -> Counted) -> SetCounts {
    let goal = |goal: u64| {
        let cell = |track: u64| TrackCounts {
            halves: Some([kind(goal, track), kind(goal, track)]),
            ..kind(goal, track).into()
        };
        let role = match goal {
            0 => Role::Primary,
            _ => Role::Exploratory,
        };
        let cells: Vec<TrackCounts> = (0..TRACKS).map(cell).collect();
        GoalCounts::new(role, Wanted::More, cells)
    };
    let headcount = |track: u64| Headcount {
        weight: 1.0,
        units: rate(track).units,
    };
    SetCounts {
        tracks: (0..TRACKS).map(headcount).collect(),
        days: 14.0,
        goals: (0..GOALS).map(goal).collect(),
        ..SetCounts::default()
    }
}

fn comparisons(c: &mut Criterion) {
    let mut group = c.benchmark_group("one comparison");
    for (name, test) in [
        ("always valid", Test::always_valid(0.05).unwrap()),
        ("fixed", Test::fixed(0.05).unwrap()),
    ] {
        let mut bench = |kind: &str, compare: &dyn Fn() -> Result<Comparison, NoAnswer>| {
            group.bench_function(format!("{kind}, {name}"), |b| b.iter(compare));
        };
        let few = Rate {
            units: 1_000_000_000,
            converters: 3,
        };
        bench("rates", &|| {
            compare_rates(&black_box(rate(0)), &rate(1), &test)
        });
        bench("rare rates", &|| {
            compare_rates(&black_box(few), &rate(1), &test)
        });
        bench("means", &|| {
            compare_means(&black_box(mean(0)), &mean(1), &test)
        });
        bench("ratios", &|| {
            compare_ratios(&black_box(ratio(0)), &ratio(1), &test)
        });
    }
    group.finish();
}

fn sets(c: &mut Criterion) {
    let mut group = c.benchmark_group("a set of five tracks and ten goals");
    let rates = set(|_, track| Counted::Rate(rate(track)));
    let all = set(|goal, track| match goal % 3 {
        0 => Counted::Rate(rate(track)),
        1 => Counted::Mean(mean(track)),
        _ => Counted::Ratio(ratio(track)),
    });
    for (name, counts) in [("rates", rates), ("of all kinds", all)] {
        group.bench_function(format!("{name}, at every look"), |b| {
            b.iter(|| sentences(black_box(&counts)));
        });
        let planned = planned(&counts);
        group.bench_function(format!("{name}, a plan of 28 looks"), |b| {
            b.iter(|| sentences(black_box(&planned)));
        });
    }
    group.finish();
}

/// The same set with a plan that nothing decides before its last look.
fn planned(counts: &SetCounts) -> SetCounts {
    let mut counts = counts.clone();
    let control = counts.goals[0].cells[0];
    let look = |look: u32| Look {
        information: f64::from(look) / 28.0,
        cells: vec![control; TRACKS as usize],
        live: (1..TRACKS as usize).collect(),
        sharing: TRACKS as usize - 1,
    };
    counts.goals[0].plan = Some((1..=28).map(look).collect());
    counts
}

/// Reads the set and writes every sentence.
fn sentences(counts: &SetCounts) -> usize {
    let readout = read(counts, &Test::always_valid(0.05).unwrap()).unwrap();
    let tracks = readout.goals.iter().flat_map(|goal| &goal.tracks);
    tracks.map(|track| track.verdict.to_string().len()).sum()
}

fn others(c: &mut Criterion) {
    let tracks: Vec<Rate> = (0..TRACKS).map(rate).collect();
    c.bench_function("chances of five tracks", |b| {
        b.iter(|| chances(black_box(&tracks)));
    });
    let headcounts = set(|_, track| Counted::Rate(rate(track))).tracks;
    c.bench_function("sample ratio of five tracks", |b| {
        b.iter(|| ratio_p(black_box(&headcounts)));
    });
}

criterion_group!(benches, comparisons, sets, others);
criterion_main!(benches);
