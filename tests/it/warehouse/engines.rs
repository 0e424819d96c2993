//! DuckDB, DataFusion, ClickHouse and a cluster of Spark.

use std::{env, fs, process::Command};

use tower_tracks::warehouse::{Dialect, sql};

use super::{History, check, histories};
use crate::sinks::Folder;

/// Names an interpreter of Python that has the packages of the engines.
const VARIABLE: &str = "TRACKS_TEST_WAREHOUSE";

/// The engines, each with its dialect.
const ENGINES: [(&str, Dialect); 4] = [
    ("duckdb", Dialect::Standard),
    ("datafusion", Dialect::Standard),
    ("clickhouse", Dialect::ClickHouse),
    ("spark", Dialect::Spark),
];

/// Returns the interpreter; `None` where none is named, which is printed.
pub(super) fn python() -> Option<String> {
    let python = env::var(VARIABLE).ok();
    if python.is_none() {
        println!(
            "SKIPPED: {VARIABLE} names no Python; `.ci/warehouse cargo test --test it warehouse` does"
        );
    }
    python
}

#[test]
fn engines_answer_as_a_store_does() {
    let Some(python) = python() else {
        return;
    };
    let folder = Folder::new();
    let histories: Vec<History> = (0..histories()).map(History::of_seed).collect();
    for (number, history) in histories.iter().enumerate() {
        let place = folder.join(format!("{number:04}"));
        fs::create_dir(&place).unwrap();
        for (table, lines) in &history.tables {
            fs::write(place.join(format!("{table}.jsonl")), lines).unwrap();
        }
        for (engine, dialect) in ENGINES {
            let text = sql(&history.question, &history.phases(), dialect).unwrap();
            fs::write(place.join(format!("{engine}.sql")), text).unwrap();
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/warehouse/engines.py");
    for (engine, _) in ENGINES {
        if env::var("TRACKS_ENGINE").is_ok_and(|only| only != engine) {
            continue;
        }
        let ran = Command::new(&python)
            .arg(script)
            .arg(engine)
            .arg(folder.join(""))
            .status()
            .unwrap();
        assert!(ran.success(), "{engine}");
        for (number, history) in histories.iter().enumerate() {
            check(history, &folder.join(format!("{number:04}/{engine}.csv")));
        }
    }
}
