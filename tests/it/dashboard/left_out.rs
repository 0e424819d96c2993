//! The requests that are in no result, on the pages of the recorder and of a set.

use std::sync::Arc;

use axum::{Router, body::Body, routing::get as route};
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_tracks::{
    Consent, MultiTrackSet, SimpleTrackSet, TracksLayer,
    store::{Memory, Store},
};

use super::{dashboard, filled, get, many::put, read};

/// A layer of the set `pricing`, for which requests to `/staff` are not eligible, and of a small set.
fn layer() -> TracksLayer {
    let pricing: MultiTrackSet<http::request::Parts> = SimpleTrackSet::new("pricing")
        .track("cheap", ())
        .eligible(|parts: &http::request::Parts| parts.uri.path() != "/staff")
        .build()
        .unwrap();
    let small = SimpleTrackSet::new("small").track("long", 2000).share(0.0);
    TracksLayer::new(pricing)
        .and(small.build().unwrap())
        .unwrap()
        .consent(|parts| match parts.headers.contains_key("x-denied") {
            true => Consent::Denied,
            false => Consent::Granted,
        })
}

async fn visit(shop: &Router, path: &str, (name, value): (&str, &str)) {
    let request = Request::get(path)
        .header("user-agent", "Mozilla/5.0")
        .header(name, value);
    let request = request.body(Body::empty()).unwrap();
    shop.clone().oneshot(request).await.unwrap();
}

/// A shop that seven requests visited, and its dashboard.
async fn visited(store: Arc<dyn Store>) -> Router {
    let layer = layer();
    let dashboard = dashboard(store).counts(layer.counts()).into_router();
    let hello = || async { "hello" };
    let shop = Router::new()
        .route("/", route(hello))
        .route("/staff", route(hello))
        .layer(layer);
    let request = Request::get("/").header("user-agent", "Googlebot/2.1");
    let request = request.body(Body::empty()).unwrap();
    shop.clone().oneshot(request).await.unwrap();
    visit(&shop, "/", ("sec-purpose", "prefetch")).await;
    visit(&shop, "/", ("x-denied", "1")).await;
    visit(&shop, "/", ("x-usual", "1")).await;
    for _ in 0..3 {
        visit(&shop, "/staff", ("x-usual", "1")).await;
    }
    read(&dashboard).await;
    dashboard
}

/// Returns the number of a reason in an array of rows.
fn number(rows: &Value, reason: &str, set: Option<&str>) -> u64 {
    let rows = rows.as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["reason"] == reason && row["set"] == json!(set));
    row.map_or(0, |row| row["requests"].as_u64().unwrap())
}

#[tokio::test]
async fn the_recorder_page_has_the_requests_of_each_layer() {
    let router = visited(Arc::new(Memory::default())).await;
    let body = get(&router, "/recorder.json").await.body;
    let json: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(json["sinks"], json!([]));
    let layer = &json["layers"][0];
    assert_eq!(
        (&layer["requests"], &layer["sets"]),
        (&json!(7), &json!(["pricing", "small"]))
    );
    let rows = &layer["rows"];
    for reason in ["bot", "speculative", "no-consent"] {
        assert_eq!(number(rows, reason, None), 1, "{reason}: {body}");
    }
    assert_eq!(number(rows, "ineligible", Some("pricing")), 3, "{body}");
    assert_eq!(number(rows, "outside-share", Some("small")), 4, "{body}");
    let page = get(&router, "/recorder").await.body;
    assert!(
        page.contains("<h3>Layer of pricing and small</h3>"),
        "{page}"
    );
    assert!(
        page.contains("7 requests reached the layer since 20"),
        "{page}"
    );
    assert!(
        page.contains("Not eligible</th><td>pricing</td><td class=\"number\">3<"),
        "{page}"
    );
    let csv = get(&router, "/requests.csv").await.body;
    let has = |end: &str| {
        csv.lines()
            .any(|line| line.starts_with("1,20") && line.ends_with(end))
    };
    assert!(
        has(",,all,7") && has(",,bot,1") && has(",pricing,ineligible,3"),
        "{csv}"
    );
}

#[tokio::test]
async fn the_page_of_a_set_has_the_requests_of_its_layer_alone() {
    let store = Memory::default();
    let phase = filled().1.latest("pricing").unwrap().clone();
    put(&store, &phase);
    let mut other = phase;
    other.set = "banner".to_owned();
    put(&store, &other);
    let router = visited(Arc::new(store)).await;
    let page = get(&router, "/set?name=pricing").await.body;
    assert!(
        page.contains("Requests of this server alone, since 20"),
        "{page}"
    );
    assert!(
        page.contains("Not eligible</th><td class=\"number\">3<"),
        "{page}"
    );
    assert!(
        page.contains("Outside the share</th><td class=\"number\">0<"),
        "{page}"
    );
    let body = get(&router, "/set.json?name=pricing").await.body;
    let json: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        number(&json["left-out"]["rows"], "ineligible", Some("pricing")),
        3
    );
    // The layer does not have this set.
    let page = get(&router, "/set?name=banner").await.body;
    assert!(!page.contains("Requests left out"), "{page}");
}

#[tokio::test]
async fn without_recorder_and_layers_nothing_is_known() {
    let router = dashboard(Arc::new(Memory::default())).into_router();
    assert_eq!(get(&router, "/recorder.json").await.body, "null");
    let csv = get(&router, "/requests.csv").await.body;
    assert_eq!(csv, "layer,since,set,reason,requests\r\n");
}
