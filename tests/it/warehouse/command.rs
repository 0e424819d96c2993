//! The way of a person: export the facts, print the question, let an engine answer it, and read the report.

use std::fs;

use serde_json::Value;

use super::postgres::answer;
use crate::{
    cli::{Ran, record, small, tracks_of},
    record::postgres::schema::Schema,
    sinks::{Folder, at, delay, expose, units},
};

#[test]
fn the_report_of_cells_is_that_of_the_store() {
    let Some(schema) = Schema::new() else {
        return;
    };
    let folder = Folder::new();
    let store = small(&folder);
    let run = |arguments: &[&str]| Ran::of(&mut tracks_of(&store, arguments));
    let printed = run(&["sql", "pricing", "--json"]).json();
    let lines = run(&["export"]).out;
    let lines: Vec<(String, &str)> = lines.lines().map(|line| (kind(line), line)).collect();
    let cells = folder.join("cells.csv");
    let pairs = lines.iter().map(|(kind, line)| (kind.as_str(), *line));
    answer(
        schema.uri(),
        pairs,
        printed["sql"].as_str().unwrap(),
        &cells,
    );
    let report = run(&["report", "--json", "--cells", cells.to_str().unwrap()]).json();
    let as_of = printed["as_of"].as_str().unwrap();
    let mut expected = run(&["report", "--json", "--as-of", as_of]).json();
    // An engine is not asked for the days since the exposure.
    let phase = expected["phases"][0].as_object_mut().unwrap();
    assert!(phase.remove("by-age").is_some());
    assert_eq!(report, expected);
    assert_eq!(report["phases"][0]["units"], 10);
}

pub(super) fn kind(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    line["type"].as_str().unwrap().to_owned()
}

#[test]
fn the_question_is_printed_in_each_dialect() {
    let folder = Folder::new();
    let store = small(&folder);
    let run = |arguments: &[&str]| Ran::of(&mut tracks_of(&store, arguments));
    for dialect in ["standard", "spark", "clickhouse", "bigquery", "snowflake"] {
        let ran = run(&["sql", "pricing", "--dialect", dialect]);
        assert_eq!((ran.exit, &*ran.err), (0, ""), "{ran:?}");
        assert!(
            ran.out.starts_with("-- tower-tracks: the cells of pricing"),
            "{ran:?}"
        );
        let is_marked = ran.out.contains("NOT TESTED");
        assert_eq!(
            is_marked,
            ["bigquery", "snowflake"].contains(&dialect),
            "{dialect}"
        );
    }
    run(&["sql", "delay"]).failed(1, "no records of set \"delay\"");
    run(&["sql", "pricing", "--phase", "9"]).failed(1, "no records of set \"pricing\", phase 9");
    assert_eq!(run(&["sql", "pricing", "--dialect", "oracle"]).exit, 2);
}

#[test]
fn a_phase_without_an_answer_is_named_in_the_report() {
    let folder = Folder::new();
    let store = small(&folder);
    let cells = folder.join("cells");
    fs::create_dir(&cells).unwrap();
    let arguments = ["report", "--json", "--cells", cells.to_str().unwrap()];
    let report = Ran::of(&mut tracks_of(&store, &arguments)).json();
    assert_eq!(report["phases"].as_array().unwrap().len(), 0);
    let reason = report["unread"][0]["why"].as_str().unwrap();
    assert!(
        reason.contains("there is no answer about pricing"),
        "{report}"
    );
}

#[test]
fn the_questions_of_all_sets_are_written_into_a_folder() {
    let folder = Folder::new();
    let store = small(&folder);
    record(&store, units(), |recorder| {
        expose(recorder, &delay(), "alice", at(0));
    });
    let out = folder.join("questions");
    let run = |arguments: &[&str]| {
        let out = ["--out", out.to_str().unwrap()];
        Ran::of(&mut tracks_of(&store, &[arguments, &out].concat()))
    };
    let names = || {
        let names = fs::read_dir(&out).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(
        run(&["sql", "delay"]).out,
        "questions were written: delay\n"
    );
    assert_eq!(names(), ["delay.sql"]);
    let all = run(&["sql", "--json"]).json();
    assert_eq!(all["sets"], serde_json::json!(["delay", "pricing"]));
    assert_eq!(names(), ["delay.sql", "pricing.sql"]);
    run(&["sql", "delay", "banner"]).failed(1, "no records of set \"banner\"");
    // A file has one statement.
    let printed = Ran::of(&mut tracks_of(&store, &["sql", "delay", "pricing"]));
    assert_eq!(printed.exit, 2);
    assert_eq!(Ran::of(&mut tracks_of(&store, &["sql"])).exit, 2);
}
