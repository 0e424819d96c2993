//! The table of the guide is what is measured.

use tower_tracks::assign::Bucketing;

use super::{check, edits, pausing, ramping};

const GUIDE: &str = include_str!("../../../src/docs/movement.md");

/// A row of the table: the edit, and the figures of both schemes as the guide shows them.
type Row = [String; 3];

#[test]
fn the_guide_shows_what_is_measured() {
    let measured = [edits(), ramp(), pause()].concat();
    let shown = rows(GUIDE);
    let table: Vec<String> = measured
        .iter()
        .map(|row| format!("| {} |", row.join(" | ")))
        .collect();
    println!("{}", table.join("\n"));
    assert_eq!(shown, measured, "measured:\n{}", table.join("\n"));
}

#[test]
fn the_table_is_read_as_it_is() {
    let table = "Text\n\n| edit | `v1` | Python |\n| --- | --- | --- |\n| a b | 1% | 2% |\n\nText";
    assert_eq!(rows(table), [["a b", "1%", "2%"].map(str::to_owned)]);
}

/// Returns the rows of the table in a text in Markdown, without its head.
fn rows(markdown: &str) -> Vec<Row> {
    let lines = markdown.lines().filter(|line| line.starts_with('|'));
    let cells = |line: &str| -> Row {
        let cells = line.trim_matches('|').split('|');
        let cells: Vec<String> = cells.map(|cell| cell.trim().to_owned()).collect();
        cells.try_into().unwrap()
    };
    lines.skip(2).map(cells).collect()
}

fn edits() -> Vec<Row> {
    let schemes = [Bucketing::V1, Bucketing::Python].map(edits::measure);
    let [v1, python] = schemes.map(IntoIterator::into_iter);
    let row = |((name, v1), (_, python)): ((&str, f64), (&str, f64))| {
        [name.to_owned(), figure(v1), figure(python)]
    };
    v1.zip(python).map(row).collect()
}

fn ramp() -> Vec<Row> {
    ramping::measure().map(promised).into()
}

fn pause() -> Vec<Row> {
    let name = "a set is paused: into another set, or into another track";
    vec![promised((name, pausing::to_another_set()))]
}

/// Returns a row of an edit that moves no key, or that the Python scheme does not support.
#[track_caller]
fn promised((name, measured): (&str, f64)) -> Row {
    check(name, measured, 0.0);
    [name.to_owned(), figure(measured), "—".to_owned()]
}

fn figure(percent: f64) -> String {
    match percent {
        0.0 => "0%".to_owned(),
        some => format!("{some:.1}%"),
    }
}
