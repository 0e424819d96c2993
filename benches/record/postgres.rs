//! What the store in PostgreSQL takes, beside a loop of the same statements without it.
//!
//! `.ci/postgres cargo bench --bench postgres`, whose server does not wait for the disk; with
//! `-- --test` all of it runs once, with few facts.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use sqlx::{PgPool, QueryBuilder};
use tokio::runtime::{Builder, Runtime};
use tower_tracks::{
    Goal,
    assign::Sum,
    store::{
        AskedGoal, Attribute, Batch, ConversionRow, DefinitionName, DefinitionRow, ExposureRow,
        Measure, PhaseName, Postgres, Question, Store, Timestamp, TrackName, WriterRow,
    },
    unit::Unit,
};

const VARIABLE: &str = "TRACKS_TEST_POSTGRES";

const DAY: i64 = 86_400_000_000;

/// How many facts go in one batch: as many exposures as conversions.
const BATCH: u64 = 1_000;

fn main() {
    throughput();
    attribution();
}

/// Prints how many new facts a second go in, by one writer, and how many by a bare loop.
fn throughput() {
    let Some(database) = Database::connect() else {
        return;
    };
    let batches = if is_test() { 2 } else { 300 };
    let store = database.store("bench");
    database.store("bench_bare");
    let mut rates = [0.0; 2];
    // In turns, since a machine is faster at one time than at another.
    for turn in 0..3 {
        let units = turn * batches * BATCH..(turn + 1) * batches * BATCH;
        rates[0] += rate(units.clone(), |batch| {
            store.write(batch).unwrap();
        });
        let insert = |batch: &Batch| database.runtime.block_on(insert(&database.pool, batch));
        rates[1] += rate(units, insert);
    }
    let [store, bare] = rates.map(|rate| rate / 3.0);
    println!(
        "postgres, new facts a second in batches of {BATCH}: {store:.0}; a bare loop: {bare:.0}; \
         ratio {:.2}",
        store / bare
    );
}

/// Prints how long it takes to attribute a million conversions to a million units.
fn attribution() {
    let Some(database) = Database::connect() else {
        return;
    };
    let units = if is_test() { 2_000 } else { 1_000_000 };
    let store = database.store("bench");
    for first in (0..units).step_by(10_000) {
        store
            .write(&facts(first..units.min(first + 10_000)))
            .unwrap();
    }
    database.execute("ANALYZE bench.exposure, bench.conversion");
    let value = AskedGoal::new(purchase(), Measure::Total(Sum::Value));
    let question = Question::new(phase(), Timestamp::from_micros(100 * DAY)).goal(value);
    let times = (0..3).map(|_| {
        let start = Instant::now();
        let answer = store.attribute(&question).unwrap().unwrap();
        assert_eq!(answer.units.values().sum::<u64>(), units);
        start.elapsed()
    });
    let times: Vec<Duration> = times.collect();
    println!("postgres, attribution of {units} units and conversions: {times:.2?}");
}

/// Returns the facts a second that go in, without making them.
fn rate(units: std::ops::Range<u64>, mut write: impl FnMut(&Batch)) -> f64 {
    let mut spent = Duration::ZERO;
    let count = units.end - units.start;
    for first in units.step_by(BATCH as usize / 2) {
        let batch = facts(first..first + BATCH / 2);
        let start = Instant::now();
        write(&batch);
        spent += start.elapsed();
    }
    2.0 * count as f64 / spent.as_secs_f64()
}

struct Database {
    runtime: Runtime,
    pool: PgPool,
}

impl Database {
    fn connect() -> Option<Self> {
        let Ok(uri) = std::env::var(VARIABLE) else {
            eprintln!("SKIPPED: {VARIABLE} names no database, so nothing of it was measured");
            return None;
        };
        let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
        let pool = runtime.block_on(PgPool::connect(&uri)).unwrap();
        let database = Self { runtime, pool };
        for schema in ["bench", "bench_bare"] {
            database.execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"));
        }
        Some(database)
    }

