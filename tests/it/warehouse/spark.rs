//! The jobs of `examples/warehouse`, as a team runs them.

use std::{ffi::OsStr, fs, path::Path, process::Command, sync::Arc};

use tower_tracks::{
    store::Sqlite,
    warehouse::{Dialect, sql},
};

use super::{
    History, check,
    engines::python,
    summaries::{numbers, record, report_of_cells, report_of_lines, run},
};
use crate::sinks::{Folder, units};

/// How often the facts are repeated, so that the query lasts until an executor is killed.
const TIMES: usize = 1_000;

/// Two instances write lines. One visitor is erased. The facts become tables, and both forms of them cells.
#[test]
fn lines_of_two_recorders_become_tables_and_cells() {
    let Some(python) = python() else {
        return;
    };
    let folder = Folder::new();
    let small = folder.join("summaries.db");
    let store = Arc::new(Sqlite::open(&small).unwrap());
    let files = ["1", "2"].map(|instance| folder.join(instance).join("tracks.jsonl"));
    for (file, visitors) in files.iter().zip([0..60, 40..100]) {
        fs::create_dir(file.parent().unwrap()).unwrap();
        record(&store, file, visitors);
    }
    let gone = units().unit("visitor", &"3".into()).to_string();
    assert_eq!(run(&small, &["erase", "--unit", &gone, "--yes"]).exit, 0);
    let erasures = folder.join("3").join("tracks.jsonl");
    fs::create_dir(erasures.parent().unwrap()).unwrap();
    run(&small, &["export", "--out", erasures.to_str().unwrap()]);

    let questions = folder.join("questions");
    let arguments = ["sql", "--json", "--dialect", "spark", "--out"];
    let written = run(
        &small,
        &[&arguments[..], &[questions.to_str().unwrap()]].concat(),
    )
    .json();
    assert_eq!(written["sets"][0], "pricing");
    let lines = folder.join("*").join("tracks.jsonl*");
    let tables = folder.join("tables");
    job(
        &python,
        "parquet.py",
        &[&"--lines", &lines, &"--out", &tables],
    );
    let expected = report_of_lines(
        &folder.join("whole.db"),
        &[&files[0], &files[1], &erasures],
        written["as_of"].as_str().unwrap(),
    );
    assert_eq!(expected["phases"][0]["units"], 99);
    let day = tables.join("exposure").join("day=2026-03-11");
    assert!(day.is_dir(), "{day:?}");
    for (name, facts, is_parquet) in [("lines", &lines, false), ("tables", &tables, true)] {
        let cells = folder.join(name);
        let form: &[&dyn AsRef<OsStr>] = if is_parquet { &[&"--parquet"] } else { &[] };
        let arguments: [&dyn AsRef<OsStr>; 6] =
            [&"--facts", facts, &"--sql", &questions, &"--out", &cells];
        job(&python, "cells.py", &[form, &arguments].concat());
        assert_eq!(
            numbers(&report_of_cells(&small, &cells)),
            numbers(&expected),
            "{name}"
        );
    }
}

fn job(python: &str, name: &str, arguments: &[&dyn AsRef<OsStr>]) {
    let jobs = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/warehouse");
    let mut command = Command::new(python);
    command
        .env("SPARK_LOCAL_IP", "127.0.0.1")
        .arg(jobs.join(name));
    command.args(arguments);
    assert!(command.status().unwrap().success(), "{name}");
}

#[test]
fn a_cluster_that_loses_an_executor_gives_the_same_cells() {
    let Some(python) = python() else {
        return;
    };
    let folder = Folder::new();
    let history = History::of_seed(78);
    for (table, lines) in &history.tables {
        let kind = format!("{{\"type\":\"{table}\",");
        let lines = lines
            .replace("\n{", &format!("\n{kind}"))
            .replacen('{', &kind, 1);
        for part in 0..4 {
            let file = folder.join(format!("{table}-{part}.jsonl"));
            fs::write(file, lines.repeat(TIMES / 4)).unwrap();
        }
    }
    let question = folder.join("question.sql");
    fs::write(
        &question,
        sql(&history.question, &history.phases(), Dialect::Spark).unwrap(),
    )
    .unwrap();
    let cells = folder.join("cells.csv");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/warehouse/killed.py");
    let mut command = Command::new(python);
    command
        .arg(script)
        .arg(folder.join("*.jsonl"))
        .arg(question)
        .arg(&cells);
    assert!(command.status().unwrap().success());
    check(&history, &cells);
}
