//! A report of one phase from its cells: five tracks, ten goals, thirty days, two sides of the coin,
//! and the sums over requests of all buckets. Reading a store comes on top. The same of two tracks
//! and four thousand goals, and what it costs to attribute these, of which hardly any is reached. And
//! a recorder that loses conversions of forty thousand goals, from the first to the end of all.

#![allow(missing_docs, clippy::expect_used)]

use std::{collections::BTreeMap, hint::black_box, sync::Arc, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use tower_tracks::{
    Goal, Key, Metric, Plan, SimpleTrackSet, Units,
    assign::Set,
    record::{Record, Recorder, Sink, SinkError, Taken},
    report::{ChangeHistory, PhaseFacts, PhaseReport, StatedPlan},
    store::{
        Attribute, AttributedGoal, Attribution, Batch, Cohort, ConversionRow, Definition,
        ExposureRow, GoalCells, Memory, Overlap, Phase, PhaseName, PlanEntry, RequestSums,
        ServedDefinition, Store, Timestamp, TrackName, WriterRow,
    },
    unit::Unit,
};

const GOALS: usize = 4_000;

const TRACKS: [&str; 5] = ["control", "a", "b", "c", "d"];

/// 2026-03-01, and thirty days later.
const DAYS: std::ops::Range<i32> = 20_513..20_543;

/// Half of the goals are rates, half are values.
fn plan(goals: usize) -> Plan {
    let goal = |index: usize| format!("goal-{index}");
    let plan = Plan::default().primary(Metric::rate(goal(0)));
    let plan = (1..goals / 2).fold(plan, |plan, index| {
        plan.exploratory(Metric::rate(goal(index)))
    });
    (goals / 2..goals).fold(plan, |plan, index| {
        plan.exploratory(Metric::value(goal(index)))
    })
}

fn keys(tracks: &[&'static str]) -> impl Iterator<Item = Cohort> {
    tracks.iter().copied().flat_map(|track| {
        DAYS.flat_map(move |day| {
            [true, false].map(|coin| Cohort::new(track.into(), day).coin(coin).definition(0))
        })
    })
}

fn cell(index: i128) -> GoalCells {
    let converters = 100 + (index % 7) as u64;
    let mut cells = GoalCells::default();
    let closed = &mut cells.closed;
    (closed.units, closed.converters) = (1000, converters);
    closed.sum = i128::from(converters) * 20_000_000;
    closed.sum_sq = (i128::from(converters) * 500_000_000_000_000).into();
    (closed.sum_abs, closed.largest) = (closed.sum, 40_000_000);
    cells
}

fn phase(name: PhaseName, set: &Set, goals: usize, tracks: Vec<TrackName>) -> Phase {
    let json = serde_json::to_string(set).expect("it can be written");
    let plan = serde_json::to_string(&plan(goals)).expect("it can be written");
    let (at, fingerprint) = (Timestamp::default(), *set.fingerprint().as_bytes());
    let mut phase = Phase::new(name);
    phase.definitions = vec![Definition::new(fingerprint, json.into(), at)];
    phase.plans = vec![PlanEntry::new(at, plan.into())];
    phase.tracks = tracks;
    phase
}

fn facts(tracks: &[&'static str], goals: usize) -> PhaseFacts {
    let track_names = tracks;
    let set = tracks[1..]
        .iter()
        .fold(SimpleTrackSet::new("pricing"), |set, name| {
            set.track(*name, ())
        });
    let sets = set.build().expect("it is a definition");
    let set = sets.sets().next().expect("there is one");
    let name = PhaseName::of(set);
    let tracks = set.tracks().iter().map(|track| TrackName::of(set, track));
    let tracks: Vec<TrackName> = tracks.collect();
    let fingerprint = *set.fingerprint().as_bytes();
    let phase = phase(name, set, goals, tracks.clone());
    let cells: BTreeMap<Cohort, GoalCells> = keys(track_names).zip((0..).map(cell)).collect();
    let mut goal = AttributedGoal::default();
    goal.cells = cells;
    let day = |day: i32| Timestamp::from_micros(i64::from(day) * 86_400_000_000);
    let exposed = (day(DAYS.start), day(DAYS.end));
    let sums = tracks.iter().flat_map(|track| {
        (0..1024_u16).map(|bucket| {
            let mut sums = RequestSums::default();
            sums.requests = 200 + u64::from(bucket % 50);
            sums.errors = u64::from(bucket % 3);
            sums.aborted = u64::from(bucket % 2);
            sums.duration_us = 2_000_000 + u64::from(bucket) * 1000;
            ((track.clone(), bucket), sums)
        })
    });
    let mut attribution = Attribution::default();
    attribution.units = keys(track_names).map(|key| (key, 1000)).collect();
    attribution.exposed = Some(exposed);
    attribution.definitions = vec![ServedDefinition::new(fingerprint, Some(exposed))];
    attribution.goals = vec![goal; goals];
    PhaseFacts {
        former_names: Vec::new(),
        busiest: None,
        plan: StatedPlan::of(&phase, &[]),
        attribution,
        sums: sums.collect(),
        latencies: BTreeMap::new(),
        by_age: Vec::new(),
        caps: Vec::new(),
        losses: Vec::new(),
        conversions: Some(Arc::default()),
        unplanned: Vec::new(),
        overlap: Overlap::default(),
        recorded_decision: None,
        as_of: Timestamp::from_micros(i64::from(DAYS.end) * 86_400_000_000),
        closed_at: None,
        history: ChangeHistory::default(),
        decision: None,
        phase,
    }
}

fn report(criterion: &mut Criterion) {
    let facts = facts(&TRACKS, 10);
    criterion.bench_function("report of five tracks and ten goals", |bencher| {
        bencher.iter(|| PhaseReport::of(black_box(&facts)));
    });
    many_goals(criterion);
    lost_goals(criterion);
    let phase = PhaseReport::of(&facts).expect("its sums are small");
    criterion.bench_function("the same as JSON", |bencher| {
        bencher.iter(|| serde_json::to_string(black_box(&phase)));
    });
}

fn many_goals(criterion: &mut Criterion) {
    let facts = facts(&TRACKS[..2], GOALS);
    let mut group = criterion.benchmark_group("four thousand goals");
    group.sample_size(10);
    group.bench_function("report of two tracks", |bencher| {
        bencher.iter(|| PhaseReport::of(black_box(&facts)));
    });
    let store = visited(&facts);
    let question = facts.plan.question(&facts.phase.name, facts.as_of);
    group.bench_function("attributing 10,000 units", |bencher| {
        bencher.iter(|| store.attribute(black_box(&question)));
    });
    group.finish();
}

/// Takes nothing.
struct Refuses;

impl Sink for Refuses {
    fn name(&self) -> &str {
        "refuses"
    }

    fn write(&mut self, _: &[Record]) -> Result<Taken, SinkError> {
        Err(SinkError::refused("no"))
    }
}

/// Lost events are written to the store at the end.
fn lost_goals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("forty thousand goals");
    group.sample_size(10);
    group.bench_function("losing a conversion of each", |bencher| {
        bencher.iter(|| {
            let recorder = Recorder::builder(Units::raw()).queue(65_536).sink(Refuses);
            let recorder = recorder
                .store(Memory::default())
                .start()
                .expect("it starts");
            for number in 0..40_000 {
                let reached = recorder.reached(&Key::from(1), &format!("goal-{number}"));
                reached.once("1").expect("it is a goal");
            }
            recorder.shutdown(Duration::from_secs(60)).wait()
        });
    });
    group.finish();
}

/// Units of which each reached one goal.
fn visited(facts: &PhaseFacts) -> Memory {
    let (store, mut batch) = (Memory::default(), Batch::default());
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
    let tracks = facts.phase.tracks.iter();
    let tracks: Vec<u32> = tracks.map(|track| batch.track(track)).collect();
    let first_at = Timestamp::from_micros(i64::from(DAYS.start) * 86_400_000_000);
    for number in 0..10_000_u128 {
        let unit = Unit::from_bytes(number.to_be_bytes());
        let track = tracks[number as usize % tracks.len()];
        let exposure = ExposureRow::new(track, unit, first_at, writer);
        batch.exposures.push(exposure);
        let goal = Goal::new(&format!("goal-{}", number % GOALS as u128)).expect("it is a name");
        let conversion = ConversionRow::new(batch.goal(&goal), unit, [0; 16], first_at, writer);
        batch.conversions.push(conversion);
    }
    store.write(&batch).expect("it refers to what it lists");
    store
}

criterion_group!(benches, report);
criterion_main!(benches);
