//! Programs that start before their database.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Body};
use http::Request;
use http_body_util::BodyExt;
use sqlx::postgres::PgPoolOptions;
use tower::ServiceExt;
use tower_tracks::{
    dashboard::{Access, Dashboard},
    store::{Postgres, Store, StoreErrorKind},
};

use super::{
    emptied::{builder, delay, expose, written},
    facts::met,
    schema::{Schema, wait},
    server::Server,
};

fn lazy(uri: &str, schema: &str) -> Postgres {
    wait(async {
        let pool = PgPoolOptions::new().acquire_timeout(Duration::from_secs(1));
        let pool = pool.connect_lazy(uri).unwrap();
        Postgres::builder(pool).schema(schema).lazy().unwrap()
    })
}

pub(super) fn page(router: &Router, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    wait(async {
        let response = router.clone().oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(body.to_vec()).unwrap()
    })
}

/// Returns the page once it is as it is to be.
fn page_that(router: &Router, is_so: impl Fn(&str) -> bool) -> String {
    let begun = Instant::now();
    loop {
        let page = page(router, "/sets");
        if is_so(&page) {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{page}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_recorder_and_a_dashboard_start_before_their_database() {
    let Some(server) = Server::start() else {
        return;
    };
    server.stop();
    let store: Arc<dyn Store> = Arc::new(lazy(&server.uri, "lazy"));
    let begun = Instant::now();
    let recorder = builder().store(Arc::clone(&store)).start().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "it waits");
    let dashboard = Dashboard::new(Arc::clone(&store), |_| Access::Read).recorder(&recorder);
    let router = dashboard.refresh(Duration::from_millis(50)).into_router();
    for key in 0..500 {
        expose(&recorder, &delay(), key);
    }
    let error = recorder.flush().wait().unwrap_err().to_string();
    assert!(error.contains("PostgreSQL cannot be reached"), "{error}");
    let is_down = |page: &str| page.contains("the store cannot be reached");
    let down = page_that(&router, is_down);
    assert!(down.contains("Facts wait in the recorder"), "{down}");
    server.start_again();
    let tally = written(&recorder);
    assert_eq!((tally.written, tally.dropped, tally.aside), (500, 0, 0));
    let up = page_that(&router, |page| !is_down(page) && page.contains("delay"));
    assert!(!up.contains("Facts wait in the recorder"), "{up}");
    assert!(store.units().unwrap().is_some());
    let closed = recorder.shutdown(Duration::from_secs(10)).wait();
    assert_eq!(closed.get("store").unwrap().dropped, 0);
}

/// The claim of a recorder is made when the store is opened, before the first fact is written.
#[test]
fn a_lazy_store_with_other_units_takes_no_facts() {
    let Some(schema) = Schema::new() else { return };
    schema.store().claim("ours").unwrap();
    let other = lazy(schema.uri(), schema.name());
    other.claim("theirs").unwrap();
    let error = other.write(&met(0..1)).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    assert_eq!(schema.number("SELECT count(*) FROM {schema}.exposure"), 0);
    let ours = lazy(schema.uri(), schema.name());
    ours.claim("ours").unwrap();
    let error = ours.claim("theirs").unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::OtherUnits);
    assert_eq!(ours.write(&met(0..1)).unwrap().total().new, 2);
}

#[test]
fn a_lazy_store_makes_its_tables_when_it_is_first_used() {
    let Some(schema) = Schema::new() else { return };
    let store = lazy(schema.uri(), schema.name());
    let there = "SELECT count(*) FROM pg_namespace WHERE nspname = '{schema}'";
    assert_eq!(schema.number(there), 0);
    assert!(store.phases().unwrap().is_empty());
    assert_eq!(schema.number(there), 1);
}