    fn store(&self, schema: &str) -> Postgres {
        let builder = Postgres::builder(self.pool.clone()).schema(schema);
        self.runtime.block_on(builder.connect()).unwrap()
    }

    fn execute(&self, statement: &str) {
        let mut query = QueryBuilder::new(statement);
        let executed = query.build().execute(&self.pool);
        self.runtime.block_on(executed).unwrap();
    }
}

/// The minimal program: it knows the ids and does nothing else.
async fn insert(pool: &PgPool, batch: &Batch) {
    let exposures = "INSERT INTO bench_bare.exposure \
         SELECT 1, unit::uuid, track, to_timestamp(at / 1e6), coin, 1, 1 \
         FROM unnest($1::text[], $2::int[], $3::bigint[], $4::boolean[]) \
             AS row (unit, track, at, coin) \
         ON CONFLICT DO NOTHING";
    let conversions = "INSERT INTO bench_bare.conversion \
         SELECT 1, unit::uuid, unit::uuid, to_timestamp(at / 1e6), value, 1 \
         FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS row (unit, at, value) \
         ON CONFLICT DO NOTHING";
    let rows = &batch.exposures;
    let mut tx = pool.begin().await.unwrap();
    let query = sqlx::query(exposures)
        .bind(
            rows.iter()
                .map(|row| row.unit.to_string())
                .collect::<Vec<_>>(),
        )
        .bind(rows.iter().map(|row| row.track as i32).collect::<Vec<_>>())
        .bind(
            rows.iter()
                .map(|row| row.first_at.as_micros())
                .collect::<Vec<_>>(),
        )
        .bind(rows.iter().map(|row| row.coin).collect::<Vec<_>>());
    query.execute(&mut *tx).await.unwrap();
    let rows = &batch.conversions;
    let query = sqlx::query(conversions)
        .bind(
            rows.iter()
                .map(|row| row.unit.to_string())
                .collect::<Vec<_>>(),
        )
        .bind(
            rows.iter()
                .map(|row| row.at.as_micros())
                .collect::<Vec<_>>(),
        )
        .bind(rows.iter().map(|row| row.value).collect::<Vec<_>>());
    query.execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// Returns an exposure and a conversion of each of these units.
fn facts(units: std::ops::Range<u64>) -> Batch {
    let mut batch = Batch::default();
    let [control, long] = ["control", "long"].map(|name| {
        batch.track(&TrackName {
            phase: phase(),
            track: name.into(),
            control: name == "control",
        })
    });
    let (index, first_at) = (batch.phase(&phase()), Timestamp::default());
    let row = DefinitionRow::new(index, [1; 32], "{}".into(), first_at);
    batch.definitions.push(row);
    let definition = batch.definition(&DefinitionName {
        phase: phase(),
        fingerprint: [1; 32],
    });
    let goal = batch.goal(&purchase());
    let writer = batch.writer(&WriterRow::new([1; 16], Timestamp::default()));
    for number in units {
        // Spread as pseudonyms are, and over two weeks.
        let spread = u128::from(number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let bytes = spread.to_be_bytes();
        let first_at = Timestamp::from_micros((spread >> 64) as i64 & 0xff_ffff_ffff);
        let track = if number % 2 == 0 { control } else { long };
        let unit = Unit::from_bytes(bytes);
        let exposure = ExposureRow::new(track, unit, first_at, writer)
            .coin(spread & 1 << 40 != 0)
            .definition(definition);
        batch.exposures.push(exposure);
        let at = first_at.plus(Duration::from_secs(60));
        let conversion = ConversionRow::new(goal, unit, bytes, at, writer).value(19_990_000);
        batch.conversions.push(conversion);
    }
    batch
}

fn phase() -> PhaseName {
    PhaseName {
        set: "delay".into(),
        phase: 1,
        kind: "visitor".into(),
    }
}

fn purchase() -> Goal {
    Goal::new("purchase").unwrap()
}

/// `cargo bench -- --test` only shows that it runs.
fn is_test() -> bool {
    std::env::args().any(|argument| argument == "--test")
}
