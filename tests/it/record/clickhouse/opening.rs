//! A server that is not as a store expects it.

use std::time::Duration;

use tower_tracks::store::{
    Attribute, Batch, ClickHouse, ExposureRow, Memory, PhaseName, Store, StoreErrorKind, Timestamp,
    TrackName, conformance::dumped,
};

use crate::record::facts::{phase, unit, writer};

use super::{
    database::{Database, TABLES},
    facts::{met, question},
};

/// Returns exposures of units to the control of another set.
fn met_in(set: &str, numbers: std::ops::Range<u64>) -> Batch {
    let mut batch = Batch::default();
    let track = batch.track(&TrackName {
        phase: PhaseName {
            set: set.into(),
            ..phase()
        },
        track: "control".into(),
        control: true,
    });
    let writer = batch.writer(&writer());
    for number in numbers {
        let at = Timestamp::from_micros(number as i64);
        let exposure = ExposureRow::new(track, unit(number), at, writer);
        batch.exposures.push(exposure);
    }
    batch
}

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
fn a_store_of_one_server_is_none_of_a_cluster() {
    let Some(database) = Database::new() else {
        return;
    };
    drop(database.store());
    let error = database.builder().on_cluster("main").connect().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Other);
    assert!(
        error.to_string().contains("leave `on_cluster` out"),
        "{error}"
    );
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
fn a_store_without_rows_is_filled_anew() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    for table in TABLES {
        database.query(&format!("TRUNCATE TABLE {{database}}.{table}"));
    }
    store.write(&met(10..20, 0)).unwrap();
    let memory = Memory::default();
    memory.write(&met(10..20, 0)).unwrap();
    assert_eq!(dumped(&store), dumped(&memory));
    assert_eq!(dumped(&database.store()), dumped(&memory));
    assert_eq!(store.replacements().unwrap(), 1);
}

/// No statement fails in between, and the backup has the id of the store.
#[test]
fn a_backup_that_takes_the_place_of_the_store_gets_the_names_that_it_lacks() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    database.query("CREATE DATABASE {database}_backup");
    for table in TABLES {
        let copy = format!("{{database}}_backup.{table}");
        database.query(&format!("CREATE TABLE {copy} AS {{database}}.{table}"));
        database.query(&format!(
            "INSERT INTO {copy} SELECT * FROM {{database}}.{table}"
        ));
    }
    let later = met_in("price", 20..30);
    store.write(&later).unwrap();
    database.query("DROP DATABASE {database} SYNC");
    database.query("RENAME DATABASE {database}_backup TO {database}");
    store.write(&later).unwrap();
    let memory = Memory::default();
    memory.write(&met(0..10, 0)).unwrap();
    memory.write(&later).unwrap();
    assert_eq!(dumped(&store), dumped(&memory));
    assert_eq!(store.replacements().unwrap(), 1);
}

#[test]
fn names_that_come_during_a_dump_are_in_it() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    let mut later = Some(met_in("price", 20..30));
    let mut exposures = 0;
    let dump = store.dump(&mut |batch| {
        if let Some(later) = later.take() {
            store.write(&later)?;
        }
        exposures += batch.exposures.len();
        Ok(())
    });
    dump.unwrap();
    assert_eq!(exposures, 20);
}

#[test]
fn rows_of_other_programs_are_checked() {
    let Some(database) = Database::new() else {
        return;
    };
    let store = database.store();
    store.write(&met(0..10, 0)).unwrap();
    let answers = || {
        let busiest = store.busiest_second(&phase(), Timestamp::MAX).unwrap();
        let answer = store.attribute(&question()).unwrap();
        (dumped(&store), answer, busiest)
    };
    let before = answers();
    for rows in [
        "phase (id, set_name, phase, unit_kind) VALUES (5, '=1+1', 1, 'visitor')",
        "track (id, phase_id, name, control) VALUES (6, 5, 'a', 0)",
        "track (id, phase_id, name, control) \
         SELECT 7, id, '=1+1', 0 FROM {database}.phase WHERE set_name = 'delay'",
        "goal (id, name) VALUES (8, unhex('ff'))",
    ] {
        database.query(&format!("INSERT INTO {{database}}.{rows}"));
    }
    // In one second, more of them than of the other tracks.
    for (phase, track) in [("toInt64(5)", 6), ("phase_id", 7)] {
        let rows = format!(
            "SELECT DISTINCT {phase}, toFixedString(reverse(unit), 16), toInt64({track}), first \
             FROM {{database}}.exposure WHERE track_id NOT IN (6, 7)"
        );
        database.query(&format!("INSERT INTO {{database}}.exposure {rows}"));
    }
    let invalid = store.invalid_rows().unwrap();
    let invalid: Vec<_> = invalid.iter().map(|rows| (rows.table, rows.rows)).collect();
    assert_eq!(invalid, [("phase", 1), ("track", 1), ("goal", 1)]);
    assert_eq!(store.phases().unwrap().len(), 1);
    assert_eq!(store.goals().unwrap().len(), 1);
    assert_eq!(answers(), before);
}
