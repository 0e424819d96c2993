use std::fs;

use rusqlite::Connection;
use tower_tracks::{
    files::{Export, Import},
    store::{Sqlite, Store},
};

use super::{super::sqlite::Directory, expected::is_as_before};

const FILE: &[u8] = include_bytes!("../../../fixtures/v1/facts.db");

/// Returns the types, names, tables and texts of all that is in the schema.
fn schema(directory: &Directory) -> Vec<String> {
    let connection = Connection::open(directory.file()).unwrap();
    let all = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') \
               FROM sqlite_schema ORDER BY type, name";
    let mut statement = connection.prepare(all).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn version_1() -> Directory {
    let directory = Directory::new();
    fs::write(directory.file(), FILE).unwrap();
    directory
}

#[test]
fn a_file_of_version_1_answers_as_before() {
    let directory = version_1();
    is_as_before(&Sqlite::open(directory.file()).unwrap());
    is_as_before(&Sqlite::open(directory.file()).unwrap());
}

#[test]
fn a_migrated_file_has_the_schema_of_a_new_one() {
    let (migrated, new) = (version_1(), Directory::new());
    for directory in [&migrated, &new] {
        drop(Sqlite::open(directory.file()).unwrap());
    }
    assert_eq!(schema(&migrated), schema(&new));
    let connection = Connection::open(migrated.file()).unwrap();
    let problems =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(problems.unwrap(), "ok");
}

/// A migration that fails leaves version 1, which opens when the reason is gone.
#[test]
fn a_migration_is_whole_or_nothing() {
    let directory = version_1();
    let edit = |sql: &str| {
        let connection = Connection::open(directory.file()).unwrap();
        connection.execute_batch(sql).unwrap();
    };
    edit("CREATE TABLE plan (anything TEXT)");
    Sqlite::open(directory.file()).unwrap_err();
    edit("DROP TABLE plan");
    let store = Sqlite::open(directory.file()).unwrap();
    is_as_before(&store);
    assert_eq!(store.phases().unwrap().len(), 4);
}

/// Version 3 adds a table, and changes no row.
#[test]
fn a_file_of_version_2_has_the_facts_that_it_had() {
    let (old, new) = (Directory::new(), Directory::new());
    fs::write(old.file(), include_bytes!("../../../fixtures/v2/facts.db")).unwrap();
    let lines = include_bytes!("../../../fixtures/v2/facts.jsonl");
    let import = Import::json_lines(&lines[..]);
    import
        .into_store(&Sqlite::open(new.file()).unwrap())
        .unwrap();
    let facts = |directory: &Directory| {
        let store = Sqlite::open(directory.file()).unwrap();
        let mut lines = Vec::new();
        Export::of(&store).json_lines(&mut lines).unwrap();
        assert!(
            store
                .latencies(&store.phases().unwrap()[0].name)
                .unwrap()
                .is_empty()
        );
        String::from_utf8(lines).unwrap()
    };
    assert_eq!(facts(&old), facts(&new));
    assert_eq!(facts(&old).lines().count(), 7);
    assert_eq!(schema(&old), schema(&new));
}
