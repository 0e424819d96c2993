//! Logs: all by the one suite, and the file by what can happen to a file.

use std::fs;

use tower_tracks::control::{
    Act, Appended, ChangeLog, Draft, JsonLog, MemoryLog, conformance::change_log_conformance,
};

use tower_tracks::store::{Sqlite, Store};

use crate::sinks::Folder;

mod memory {
    use super::*;

    change_log_conformance!(MemoryLog::default());
}

mod json {
    use super::*;

    change_log_conformance!({
        let folder = Folder::new();
        (JsonLog::new(folder.join("changes.jsonl")), folder)
    });
}

mod several_readers_of_a_file {
    use super::*;

    /// Each call through a log of its own, as if each were another process.
    struct Anew(std::path::PathBuf);

    impl ChangeLog for Anew {
        fn after(
            &self,
            number: u64,
        ) -> Result<tower_tracks::control::Changes, tower_tracks::store::StoreError> {
            JsonLog::new(&self.0).after(number)
        }

        fn append(
            &self,
            draft: &Draft,
            previous: u64,
        ) -> Result<Appended, tower_tracks::store::StoreError> {
            JsonLog::new(&self.0).append(draft, previous)
        }
    }

    change_log_conformance!({
        let folder = Folder::new();
        (Anew(folder.join("changes.jsonl")), folder)
    });
}

mod sqlite {
    use super::*;

    change_log_conformance!({
        let folder = Folder::new();
        (Sqlite::open(folder.join("facts.db")).unwrap(), folder)
    });
}

fn pause() -> Draft {
    Draft::new("delay", 1, Act::Pause, "alice", "errors in checkout")
}

#[test]
fn a_line_is_a_public_contract() {
    let folder = Folder::new();
    let path = folder.join("changes.jsonl");
    fs::write(
        &path,
        concat!(
            r#"{"number":1,"set":"delay","phase":2,"act":"share","share":0.25,"over":1.0,"#,
            r#""author":"alice","reason":"a first look","at":1000000,"effective_at":6000000}"#,
            "\n",
            r#"{"number":2,"set":"delay","phase":2,"act":"ramp","#,
            r#""steps":[{"at":7000000,"share":0.5}],"over":1.0,"author":"bob","reason":"more","#,
            r#""at":2000000,"effective_at":7000000,"needs_approval":true}"#,
            "\n",
        ),
    )
    .unwrap();
    let changes = JsonLog::new(&path).after(0).unwrap().changes;
    let lines: String = changes
        .iter()
        .map(|change| serde_json::to_string(change).unwrap() + "\n")
        .collect();
    assert_eq!(lines, fs::read_to_string(&path).unwrap());
}

#[test]
fn a_malformed_line_is_reported_and_the_others_count() {
    let folder = Folder::new();
    let path = folder.join("changes.jsonl");
    let log = JsonLog::new(&path);
    let Appended::Added(first) = log.append(&pause(), 0).unwrap() else {
        panic!("a conflict")
    };
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}{{\"set\":\n\u{fffd}\n\n")).unwrap();
    let Appended::Added(last) = log.append(&pause(), first.number).unwrap() else {
        panic!("a conflict")
    };
    let read = log.after(0).unwrap();
    assert_eq!(read.changes, [first, last]);
    let malformed: Vec<u64> = read.malformed.iter().map(|line| line.number).collect();
    assert_eq!(malformed, [2, 3, 4]);
    assert_eq!(read.last, 5);
}

#[test]
fn a_torn_line_is_ended_by_the_next_writer() {
    let folder = Folder::new();
    let path = folder.join("changes.jsonl");
    let log = JsonLog::new(&path);
    let _ = log.append(&pause(), 0).unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    // A writer was killed in the middle.
    fs::write(&path, format!("{whole}{}", &whole[..20])).unwrap();
    let read = log.after(0).unwrap();
    assert_eq!((read.changes.len(), read.last), (1, 1));
    let Appended::Added(next) = log.append(&pause(), 1).unwrap() else {
        panic!("a conflict")
    };
    let read = log.after(1).unwrap();
    assert_eq!((read.changes, read.last), (vec![next], 3));
    assert_eq!(read.malformed[0].number, 2);
}

