//! How long the answer to the question of a report takes, how much memory, and how much disk: by `Sqlite`, and by
//! the engines of data warehouses.
//!
//! `.ci/warehouse cargo bench --bench warehouse -- --units 100000000`. Each unit has an exposure and a conversion;
//! without `--units` there are a million. `--only duckdb` leaves the others out. All answers must have the same
//! numbers.
//!
//! Units come in their order, so that many can be loaded in a short time. In a real database they come in none.

#![allow(missing_docs, clippy::unwrap_used)]

mod directory;

use std::{env, fs, path::Path, process::Command, sync::Arc, time::Instant};

use tower_tracks::{
    Goal,
    assign::Sum,
    store::{
        AskedGoal, Attribute, Attribution, Batch, ConversionRow, ExposureRow, Measure, PhaseName,
        Question, Sqlite, Store, Timestamp, TrackName, WriterRow,
    },
    unit::Unit,
    warehouse::{Cells, Dialect, sql},
};

use self::directory::Directory;

const START: i64 = 20_458 * 86_400_000_000;

/// An odd number, so that products with it are all different.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

const TRACKS: [&str; 2] = ["control", "long"];

/// How many facts come in at a time.
const BATCH: usize = 1_000_000;

const ENGINES: [(&str, Dialect); 2] = [
    ("duckdb", Dialect::Standard),
    ("clickhouse", Dialect::ClickHouse),
];

fn main() {
    let units = units();
    println!("{units} units with an exposure and a conversion each");
    let directory = Directory::new();
    let file = directory.file("facts.db");
    let store = Sqlite::open(&file).unwrap();
    let is_wanted = |name: &str| option("--only").is_none_or(|only| only == name);
    // The question names the tracks of the phase, so the store has at least one of each.
    fill(&store, if is_wanted("sqlite") { units } else { 2 });
    let question = question();
    let phases = store.phases().unwrap();
    let mut answers = Vec::new();
    if is_wanted("sqlite") {
        let before = Instant::now();
        answers.push(store.attribute(&question).unwrap().unwrap());
        let size = ["facts.db", "facts.db-wal"].map(|name| size(&directory.file(name)));
        report(
            "sqlite",
            before.elapsed().as_secs_f64(),
            peak(),
            size.iter().sum(),
        );
    }
    let Ok(python) = env::var("TRACKS_TEST_WAREHOUSE") else {
        eprintln!(
            "SKIPPED: TRACKS_TEST_WAREHOUSE names no Python, so no other engine was measured"
        );
        return;
    };
    for (engine, dialect) in ENGINES {
        if !is_wanted(engine) {
            continue;
        }
        let cells = directory.file(&format!("{engine}.csv"));
        let text = directory.file(&format!("{engine}.sql"));
        fs::write(&text, sql(&question, &phases, dialect).unwrap()).unwrap();
        let mut command = Command::new(&python);
        command.arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/benches/record/warehouse.py"
        ));
        command
            .args([engine, &units.to_string()])
            .arg(directory.file("lake"));
        let ran = command.arg(&text).arg(&cells).status().unwrap();
        assert!(ran.success(), "{engine}");
        answers.push(Cells::at(&cells).attribute(&question).unwrap().unwrap());
    }
    check(&answers, units);
}

/// Writes the facts, in the order of units.
fn fill(store: &Sqlite, units: u64) {
    let mut numbers: Vec<u64> = (0..units).collect();
    numbers.sort_unstable_by_key(|number| number.wrapping_mul(SPREAD));
    for chunk in numbers.chunks(BATCH) {
        store.write(&batch(chunk)).unwrap();
    }
}

fn batch(numbers: &[u64]) -> Batch {
    let mut batch = Batch::default();
    let start = Timestamp::from_micros(START);
    let writer = batch.writer(&WriterRow::new([7; 16], start).node("bench"));
    let tracks = TRACKS.map(|name| {
        batch.track(&TrackName {
            phase: phase(),
            track: Arc::from(name),
            control: name == "control",
        })
    });
    let goal = batch.goal(&Goal::new("purchase").unwrap());
    for &number in numbers {
        let mut bytes = [1; 16];
        bytes[..8].copy_from_slice(&number.wrapping_mul(SPREAD).to_be_bytes());
        let unit = Unit::from_bytes(bytes);
        // The same in `warehouse.py`.
        let at = START + (number % 1_209_600) as i64 * 1_000_000;
        let [at, later] = [at, at + 3_600_000_000].map(Timestamp::from_micros);
        let track = tracks[(number / 3 % 2) as usize];
        batch
            .exposures
            .push(ExposureRow::new(track, unit, at, writer));
        let conversion = ConversionRow::new(goal, unit, bytes, later, writer);
        batch
            .conversions
            .push(conversion.value((number % 1_000 * 1_000_000) as i64));
    }
    batch
}

fn phase() -> PhaseName {
    PhaseName {
        set: Arc::from("delay"),
        phase: 1,
        kind: Arc::from("visitor"),
    }
}

fn question() -> Question {
    let goal = Goal::new("purchase").unwrap();
    let as_of = Timestamp::from_micros(START + 30 * 86_400_000_000);
    Question::new(phase(), as_of).goal(AskedGoal::new(goal, Measure::Total(Sum::Value)))
}

fn check(answers: &[Attribution], units: u64) {
    for answer in answers {
        assert_eq!(answer.units.values().sum::<u64>(), units);
        assert!(*answer == answers[0]);
    }
}

fn report(name: &str, seconds: f64, peak: u64, disk: u64) {
    let [peak, disk] = [peak, disk].map(|bytes| bytes as f64 / 1e9);
    println!("{name}: {seconds:.1} s, {peak:.2} GB of memory at most, {disk:.2} GB of disk");
}

/// Returns the greatest memory of this process in bytes, where the system tells it.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.parse::<u64>().unwrap() * 1024)
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

fn option(name: &str) -> Option<String> {
    let mut arguments = env::args();
    arguments.find(|argument| argument == name)?;
    arguments.next()
}

/// `cargo bench -- --test` only shows that it runs.
fn units() -> u64 {
    match option("--units") {
        Some(units) => units.parse().unwrap(),
        None if env::args().any(|argument| argument == "--test") => 10_000,
        None => 1_000_000,
    }
}
