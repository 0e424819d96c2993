//! A program that writes lines, and everything but the facts of units to a store.

use std::{env, fs, path::Path, process::Command, sync::Arc, time::Duration};

use serde_json::Value;
use tower_tracks::{
    Metric, MultiTrackSet, Plan, SimpleTrackSet,
    record::{JsonLines, Recorder},
    store::{Attribute, Memory, Question, Sqlite, Store, StoreErrorKind, Summaries, Timestamp},
};

use super::{command::kind, engines, postgres::answer};
use crate::{
    cli::{Ran, tracks_of},
    record::postgres::schema::Schema,
    sinks::{Folder, at, convert, expose, units},
};

#[test]
fn the_facts_of_units_are_in_the_lines_alone() {
    let folder = Folder::new();
    let store = shop(&folder);
    let phase = &store.phases().unwrap()[0];
    assert_eq!(
        (
            phase.tracks.len(),
            phase.definitions.len(),
            phase.plans.len()
        ),
        (2, 1, 1)
    );
    assert!(store.goals().unwrap().is_empty());
    let question = Question::new(phase.name.clone(), Timestamp::MAX);
    assert!(
        store
            .attribute(&question)
            .unwrap()
            .unwrap()
            .units
            .is_empty()
    );
    let refused = Summaries::of(store).attribute(&question).unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Refused);
    let lines = fs::read_to_string(folder.join("tracks.jsonl")).unwrap();
    assert_eq!(lines.matches("\"type\":\"exposure\"").count(), 100);
}

#[test]
fn a_merge_brings_no_facts_of_units() {
    let folder = Folder::new();
    drop(shop(&folder));
    let (whole, file) = (folder.join("whole.db"), folder.join("tracks.jsonl"));
    assert_eq!(run(&whole, &["import", file.to_str().unwrap()]).exit, 0);
    let small = Arc::new(Memory::default());
    let whole = Sqlite::open(whole).unwrap();
    assert_eq!(
        Summaries::of(Arc::clone(&small))
            .merge(&whole)
            .unwrap()
            .exposures
            .new,
        100
    );
    let phase = &small.phases().unwrap()[0];
    assert_eq!((phase.tracks.len(), phase.definitions.len()), (2, 1));
    let question = Question::new(phase.name.clone(), Timestamp::MAX);
    assert!(
        small
            .attribute(&question)
            .unwrap()
            .unwrap()
            .units
            .is_empty()
    );
}

#[test]
fn a_report_has_the_units_of_the_lines() {
    let Some(schema) = Schema::new() else {
        return;
    };
    reports_of_lines_and_of_a_store_agree("standard", |folder, text, cells| {
        let lines = fs::read_to_string(folder.join("tracks.jsonl")).unwrap();
        let lines: Vec<(String, &str)> = lines.lines().map(|line| (kind(line), line)).collect();
        let pairs = lines.iter().map(|(kind, line)| (kind.as_str(), *line));
        answer(schema.uri(), pairs, text, cells);
    });
}

/// The job of the example, which reads the lines themselves.
#[test]
fn a_report_has_the_units_that_spark_reads_from_lines() {
    let Ok(python) = env::var(engines::VARIABLE) else {
        return;
    };
    reports_of_lines_and_of_a_store_agree("spark", |folder, text, cells| {
        let question = folder.join("question.sql");
        fs::write(&question, text).unwrap();
        let job = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/warehouse/cells.py");
        let mut command = Command::new(&python);
        command.env("SPARK_LOCAL_IP", "127.0.0.1").arg(job);
        command.arg("--facts").arg(folder.join("*.jsonl"));
        command.arg("--sql").arg(question).arg("--out").arg(cells);
        assert!(command.status().unwrap().success());
    });
}

/// Lets an engine answer the question about the lines of a shop.
fn reports_of_lines_and_of_a_store_agree(dialect: &str, engine: impl Fn(&Folder, &str, &Path)) {
    let folder = Folder::new();
    drop(shop(&folder));
    let small = folder.join("summaries.db");
    let printed = run(&small, &["sql", "pricing", "--json", "--dialect", dialect]).json();
    let cells = folder.join("cells.csv");
    engine(&folder, printed["sql"].as_str().unwrap(), &cells);
    let report = run(
        &small,
        &["report", "--json", "--cells", cells.to_str().unwrap()],
    )
    .json();
    // The same of a store that has all facts of the lines.
    let whole = folder.join("whole.db");
    let file = folder.join("tracks.jsonl");
    let imported = run(&whole, &["import", file.to_str().unwrap()]);
    assert_eq!(imported.exit, 0, "{imported:?}");
    let as_of = printed["as_of"].as_str().unwrap();
    let expected = run(&whole, &["report", "--json", "--as-of", as_of]).json();
    let numbers = |report: &Value| {
        let phase = &report["phases"][0];
        [
            &phase["units"],
            &phase["goals"],
            &phase["days"],
            &phase["notices"],
        ]
        .map(Value::clone)
    };
    assert_eq!(numbers(&report), numbers(&expected));
    assert_eq!(report["phases"][0]["units"], 100);
}

fn run(store: &Path, arguments: &[&str]) -> Ran {
    Ran::of(&mut tracks_of(store, arguments))
}

fn pricing() -> MultiTrackSet {
    let plan = Plan::default().primary(Metric::rate("bought")).units(1000);
    let set = SimpleTrackSet::new("pricing").track("cheap", ()).plan(plan);
    set.build().unwrap()
}

/// Records a hundred visitors, of which each third buys.
fn shop(folder: &Folder) -> Arc<Sqlite> {
    let store = Arc::new(Sqlite::open(folder.join("summaries.db")).unwrap());
    let recorder = Recorder::builder(units())
        .sink(JsonLines::new(folder.join("tracks.jsonl")))
        .store(Summaries::of(Arc::clone(&store)))
        .start()
        .unwrap();
    let sets = pricing();
    for visitor in 0..100 {
        expose(&recorder, &sets, &visitor.to_string(), at(0));
        if visitor % 3 == 0 {
            convert(&recorder, &visitor.to_string(), "bought", at(60));
        }
    }
    let tallies = recorder.shutdown(Duration::from_secs(20)).wait();
    assert!(
        tallies
            .iter()
            .all(|(_, tally)| tally.waiting() == 0 && tally.written >= 134),
        "{tallies}"
    );
    store
}
