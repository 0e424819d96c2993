//! Stores that another person wrote.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, types::Value};
use tower_tracks::{
    Units,
    report::Reporter,
    store::{Sqlite, Store, StoreErrorKind, Timestamp},
};

use super::{Folder, Ran, at, convert, expose, pricing, record, tracks_of};

/// A part of each hostile name, by which it is found again.
const MARK: &str = "HOSTILE";

/// Where a store has a name or a text: a table and its column.
const PLACES: [(&str, &str); 10] = [
    ("phase", "set_name"),
    ("phase", "unit_kind"),
    ("track", "name"),
    ("goal", "name"),
    ("segment", "name"),
    ("writer", "node"),
    ("loss", "sink"),
    ("loss", "reason"),
    ("definition", "json"),
    ("plan", "json"),
];

/// All commands that read a store.
const COMMANDS: [&[&str]; 13] = [
    &["report"],
    &["report", "--json"],
    &["report", "--csv"],
    &["report", "--stored"],
    &["doctor"],
    &["verify-log"],
    &["assign", "0"],
    &["export"],
    &["export", "--format", "csv"],
    &["export", "--format", "csv", "--table", "conversions"],
    &["export", "--format", "csv", "--table", "aliases"],
    &["export", "--format", "csv", "--table", "erasures"],
    &[
        "erase",
        "--yes",
        "--unit",
        "eb663c7832d3a67138ebe4e1429c492a",
    ],
];

/// A store with something in each table.
fn store(folder: &Folder) -> PathBuf {
    let path = folder.join("tracks.sqlite");
    record(&path, Units::raw(), |recorder| {
        for visitor in 0..4 {
            expose(recorder, &pricing(), &visitor.to_string(), at(visitor));
        }
        convert(recorder, "0", "purchase", at(20));
    });
    change(
        &path,
        "INSERT INTO segment VALUES (1, 'de'); UPDATE exposure SET segment_id = 1;
         INSERT INTO loss VALUES (1, 1, NULL, 'store', 'full', 3);
         INSERT INTO plan VALUES (1, 1, '{}');",
    );
    let store = Sqlite::open(&path).unwrap();
    assert_eq!(store.invalid_rows().unwrap(), []);
    Reporter::new(&store, Timestamp::now()).refresh().unwrap();
    path
}

