use std::error::Error;

use tower_tracks::store::{AsideRow, Attribute, ErasedRow, Store, StoreErrorKind, Timestamp};

use super::{
    facts::{met, question, unit},
    schema::{Schema, wait},
};

/// The rest of its batch is not written, and the next batch is.
#[test]
fn text_that_no_column_holds() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store();
    let mut batch = met(0..1);
    let row = AsideRow::new(Timestamp::default(), "late\0".into(), "{}".into());
    batch.aside.push(row);
    let error = store.write(&batch).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(!error.is_transient() && error.source().is_some());
    assert_eq!(store.write(&met(0..1)).unwrap().total().new, 2);
}

#[test]
fn a_database_that_may_only_be_read() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store();
    store.write(&met(0..1)).unwrap();
    let options = "?options=-c%20default_transaction_read_only%3Don";
    let pool = schema.pool_of(&format!("{}{options}", schema.uri()));
    let reader = schema.connect(pool).unwrap();
    assert!(reader.attribute(&question()).unwrap().is_some());
    let error = reader.write(&met(1..2)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
}

#[test]
fn a_pool_that_was_closed() {
    let Some(schema) = Schema::new() else { return };
    let pool = schema.pool();
    let store = schema.connect(pool.clone()).unwrap();
    wait(pool.close());
    let error = store.write(&met(0..1)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable);
}

#[test]
fn another_session_that_locks_a_row() {
    let Some(schema) = Schema::new() else { return };
    // Another transaction creates the tables and waits.
    schema.store();
    let options = "?options=-c%20lock_timeout%3D50ms";
    let pool = schema.pool_of(&format!("{}{options}", schema.uri()));
    let store = schema.connect(pool).unwrap();
    wait(async {
        let mut tx = schema.pool().begin().await.unwrap();
        let lock = format!("LOCK TABLE {}.exposure", schema.name());
        let mut query = sqlx::QueryBuilder::new(lock);
        query.build().execute(&mut *tx).await.unwrap();
        let writing = tokio::task::spawn_blocking(move || store.write(&met(0..1)));
        let error = writing.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Busy);
    });
}

/// Times beyond the range of `timestamptz` block nothing, and stay in order.
#[test]
fn times_from_far_away() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store();
    let mut batch = met(0..4);
    let micros = [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX];
    for (row, micros) in batch.exposures.iter_mut().zip(micros) {
        row.first_at = Timestamp::from_micros(micros);
    }
    store.write(&batch).unwrap();
    let held = [0, 1, 2, 3].map(|number| {
        let history = store.history(unit(number)).unwrap();
        history.exposures[0].0.as_micros()
    });
    assert_eq!(held, [i64::MIN, i64::MIN, i64::MAX - 1, i64::MAX]);
    assert!(store.attribute(&question()).unwrap().is_some());
    let erased = ErasedRow::new(unit(3), Timestamp::MAX);
    assert_eq!(store.erase(erased).unwrap(), 2);
}

/// Warehouse tools have their own words.
#[test]
fn the_view_of_exposures() {
    let Some(schema) = Schema::new() else { return };
    let store = schema.store();
    store.write(&met(0..2)).unwrap();
    let select = format!(
        "SELECT count(*) FROM {{schema}}.exposures WHERE experiment = 'delay' \
         AND variant = 'control' AND unit = '{}' AND timestamp = '1970-01-01 00:00 UTC'",
        unit(0)
    );
    assert_eq!(schema.number(&select), 1);
}
