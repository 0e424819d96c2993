//! A track that answers every request with an error is called, on the page and by the command line.

use std::{sync::Arc, time::Duration};

use axum::{Router, http::StatusCode, routing::get as on_get};
use serde_json::Value;
use tower_tracks::{
    Assignment, KeySource, Metric, Plan, SimpleTrackSet, TracksLayer, Units,
    record::Recorder,
    report::Reporter,
    store::{Sqlite, Store, Timestamp},
};

use super::{dashboard, get, read};
use crate::{
    cli::{Ran, tracks_of},
    sinks::Folder,
};

/// Serves a thousand visitors; half of them get an error.
async fn serve(store: Arc<dyn Store>) {
    async fn handler(assignment: Assignment) -> StatusCode {
        match assignment.track() {
            Some("broken") => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::OK,
        }
    }
    let plan = Plan::default().primary(Metric::rate("purchase"));
    let set = SimpleTrackSet::new("checkout")
        .track("broken", ())
        .plan(plan);
    let units = Units::pseudonym("0123456789abcdef").unwrap();
    let recorder = Recorder::builder(units).store(store).start().unwrap();
    let layer = TracksLayer::new(set.build().unwrap())
        .key(KeySource::cookie("id"))
        .observe(recorder.clone());
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    for visitor in 0..1000 {
        let cookie = format!("id=visitor-{visitor}");
        crate::support::send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
    }
    recorder.shutdown(Duration::from_secs(30)).await;
}

#[tokio::test]
async fn a_track_of_errors_alone_is_called_within_a_thousand_requests() {
    let folder = Folder::new();
    let path = folder.join("tracks.sqlite");
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&path).unwrap());
    serve(Arc::clone(&store)).await;
    Reporter::new(&*store, Timestamp::now()).refresh().unwrap();
    let router = dashboard(store).into_router();
    read(&router).await;
    let json = get(&router, "/set.json?name=checkout").await.body;
    let json: Value = serde_json::from_str(&json).unwrap_or_else(|_| panic!("{json}"));
    let errors = &json["report"]["requests"][0]["tracks"][1]["verdict"];
    assert_eq!(errors["kind"], "worse", "{errors}");
    let headline = &json["headline"];
    assert_eq!(
        (&headline["tone"], &headline["state"]),
        (&"bad".into(), &"guardrail worse".into())
    );
    let sentence = headline["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("A guardrail is worse: broken is worse than control on errors"));
    let ran = Ran::of(&mut tracks_of(&path, &["report"]));
    assert_eq!(ran.exit, 3, "{ran:?}");
    assert!(ran.out.contains("broken: Worse than control"), "{ran:?}");
}
