//! Pinned keys and contexts under a layer.

use axum::{Router, routing::get as on_get};
use http::{Response, request::Parts};
use tower_tracks::{
    Assignment, FromParts, Goals, KeySource, Reason, SimpleTrackSet, TracksLayer, VisitorCookie,
};

use crate::support::{Observed, body_text, cookies, exposed, send};

/// A client of an API, by a header that its proxy sets.
struct Client {
    is_api: bool,
}

impl FromParts for Client {
    fn from_parts(parts: &Parts) -> Self {
        Self {
            is_api: parts.headers.contains_key("x-api"),
        }
    }
}

fn pricing() -> SimpleTrackSet<i64> {
    let pricing = SimpleTrackSet::new("pricing").track("cheap", -1_i64);
    pricing.track("dear", 1).without_control()
}

fn app(layer: TracksLayer) -> Router {
    let handler = async |assignment: Assignment, goals: Goals| {
        assert!(goals.receipt().is_none());
        format!("{assignment} {}", assignment.reason())
    };
    Router::new().route("/", on_get(handler)).layer(layer)
}

#[track_caller]
fn check_not_shared<B>(response: &Response<B>) {
    assert_eq!(response.headers()["cache-control"], "private");
}

#[tokio::test]
async fn a_pinned_key_is_marked_and_not_counted() {
    let observed = Observed::default();
    let pins = [("tester-7", "dear"), ("tester-8", "cheap")];
    let layer = TracksLayer::new(pricing().pin_keys(pins).build().unwrap());
    let layer = layer.key(KeySource::cookie("id")).observe(observed.clone());
    let app = app(layer);
    for (id, track) in pins {
        let cookie = format!("id={id}");
        let response = send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
        assert_eq!(exposed(&response), [format!("pricing={track};forced")]);
        check_not_shared(&response);
        let text = format!("pricing/{track} {}", Reason::Pinned);
        assert_eq!(body_text(response).await, text);
        assert!(observed.take().is_empty());
    }
    let response = send(app, "GET", "/", &[("cookie", "id=alice")]).await;
    assert!(!exposed(&response)[0].contains("forced"));
    assert_eq!(observed.take().len(), 1);
}

/// Neither one with a key, nor one with a new key, nor one with none.
#[tokio::test]
async fn a_pinned_context_needs_no_key_and_gets_no_cookie() {
    let none: [KeySource; 0] = [];
    for layer in [
        TracksLayer::new(set()),
        TracksLayer::new(set()).key(VisitorCookie::plain()),
        TracksLayer::new(set()).key(KeySource::random()),
        TracksLayer::new(set()).key(none),
    ] {
        let observed = Observed::default();
        let app = app(layer.observe(observed.clone()));
        let response = send(app, "GET", "/", &[("x-api", "1")]).await;
        assert_eq!(exposed(&response), ["pricing=dear;forced"]);
        assert!(cookies(response.headers()).is_empty());
        check_not_shared(&response);
        assert_eq!(body_text(response).await, "pricing/dear pinned");
        assert!(observed.take().is_empty());
    }
}

fn set() -> tower_tracks::MultiTrackSet<Client> {
    let set = pricing().pin_when("dear", |client: &Client| client.is_api);
    set.build().unwrap()
}

#[tokio::test]
async fn a_request_that_is_not_pinned_is_as_usual() {
    let none: [KeySource; 0] = [];
    let response = send(app(TracksLayer::new(set()).key(none)), "GET", "/", &[]).await;
    assert_eq!(body_text(response).await, "(no-key) no-key");
}

#[tokio::test]
async fn pauses_and_exclusion_come_before_a_pin() {
    let layer = TracksLayer::new(set());
    let response = send(
        app(layer.clone()),
        "GET",
        "/",
        &[("x-api", "1"), ("user-agent", "a bot")],
    )
    .await;
    assert_eq!(body_text(response).await, "(bot) bot");
    layer.pauses().pause("pricing").unwrap();
    let response = send(app(layer), "GET", "/", &[("x-api", "1")]).await;
    assert_eq!(body_text(response).await, "pricing (paused) paused");
}

/// The header has no unit, so that no log counts it.
#[tokio::test]
async fn a_pinned_key_has_no_unit() {
    let layer = TracksLayer::new(pricing().pin_keys([("tester", "dear")]).build().unwrap());
    let layer = layer.key(KeySource::cookie("id"));
    let app = app(layer.units(tower_tracks::Units::raw()));
    let response = send(app.clone(), "GET", "/", &[("cookie", "id=tester")]).await;
    assert_eq!(exposed(&response), ["pricing=dear;forced"]);
    let response = send(app, "GET", "/", &[("cookie", "id=alice")]).await;
    assert!(exposed(&response)[0].contains(";unit="));
}
