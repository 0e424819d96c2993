//! The schema is a contract with readers of the file: a change is a new version of it.

use rusqlite::Connection;
use tower_tracks::store::{Sqlite, Store};

use super::{directory::Directory, facts::exposures};

/// Returns what is in the schema, without comments and with single spaces.
fn schema(connection: &Connection) -> Vec<String> {
    let all = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name";
    let mut statement = connection.prepare(all).unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    let line = |sql: String| {
        let lines = sql.lines().filter(|line| !line.trim().starts_with("--"));
        let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
        words.join(" ").replace("( ", "(").replace(" )", ")")
    };
    rows.map(|sql| line(sql.unwrap())).collect()
}

#[test]
fn is_that_of_version_3() {
    let directory = Directory::new();
    drop(Sqlite::open(directory.file()).unwrap());
    let connection = Connection::open(directory.file()).unwrap();
    let expected: Vec<&str> = include_str!("schema.txt").lines().collect();
    let found = schema(&connection);
    assert_eq!(found, expected, "in full:\n{}", found.join("\n"));
    let pragma = |name: &str| {
        let value = connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        value.unwrap()
    };
    assert_eq!(pragma("application_id").to_be_bytes()[4..], *b"trks");
    let version = "SELECT value FROM meta WHERE key = 'schema'";
    let version = connection.query_row(version, [], |row| row.get::<_, String>(0));
    assert_eq!(version.unwrap(), "3");
}

/// Warehouse tools find their own words, and times to the microsecond.
#[test]
fn the_view_has_the_words_of_warehouse_tools() {
    let directory = Directory::new();
    let store = Sqlite::open(directory.file()).unwrap();
    let mut batch = exposures([0, 1]);
    batch.exposures[0].first_at = tower_tracks::store::Timestamp::from_micros(-1);
    batch.exposures[1].first_at =
        tower_tracks::store::Timestamp::from_micros(1_767_571_200_000_123);
    store.write(&batch).unwrap();
    let connection = Connection::open(directory.file()).unwrap();
    let all = "SELECT unit, timestamp, experiment, variant FROM exposures ORDER BY unit";
    let mut statement = connection.prepare(all).unwrap();
    let rows = statement.query_map([], |row| {
        let columns = (0..4).map(|column| row.get::<_, String>(column));
        Ok(columns.collect::<Result<Vec<_>, _>>()?.join(" "))
    });
    let rows: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
    let expected = [
        "00000000000000000000000000000000 1969-12-31T23:59:59.999999Z delay@2 long",
        "00000000000000000000000000000001 2026-01-05T00:00:00.000123Z delay@2 long",
    ];
    assert_eq!(rows, expected);
}

/// No scan of facts is sorted, and no unit is looked for in all of them.
#[test]
fn facts_are_found_by_their_keys() {
    let directory = Directory::new();
    drop(Sqlite::open(directory.file()).unwrap());
    let connection = Connection::open(directory.file()).unwrap();
    let queries = [
        "SELECT unit, track_id, first_at, coin FROM exposure WHERE phase_id = 1 ORDER BY unit",
        "SELECT unit, idem, at, value FROM conversion \
         WHERE goal_id = (SELECT id FROM goal WHERE name = 'a') ORDER BY unit",
        "SELECT 1 FROM exposure WHERE phase_id IN (SELECT id FROM phase) AND unit = x'00'",
        "SELECT visitor FROM alias WHERE user = x'00' AND first_at <= 1 \
         ORDER BY first_at DESC, visitor LIMIT 1",
    ];
    for query in queries {
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
            .unwrap();
        let rows = statement
            .query_map([], |row| row.get::<_, String>(3))
            .unwrap();
        let plan: Vec<String> = rows.map(Result::unwrap).collect();
        let plan = plan.join("; ");
        let looks_through = [
            "SCAN exposure",
            "SCAN conversion",
            "SCAN alias",
            "TEMP B-TREE",
        ];
        assert!(
            !looks_through.iter().any(|step| plan.contains(step)),
            "{query}: {plan}"
        );
    }
}
