//! How much sooner a report is ready when ranges of units are read side by side.
//!
//! `cargo bench --bench ranges`, and for PostgreSQL `.ci/postgres cargo bench --bench ranges`. A million units
//! each have an exposure and a conversion; `-- --units 10000000` makes more of them, and `-- --test` few. Both
//! ways take turns, and must give the same answer. With `--sharper`, each exposure has a segment, and the question asks
//! for the totals before the exposure and for each day after it, as that of a report with all of it.

#![allow(missing_docs, clippy::unwrap_used)]

mod directory;
#[allow(dead_code, reason = "shared with the bench of records")]
mod facts;

use std::{
    env,
    time::{Duration, Instant},
};

use sqlx::{PgPool, QueryBuilder};
use tokio::runtime::Builder;
use tower_tracks::{
    assign::Sum,
    store::{AskedGoal, Measure, Postgres, Question, Sqlite, Store, Timestamp},
};

use self::{directory::Directory, facts::batch};

const SET: &str = "delay";

/// How many facts come in at a time.
const BATCH: u32 = 20_000;

/// A day.
const DAY: Duration = Duration::from_secs(86_400);

/// How often each way answers.
const TURNS: usize = 3;

fn main() {
    let units = units();
    println!("{units} units with an exposure and a conversion each");
    sqlite(units);
    postgres(units);
}

fn sqlite(units: u32) {
    let directory = Directory::new();
    let open = |ranges| {
        let store = Sqlite::open(directory.file("facts.db")).unwrap();
        store.parallelism(ranges)
    };
    fill(&open(1), units);
    compare("Sqlite", units, |ranges| Box::new(open(ranges)));
}

fn postgres(units: u32) {
    let Ok(uri) = env::var("TRACKS_TEST_POSTGRES") else {
        eprintln!("SKIPPED: TRACKS_TEST_POSTGRES names no database, so nothing of it was measured");
        return;
    };
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let pool = runtime.block_on(PgPool::connect(&uri)).unwrap();
    let execute = |statement: &str| {
        let mut query = QueryBuilder::new(statement);
        runtime.block_on(query.build().execute(&pool)).unwrap();
    };
    execute("DROP SCHEMA IF EXISTS ranges CASCADE");
    let open = |ranges| {
        let builder = Postgres::builder(pool.clone()).schema("ranges");
        runtime
            .block_on(builder.parallelism(ranges).connect())
            .unwrap()
    };
    fill(&open(1), units);
    execute("VACUUM ANALYZE ranges.exposure, ranges.conversion");
    compare("Postgres", units, |ranges| Box::new(open(ranges)));
    execute("DROP SCHEMA ranges CASCADE");
}

/// Writes the facts.
fn fill(store: &dyn Store, units: u32) {
    for first in (0..units).step_by(BATCH as usize) {
        let next = units.min(first.saturating_add(BATCH));
        let mut batch = batch(SET, first..next);
        if is_sharper() {
            let segments = ["desktop", "mobile", "other"].map(|name| batch.segment(&name.into()));
            for (exposure, segment) in batch.exposures.iter_mut().zip(segments.iter().cycle()) {
                exposure.segment = Some(*segment);
            }
        }
        store.write(&batch).unwrap();
    }
}

/// Prints the shortest times of one range, and of two ranges side by side.
fn compare(name: &str, units: u32, open: impl Fn(usize) -> Box<dyn Store>) {
    let asked = AskedGoal::new(facts::goal(), Measure::Total(Sum::Value));
    let question = Question::new(facts::phase(SET), Timestamp::MAX);
    let question = match is_sharper() {
        false => question.goal(asked),
        true => {
            let of_day = |day: u32| asked.clone().window_from(day * DAY).window((day + 1) * DAY);
            let days = (0..7).map(of_day);
            days.fold(
                question.goal(asked.clone().lookback(28 * DAY)),
                Question::goal,
            )
        }
    };
    let stores = [1, 2].map(open);
    let mut best = [Duration::MAX; 2];
    for turn in 0..TURNS {
        let mut answers = Vec::new();
        for (store, best) in stores.iter().zip(&mut best) {
            let start = Instant::now();
            let answer = store.attribute(&question).unwrap().unwrap();
            let taken = start.elapsed();
            println!("  {name}, turn {turn}: {} ms", taken.as_millis());
            *best = taken.min(*best);
            answers.push(answer);
        }
        assert!(answers[0] == answers[1]);
        assert_eq!(answers[0].units.values().sum::<u64>(), u64::from(units));
    }
    let ratio = best[0].as_secs_f64() / best[1].as_secs_f64();
    let [one, two] = best.map(|time| time.as_millis());
    println!("{name}: one range {one} ms, two side by side {two} ms, {ratio:.2} x as fast");
}

/// Whether the question is that of a report with segments, a lookback and days since the exposure.
fn is_sharper() -> bool {
    env::args().any(|argument| argument == "--sharper")
}

/// `cargo bench -- --test` only shows that it runs.
fn units() -> u32 {
    let mut arguments = env::args();
    if env::args().any(|argument| argument == "--test") {
        return 60_000;
    }
    match arguments.find(|argument| argument == "--units") {
        Some(_) => arguments.next().unwrap().parse().unwrap(),
        None => 1_000_000,
    }
}