#[test]
fn a_file_that_is_gone_is_a_failure_and_not_the_end_of_all_changes() {
    let folder = Folder::new();
    let path = folder.join("changes.jsonl");
    let log = JsonLog::new(&path);
    assert_eq!(log.after(0).unwrap().last, 0);
    let _ = log.append(&pause(), 0).unwrap();
    assert_eq!(log.after(0).unwrap().last, 1);
    fs::remove_file(&path).unwrap();
    let error = log.after(1).unwrap_err();
    assert!(
        error.is_transient() && error.to_string().contains("changes.jsonl"),
        "{error}"
    );
}

#[test]
fn a_file_of_facts_keeps_changes_beside_them() {
    let folder = Folder::new();
    let path = folder.join("facts.db");
    let log = Sqlite::open(&path).unwrap();
    let _ = log.append(&pause(), 0).unwrap();
    drop(log);
    // Another node, which only reads.
    let reader = Sqlite::open_read_only(&path).unwrap();
    assert_eq!(reader.after(0).unwrap().changes[0].act, Act::Pause);
    assert!(reader.append(&pause(), 1).is_err());
    // Changes are none of the facts.
    let mut rows = 0;
    reader
        .dump(&mut |batch| {
            rows += batch.rows();
            Ok(())
        })
        .unwrap();
    assert_eq!(rows, 0);
}

#[test]
fn a_row_that_cannot_be_read_is_reported_and_the_others_count() {
    let folder = Folder::new();
    let path = folder.join("facts.db");
    let log = Sqlite::open(&path).unwrap();
    let _ = log.append(&pause(), 0).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    let insert = "INSERT INTO change VALUES (2, 'delay', 1, '{\"act\":\"explode\"}')";
    connection.execute(insert, []).unwrap();
    let read = log.after(0).unwrap();
    assert_eq!(
        (read.changes.len(), read.malformed[0].number, read.last),
        (1, 2, 2)
    );
    // Nor does it keep anybody from pausing the set.
    let appended = log.append(&pause(), 0).unwrap();
    assert!(matches!(appended, Appended::Conflict(change) if change.number == 1));
    let appended = log.append(&pause(), 1).unwrap();
    assert!(matches!(appended, Appended::Added(change) if change.number == 3));
}

/// The columns decide about conflicts, and the text about what is in force.
#[test]
fn a_row_about_another_set_than_its_columns_keeps_nobody_from_pausing() {
    let folder = Folder::new();
    let path = folder.join("facts.db");
    let log = Sqlite::open(&path).unwrap();
    let _ = log.append(&pause(), 0).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    let text = "SELECT json FROM change WHERE number = 1";
    for (number, set) in [(2, "delay"), (3, "banner")] {
        let insert = format!("INSERT INTO change SELECT {number}, '{set}', 2, ({text})");
        connection.execute(&insert, []).unwrap();
    }
    let not_utf_8 = "INSERT INTO change VALUES (4, 'delay', 1, CAST(x'7bff' AS TEXT))";
    connection.execute(not_utf_8, []).unwrap();
    let read = log.after(0).unwrap();
    let malformed: Vec<u64> = read.malformed.iter().map(|row| row.number).collect();
    assert_eq!(
        (read.changes.len(), &*malformed, read.last),
        (1, &[2, 3, 4][..], 4)
    );
    assert_eq!(
        read.malformed[0].message,
        "its row is about phase 2 of \"delay\", but its text about phase 1 of \"delay\""
    );
    let appended = log.append(&pause(), 1).unwrap();
    assert!(matches!(appended, Appended::Added(change) if change.number == 5));
}
