//! What the store in ClickHouse takes in, and how long its answers take, beside PostgreSQL and SQLite.
//!
//! `.ci/postgres .ci/clickhouse cargo bench --bench clickhouse`. A million units each have an exposure and a
//! conversion; `-- --units 10000000` makes more of them, and `-- --test` few. `--only clickhouse` leaves the other
//! stores out. All stores must give the same answer.
//!
//! The units come in no order, in batches of 20,000 facts of one writer. The servers do not wait for the disk.

#![allow(missing_docs, clippy::unwrap_used)]

mod directory;
#[allow(dead_code, reason = "shared with the bench of records")]
mod facts;

use std::{
    env,
    time::{Duration, Instant},
};

use sqlx::{PgPool, QueryBuilder};
use tokio::runtime::{Builder, Runtime};
use tower_tracks::{
    assign::Sum,
    store::{
        AskedGoal, Attribution, ClickHouse, Measure, Postgres, Question, Sqlite, Store, Timestamp,
    },
};

use self::{directory::Directory, facts::batch};

const SET: &str = "delay";

/// How many units come in at a time, with two facts each.
const BATCH: u32 = 10_000;

/// How often each store answers.
const TURNS: usize = 3;

/// The schema, or the database, of the bench.
const NAME: &str = "bench_of_clickhouse";

/// What a store took, and its answer.
struct Measured {
    name: &'static str,
    best: Duration,
    answer: Attribution,
}

fn main() {
    let units = units();
    println!("{units} units with an exposure and a conversion each");
    let measured = [sqlite(units), postgres(units), clickhouse(units)];
    let measured: Vec<_> = measured.into_iter().flatten().collect();
    for pair in measured.windows(2) {
        assert!(pair[0].answer == pair[1].answer);
    }
    if let Some((last, others)) = measured.split_last() {
        for other in others {
            let ratio = last.best.as_secs_f64() / other.best.as_secs_f64();
            println!("{}: {ratio:.2} of the time of {}", last.name, other.name);
        }
    }
}

fn sqlite(units: u32) -> Option<Measured> {
    is_wanted("sqlite").then(|| {
        let directory = Directory::new();
        let store = Sqlite::open(directory.file("facts.db")).unwrap();
        measured("Sqlite", &store, units, || ())
    })
}

fn postgres(units: u32) -> Option<Measured> {
    let uri = server("postgres", "TRACKS_TEST_POSTGRES")?;
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let pool = runtime.block_on(PgPool::connect(&uri)).unwrap();
    let drop = format!("DROP SCHEMA IF EXISTS {NAME} CASCADE");
    execute(&runtime, &pool, &drop);
    let builder = Postgres::builder(pool.clone()).schema(NAME);
    let store = runtime.block_on(builder.connect()).unwrap();
    let measured = measured("Postgres", &store, units, || {
        execute(
            &runtime,
            &pool,
            &format!("VACUUM ANALYZE {NAME}.exposure, {NAME}.conversion"),
        );
    });
    execute(&runtime, &pool, &drop);
    Some(measured)
}

fn execute(runtime: &Runtime, pool: &PgPool, statement: &str) {
    let mut query = QueryBuilder::new(statement);
    runtime.block_on(query.build().execute(pool)).unwrap();
}

fn clickhouse(units: u32) -> Option<Measured> {
    let url = server("clickhouse", "TRACKS_TEST_CLICKHOUSE")?;
    let drop = || {
        let statement = format!("DROP DATABASE IF EXISTS {NAME} SYNC");
        ureq::post(&url).send(statement).unwrap();
    };
    drop();
    let store = ClickHouse::builder(&url).unwrap().database(NAME);
    let store = store.connect().unwrap();
    let measured = measured("ClickHouse", &store, units, || ());
    drop();
    Some(measured)
}

/// Fills a store, asks it, and prints what both took.
fn measured(name: &'static str, store: &dyn Store, units: u32, tidy: impl FnOnce()) -> Measured {
    let mut writing = Duration::ZERO;
    for first in (0..units).step_by(BATCH as usize) {
        let batch = batch(SET, first..units.min(first.saturating_add(BATCH)));
        let start = Instant::now();
        store.write(&batch).unwrap();
        writing += start.elapsed();
    }
    let rate = 2.0 * f64::from(units) / writing.as_secs_f64();
    println!("{name}: {rate:.0} new facts a second");
    tidy();
    let asked = AskedGoal::new(facts::goal(), Measure::Total(Sum::Value));
    let question = Question::new(facts::phase(SET), Timestamp::MAX).goal(asked);
    let mut best = Duration::MAX;
    let mut answer = Attribution::default();
    for _ in 0..TURNS {
        let start = Instant::now();
        answer = store.attribute(&question).unwrap().unwrap();
        best = best.min(start.elapsed());
        assert_eq!(answer.units.values().sum::<u64>(), u64::from(units));
    }
    println!("{name}: an answer takes {} ms", best.as_millis());
    Measured { name, best, answer }
}

/// Returns the address of a server, if it is wanted.
fn server(name: &str, variable: &str) -> Option<String> {
    let address = env::var(variable).ok();
    if is_wanted(name) && address.is_none() {
        eprintln!("SKIPPED: {variable} names no server, so nothing of it was measured");
    }
    address.filter(|_| is_wanted(name))
}

fn is_wanted(name: &str) -> bool {
    option("--only").is_none_or(|only| only.split(',').any(|wanted| wanted == name))
}

fn option(name: &str) -> Option<String> {
    let mut arguments = env::args();
    arguments.find(|argument| argument == name)?;
    arguments.next()
}

/// `cargo bench -- --test` only shows that it runs.
fn units() -> u32 {
    match option("--units") {
        Some(units) => units.parse().unwrap(),
        None if env::args().any(|argument| argument == "--test") => 20_000,
        None => 1_000_000,
    }
}
