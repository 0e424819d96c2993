//! A program that writes lines, and everything but the facts of units to a store.

use std::{fs, ops::Range, path::Path, sync::Arc, time::Duration};

use serde_json::Value;
use tower_tracks::{
    Metric, MultiTrackSet, Plan, SimpleTrackSet,
    record::{JsonLines, Recorder},
    store::{Attribute, Memory, Question, Sqlite, Store, StoreErrorKind, Summaries, Timestamp},
};

use super::{command::kind, postgres::answer};
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
    let folder = Folder::new();
    drop(shop(&folder));
    let small = folder.join("summaries.db");
    let printed = run(&small, &["sql", "pricing", "--json"]).json();
    let cells = folder.join("cells.csv");
    let file = folder.join("tracks.jsonl");
    let lines = fs::read_to_string(&file).unwrap();
    let lines: Vec<(String, &str)> = lines.lines().map(|line| (kind(line), line)).collect();
    let pairs = lines.iter().map(|(kind, line)| (kind.as_str(), *line));
    answer(
        schema.uri(),
        pairs,
        printed["sql"].as_str().unwrap(),
        &cells,
    );
    let report = report_of_cells(&small, &cells);
    let as_of = printed["as_of"].as_str().unwrap();
    let expected = report_of_lines(&folder.join("whole.db"), &[&file], as_of);
    assert_eq!(numbers(&report), numbers(&expected));
    assert_eq!(report["phases"][0]["units"], 100);
}

pub(super) fn report_of_cells(store: &Path, cells: &Path) -> Value {
    let cells = cells.to_str().unwrap();
    run(store, &["report", "--json", "--cells", cells]).json()
}

/// Returns the report of a store that gets all facts of the lines.
pub(super) fn report_of_lines(store: &Path, files: &[&Path], as_of: &str) -> Value {
    for file in files {
        let imported = run(store, &["import", file.to_str().unwrap()]);
        assert_eq!(imported.exit, 0, "{imported:?}");
    }
    run(store, &["report", "--json", "--as-of", as_of]).json()
}

/// Returns what depends on units.
pub(super) fn numbers(report: &Value) -> [Value; 4] {
    let phase = &report["phases"][0];
    ["units", "goals", "days", "notices"].map(|name| phase[name].clone())
}

pub(super) fn run(store: &Path, arguments: &[&str]) -> Ran {
    Ran::of(&mut tracks_of(store, arguments))
}

fn pricing() -> MultiTrackSet {
    let plan = Plan::default().primary(Metric::rate("bought")).units(1000);
    let set = SimpleTrackSet::new("pricing").track("cheap", ()).plan(plan);
    set.build().unwrap()
}

/// Records a hundred visitors.
fn shop(folder: &Folder) -> Arc<Sqlite> {
    let store = Arc::new(Sqlite::open(folder.join("summaries.db")).unwrap());
    record(&store, &folder.join("tracks.jsonl"), 0..100);
    store
}

/// Records visitors, of which each third buys: their facts as lines, and the rest into the store.
pub(super) fn record(store: &Arc<Sqlite>, lines: &Path, visitors: Range<u32>) {
    let recorder = Recorder::builder(units())
        .sink(JsonLines::new(lines))
        .store(Summaries::of(Arc::clone(store)))
        .start()
        .unwrap();
    let sets = pricing();
    for visitor in visitors {
        expose(&recorder, &sets, &visitor.to_string(), at(0));
        if visitor % 3 == 0 {
            convert(&recorder, &visitor.to_string(), "bought", at(60));
        }
    }
    let tallies = recorder.shutdown(Duration::from_secs(20)).wait();
    assert!(
        tallies
            .iter()
            .all(|(_, tally)| tally.waiting() == 0 && tally.dropped == 0),
        "{tallies}"
    );
}
