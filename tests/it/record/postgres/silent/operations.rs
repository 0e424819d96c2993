//! What a caller learns whose connection dies.

use std::{sync::Arc, thread, time::Duration};

use axum::Router;
use tower_tracks::{
    dashboard::{Access, Dashboard},
    store::{
        Attribute, ErasedRow, Postgres, Readout, Store, StoreError, StoreErrorKind, Timestamp,
    },
};

use super::{
    super::{
        facts::{met, phase, question, unit},
        lazy::page,
        schema::{Schema, wait},
    },
    Broken, bounded, hasty,
};
use crate::wire::{Fault, Way, Wire};

/// An operation of a store.
type Operation = fn(&Postgres) -> Result<(), StoreError>;

const OPERATIONS: [(&str, Operation); 16] = [
    ("claim", |store| store.claim("units")),
    ("units", |store| store.units().map(drop)),
    ("write", |store| store.write(&met(0..10)).map(drop)),
    ("erasures", |store| {
        let mut batch = met(0..10);
        batch.erased.push(erased());
        store.write(&batch).map(drop)
    }),
    ("goals", |store| store.goals().map(drop)),
    ("phases", |store| store.phases().map(drop)),
    ("attribute", |store| store.attribute(&question()).map(drop)),
    ("conversions", |store| {
        store.conversions_by_day(Timestamp::MAX).map(drop)
    }),
    ("overlap", |store| {
        store.overlap(&phase(), None, Timestamp::MAX).map(drop)
    }),
    ("sums", |store| store.sums(&phase()).map(drop)),
    ("losses", |store| store.losses().map(drop)),
    ("history", |store| store.history(unit(1)).map(drop)),
    ("erase", |store| store.erase(erased()).map(drop)),
    ("retain", |store| {
        store.retain(Timestamp::MIN, &[]).map(drop)
    }),
    ("dump", |store| store.dump(&mut |_| Ok(()))),
    ("readouts", |store| {
        store.put_readout(&readout())?;
        store.readouts("kind").map(drop)
    }),
];

fn erased() -> ErasedRow {
    ErasedRow::new(unit(1), Timestamp::MIN)
}

fn readout() -> Readout {
    Readout::new(phase(), "kind".into(), Timestamp::default(), "{}".into())
}

/// The operation fails in bounded time, and the next one works on another connection.
fn fails_once((name, operation): (&str, Operation)) {
    let Some(schema) = Schema::new() else { return };
    // Which is the only one of the pool, so that the next is made in its place.
    let broken = Broken::new(&schema, 1);
    broken.store.write(&met(0..10)).unwrap();
    let swallow = Fault::Swallow(Way::Both);
    broken.wire.strike_at("BEGIN", swallow);
    let error = bounded(|| operation(&broken.store)).expect_err(name);
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{name}: {error}");
    let is_late = error.to_string().contains("did not answer within 4s");
    assert!(is_late, "{name}: {error}");
    let done = bounded(|| operation(&broken.store));
    done.unwrap_or_else(|error| panic!("{name}: {error}"));
}

#[test]
fn every_operation_ends_in_bounded_time() {
    thread::scope(|scope| {
        for operation in OPERATIONS {
            scope.spawn(move || fails_once(operation));
        }
    });
}

/// An answer that fails in the middle, after some of the rows have come, is complete the next time.
fn attribute(fetch: &'static str) {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 1);
    broken.store.write(&met(0..20_001)).unwrap();
    let expected = broken.store.attribute(&question()).unwrap();
    broken.wire.strike_at(fetch, Fault::Swallow(Way::ToClient));
    let error = bounded(|| broken.store.attribute(&question())).expect_err(fetch);
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    let again = bounded(|| broken.store.attribute(&question()));
    assert_eq!(again.unwrap(), expected);
}

fn dump() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 1);
    broken.store.write(&met(0..20_001)).unwrap();
    let mut batches = 0;
    let mut strike = |has_exposures| {
        batches += 1;
        if has_exposures {
            broken.wire.strike_all(Fault::Swallow(Way::ToClient));
        }
    };
    let dump = bounded(|| {
        broken.store.dump(&mut |batch| {
            strike(!batch.exposures.is_empty());
            Ok(())
        })
    });
    assert_eq!(dump.unwrap_err().kind(), StoreErrorKind::Unavailable);
    assert!(batches > 1, "{batches}");
    bounded(|| broken.store.dump(&mut |_| Ok(()))).unwrap();
}

#[test]
fn answers_in_chunks_end_in_bounded_time() {
    thread::scope(|scope| {
        for fetch in ["FETCH 10000 FROM cursor_0", "FETCH 10000 FROM cursor_1"] {
            scope.spawn(move || attribute(fetch));
        }
        scope.spawn(dump);
    });
}

fn connect(way: Way) {
    let Some(schema) = Schema::new() else { return };
    let (wire, uri) = Wire::before(schema.uri());
    wire.strike_new(Some(Fault::Swallow(way)));
    let pool = schema.pool_of(&uri);
    let builder = hasty(Postgres::builder(pool).schema(schema.name()));
    let error = bounded(|| wait(builder.clone().connect())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    wire.strike_new(None);
    bounded(|| wait(builder.connect())).unwrap();
}

#[test]
fn connecting_ends_in_bounded_time() {
    thread::scope(|scope| {
        for way in [Way::ToServer, Way::ToClient] {
            scope.spawn(move || connect(way));
        }
    });
}

/// A migration may last; yet the loss of its connection is noticed.
#[test]
fn a_migration_ends_in_bounded_time() {
    let Some(schema) = Schema::new() else { return };
    let (wire, uri) = Wire::before(schema.uri());
    let pool = schema.pool_of(&uri);
    let builder = hasty(Postgres::builder(pool).schema(schema.name()));
    wire.strike_at("CREATE TABLE meta", Fault::Swallow(Way::Both));
    let error = bounded(|| wait(builder.clone().connect())).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    let store = bounded(|| wait(builder.connect())).unwrap();
    assert!(store.phases().unwrap().is_empty());
}

/// Reads the page until it is as it is to be.
#[track_caller]
fn page_that(router: &Router, is_so: impl Fn(&str) -> bool) -> String {
    bounded(|| {
        let begun = std::time::Instant::now();
        loop {
            // The set has no new unit for more than a month.
            let page = page(router, "/ended");
            if is_so(&page) || begun.elapsed() > super::BOUND {
                return page;
            }
            thread::sleep(Duration::from_millis(20));
        }
    })
}

#[test]
fn a_dashboard_tells_that_its_store_does_not_answer() {
    let Some(schema) = Schema::new() else { return };
    let broken = Broken::new(&schema, 2);
    broken.store.write(&met(0..10)).unwrap();
    let store: Arc<dyn Store> = Arc::new(broken.store.clone());
    let dashboard = Dashboard::new(store, |_| Access::Read);
    let router = dashboard.refresh(Duration::from_millis(50)).into_router();
    let is_silent = |page: &str| page.contains("the store cannot be reached");
    page_that(&router, |page| page.contains("delay"));
    broken.wire.strike_new(Some(Fault::Swallow(Way::Both)));
    broken.wire.strike_all(Fault::Swallow(Way::Both));
    let page = page_that(&router, is_silent);
    assert!(
        page.contains("delay"),
        "the page keeps the previous report: {page}"
    );
    broken.wire.strike_new(None);
    page_that(&router, |page| !is_silent(page));
}