fn change(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

/// Names that no application can choose: formulas, escape sequences, turned writing, zero bytes,
/// breaks of lines, a megabyte, and bytes that are no text.
fn names() -> Vec<Value> {
    let texts = [
        "=HYPERLINK(\"http://evil\")HOSTILE",
        "+1+HOSTILE",
        "@SUM(HOSTILE)",
        "HOSTILE\u{1b}[2J\u{9b}31m",
        "HOSTILE\u{202e}\u{2066}",
        "HOSTILE\0",
        "HOSTILE\r\nset,1",
        "<script>HOSTILE</script>",
    ];
    let mut names: Vec<Value> = texts.map(|text| Value::Text(text.to_owned())).into();
    names.push(Value::Text(MARK.repeat(150_000)));
    names.push(Value::Blob(b"HOSTILE\xff\xfe".to_vec()));
    names
}

/// What a command wrote steers nothing, computes nothing and is not long.
#[track_caller]
fn check(arguments: &[&str], ran: &Ran) {
    let text = format!("{}{}", ran.out, ran.err);
    assert!(matches!(ran.exit, 0 | 1 | 3 | 4), "{arguments:?}: {ran:?}");
    assert!(text.len() < 100_000, "{arguments:?}: {} bytes", text.len());
    let is_bad = |c: char| {
        c != '\n' && c != '\r' && c.is_control() || ('\u{202a}'..='\u{2069}').contains(&c)
    };
    assert_eq!(text.find(is_bad), None, "{arguments:?}: {text:?}");
    if arguments.contains(&"--csv") || arguments.contains(&"csv") {
        let mut cells = ran
            .out
            .split([',', '\n'])
            .map(|cell| cell.trim_matches('"'));
        let is_formula =
            |cell: &str| cell.starts_with(['=', '+', '@', '-']) && cell.parse::<f64>().is_err();
        assert_eq!(cells.find(|cell| is_formula(cell)), None, "{arguments:?}");
    }
}

#[test]
fn names_in_a_store_that_are_not_allowed_are_never_shown() {
    let folder = Folder::new();
    let good = store(&folder);
    let path = folder.join("hostile.sqlite");
    for (index, name) in names().into_iter().enumerate() {
        for (place, (table, column)) in PLACES.into_iter().enumerate() {
            std::fs::copy(&good, &path).unwrap();
            let connection = Connection::open(&path).unwrap();
            let set = format!("UPDATE OR IGNORE {table} SET {column} = CAST(?1 AS TEXT)");
            connection.execute(&set, [&name]).unwrap();
            drop(connection);
            let store = Sqlite::open(&path).unwrap();
            let is_free = matches!(table, "segment" | "writer" | "loss");
            let is_kept = is_free && !matches!(index, 5 | 8 | 9);
            let invalid = store.invalid_rows().unwrap();
            assert_eq!(invalid.is_empty(), is_kept, "{table}.{column}: {name:?}");
            let report = Reporter::new(&store, Timestamp::now()).compute().unwrap();
            assert_eq!(report.invalid.len(), invalid.len());
            if !is_kept {
                assert!(!format!("{report:?}").contains(MARK), "{table}.{column}");
            }
            drop(store);
            // Each place with one of the commands, so that each name meets each of them.
            for arguments in COMMANDS.iter().skip((index + place) % 4).step_by(4) {
                let ran = Ran::of(&mut tracks_of(&path, arguments));
                check(arguments, &ran);
                assert_eq!(ran.err.contains("warning: "), !is_kept, "{ran:?}");
            }
        }
    }
}

#[test]
fn rows_with_names_that_are_not_allowed_are_not_merged() {
    let folder = Folder::new();
    let path = store(&folder);
    change(&path, "UPDATE track SET name = '=1+1' WHERE name = 'cheap'");
    let into = folder.join("into.sqlite");
    let ran = Ran::of(&mut tracks_of(&into, &["merge", path.to_str().unwrap()]));
    assert_eq!(ran.exit, 0, "{ran:?}");
    let merged = Sqlite::open(&into).unwrap();
    assert_eq!(merged.invalid_rows().unwrap(), []);
    let tracks = &merged.phases().unwrap()[0].tracks;
    assert!(!tracks.is_empty() && tracks.iter().all(|track| !track.track.contains('=')));
    assert_eq!(merged.goals().unwrap().len(), 1);
}

#[test]
fn a_schema_that_runs_something_is_refused() {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let folder = Folder::new();
    let good = store(&folder);
    let path = folder.join("hostile.sqlite");
    let tables = ["exposure", "goal", "phase", "meta", "conversion", "loss"];
    let views = tables.map(|table| {
        format!(
            "PRAGMA foreign_keys = 0; DROP TABLE {table}; \
             CREATE VIEW {table} AS {endless} SELECT i AS key FROM n;"
        )
    });
    let others = [
        "DROP TABLE goal; CREATE VIRTUAL TABLE goal USING fts5(name);",
        "CREATE TRIGGER t AFTER DELETE ON exposure BEGIN DELETE FROM goal; END;",
        "ALTER TABLE goal ADD COLUMN more TEXT AS (upper(name));",
    ];
    let schemas = views.into_iter().chain(others.map(str::to_owned));
    for sql in schemas {
        std::fs::copy(&good, &path).unwrap();
        change(
            &path,
            &format!("PRAGMA legacy_alter_table = 1; DROP VIEW exposures; {sql}"),
        );
        for arguments in COMMANDS {
            let begun = Instant::now();
            let ran = Ran::of(&mut tracks_of(&path, arguments));
            assert_eq!(
                (ran.exit, &*ran.out),
                (1, ""),
                "{sql}: {arguments:?}: {ran:?}"
            );
            assert!(
                ran.err.contains("which this crate never makes"),
                "{sql}: {ran:?}"
            );
            assert!(begun.elapsed() < Duration::from_secs(30), "{sql}");
        }
    }
}

/// Additional views of another program are allowed, because they are never read.
#[test]
fn a_view_of_ones_own_does_no_harm() {
    let folder = Folder::new();
    let path = store(&folder);
    change(&path, "CREATE VIEW mine AS SELECT * FROM exposures");
    let ran = Ran::of(&mut tracks_of(&path, &["report"]));
    assert_eq!((ran.exit, &*ran.err), (0, ""), "{ran:?}");
}

#[test]
fn a_reading_ends_at_its_limit_of_time() {
    let folder = Folder::new();
    let path = store(&folder);
    // More exposures than can be read in a millisecond.
    change(
        &path,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
         INSERT INTO exposure SELECT 1, randomblob(16), 1, i, NULL, 1, NULL, NULL FROM n;",
    );
    let store = Sqlite::open(&path).unwrap();
    let name = store.phases().unwrap()[0].name.clone();
    let limited = Sqlite::open(&path)
        .unwrap()
        .read_timeout(Duration::from_millis(1));
    let read = limited.overlap(
        &name,
        Some((&name, Duration::from_secs(1))),
        Timestamp::now(),
    );
    assert_eq!(read.unwrap_err().kind(), StoreErrorKind::TimedOut);
    // The next reading is not interrupted by the last.
    assert_eq!(
        store
            .overlap(&name, None, Timestamp::now())
            .unwrap()
            .of_previous_phase,
        0
    );
    // The time in which the caller uses a batch does not count.
    let patient = store.read_timeout(Duration::from_secs(20));
    let mut batches = 0;
    let dumped = patient.dump(&mut |_| {
        batches += 1;
        Ok(())
    });
    assert!(dumped.is_ok() && batches > 10);
}
