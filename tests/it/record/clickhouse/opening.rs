//! A server that is not as a store expects it.

use std::time::Duration;

use tower_tracks::store::{ClickHouse, Memory, Store, StoreErrorKind, conformance::dumped};

use super::{database::Database, facts::met};

#[test]
fn a_wrong_password_is_an_error_that_does_not_show_it() {
    let Some(database) = Database::new() else {
        return;
    };
    let url = database.url().replace("http://", "http://tracks:geheim@");
    let error = ClickHouse::connect(&url).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
    assert!(
        error.to_string().contains("AUTHENTICATION_FAILED"),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("geheim"));
}

#[test]
fn a_server_may_be_down_at_the_start() {
    // Nothing listens at this port, or refuses at once.
    let store = ClickHouse::builder("http://127.0.0.1:9").unwrap();
    let store = store
        .connect_timeout(Duration::from_secs(1))
        .lazy()
        .unwrap();
    let error = store.phases().unwrap_err();
    assert!(error.is_transient(), "{error:?}");
}

#[test]
fn a_later_version_is_refused() {
    let Some(database) = Database::new() else {
        return;
    };
    drop(database.store());
    database.query("INSERT INTO {database}.meta (key, value) VALUES ('schema 2', '')");
    let error = database.builder().connect().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NewerSchema);
}

#[test]
fn tables_may_be_created_twice() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    // As if a program had been killed before it wrote the version.
    database.query(
        "ALTER TABLE {database}.meta DELETE WHERE key = 'schema 1' SETTINGS mutations_sync = 2",
    );
    assert_eq!(database.store().phases().unwrap().len(), 1);
}

#[test]
fn a_replaced_store_is_filled_anew() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    database.query("DROP DATABASE {database} SYNC");
    for _ in 0..2 {
        let error = store.write(&met(0..10, 0)).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Replaced);
        assert!(error.is_transient());
    }
    // It may be about to be renamed, so the store does not create it.
    database.query("CREATE DATABASE {database}");
    assert_eq!(store.replacements().unwrap(), 1);
    store.write(&met(0..10, 0)).unwrap();
    let memory = Memory::default();
    memory.write(&met(0..10, 0)).unwrap();
    assert_eq!(dumped(&store), dumped(&memory));
    // Another program replaces it, and this one writes at once.
    database.query("DROP DATABASE {database} SYNC");
    drop(database.store());
    store.write(&met(0..10, 0)).unwrap();
    assert_eq!(dumped(&store), dumped(&memory));
    assert_eq!(store.replacements().unwrap(), 2);
}

#[test]
fn rows_of_other_programs_are_checked() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    let before = dumped(&store);
    database.query("INSERT INTO {database}.phase (id, set_name, phase, unit_kind) VALUES (5, '=1+1', 1, 'visitor')");
    database
        .query("INSERT INTO {database}.track (id, phase_id, name, control) VALUES (6, 5, 'a', 0)");
    database.query("INSERT INTO {database}.goal (id, name) VALUES (7, unhex('ff'))");
    let rows = "(5, unhex('00000000000000000000000000000001'), 6, (1, 0, 7, '', 0))";
    database.query(&format!("INSERT INTO {{database}}.exposure VALUES {rows}"));
    let invalid = store.invalid_rows().unwrap();
    let invalid: Vec<_> = invalid.iter().map(|rows| (rows.table, rows.rows)).collect();
    assert_eq!(invalid, [("phase", 1), ("goal", 1)]);
    assert_eq!(store.phases().unwrap().len(), 1);
    assert_eq!(store.goals().unwrap().len(), 1);
    let _ = before;
}
