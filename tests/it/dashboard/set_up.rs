//! What the first page says of a set-up that records nothing.

use axum::{Router, body::Body, routing::get as route};
use http::Request;
use tower::ServiceExt;
use tower_tracks::{Assigned, TrackSet, TracksLayer, dashboard::Access, store::Memory};

use super::{Dashboard, get};

#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
enum Banner {
    #[track(control)]
    Blue,
    Green,
}

/// The shop, and its dashboard.
fn shop() -> (Router, Router) {
    let layer = TracksLayer::new(Banner::track_set().build().unwrap());
    let store = std::sync::Arc::new(Memory::default());
    let dashboard = Dashboard::new(store, |_| Access::Read).counts(layer.counts());
    let shop = Router::new()
        .route("/", route(|| async { "nothing is read" }))
        .route(
            "/read",
            route(|banner: Assigned<Banner>| async move { format!("{banner:?}") }),
        )
        .layer(layer);
    (shop, dashboard.into_router())
}

async fn visit(shop: &Router, path: &str, agent: &str) {
    let request = Request::get(path).header("user-agent", agent);
    let request = request.body(Body::empty()).unwrap();
    shop.clone().oneshot(request).await.unwrap();
}

/// The sentences of the box, as JSON.
async fn sentences(dashboard: &Router) -> Vec<String> {
    let page = get(dashboard, "/sets").await.body;
    let json = get(dashboard, "/sets.json").await.body;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let sentences: Vec<String> = serde_json::from_value(json["set-up"].clone()).unwrap();
    let first = sentences[0].split('`').next().unwrap();
    assert!(page.contains(first), "{page}");
    sentences
}

#[tokio::test]
async fn a_layer_that_no_request_reached_is_named() {
    let (_, dashboard) = shop();
    let sentences = sentences(&dashboard).await;
    assert!(sentences[0].starts_with("No request has reached the layer"));
    assert_eq!(sentences.len(), 1);
}

#[tokio::test]
async fn a_server_that_only_bots_visit_is_named() {
    let (shop, dashboard) = shop();
    visit(&shop, "/read", "").await;
    visit(&shop, "/read", "Googlebot/2.1").await;
    let sentences = sentences(&dashboard).await;
    assert_eq!(
        sentences[0],
        "2 requests reached the layer since this server started; 2 excluded: 2 from bots."
    );
    assert!(sentences[1].starts_with("All requests were excluded"));
}

#[tokio::test]
async fn a_set_that_no_handler_reads_is_named_until_one_does() {
    let (shop, dashboard) = shop();
    visit(&shop, "/", "Mozilla/5.0").await;
    let unread = "No handler has read a track of banner. A set is recorded once a handler reads its \
                  track.";
    assert_eq!(sentences(&dashboard).await[1], unread);

    visit(&shop, "/read", "Mozilla/5.0").await;
    assert_eq!(
        sentences(&dashboard).await,
        ["2 requests reached the layer since this server started; none was excluded."]
    );
}
