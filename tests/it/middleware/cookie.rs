//! The visitor's cookie.

use axum::{Router, body::Body, routing::get as on_get};
use http::Response;
use tower_tracks::{
    Assignment, KeySource, Reason, SimpleTrackSet, TracksLayer, VisitorCookie,
    middleware::Randomness,
};

use crate::support::{always, cookies, exposed, send};

const VISITOR: &str = "AAECAwQFBgcICQoLDA0ODw";

fn randomness() -> Randomness {
    Randomness::from_fn(|| std::array::from_fn(|index| index as u8))
}

fn app(layer: TracksLayer) -> Router {
    Router::new()
        .route(
            "/reads",
            on_get(async |assignment: Assignment| assignment.to_string()),
        )
        .route(
            "/looks",
            on_get(async |assignment: Assignment| assert!(assignment.set().is_some())),
        )
        .route(
            "/has",
            on_get(async |assignment: Assignment| drop(assignment)),
        )
        .route("/static", on_get(async || "coconut"))
        .layer(layer.randomness(randomness()))
}

async fn visit(layer: TracksLayer, path: &str, cookie: &str) -> Response<Body> {
    send(app(layer), "GET", path, &[("cookie", cookie)]).await
}

#[track_caller]
fn check(response: &Response<Body>, expected: &[&str]) {
    assert_eq!(cookies(response.headers()), expected);
}

const DEFAULT: &str = "__Host-tracks=AAECAwQFBgcICQoLDA0ODw; Path=/; Max-Age=15552000; Secure; \
                       HttpOnly; SameSite=Lax";
const PLAIN: &str =
    "tracks=AAECAwQFBgcICQoLDA0ODw; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax";

#[tokio::test]
async fn it_is_issued_when_an_assignment_was_read() {
    let new = || TracksLayer::new(always("delay"));
    check(&visit(new(), "/reads", "").await, &[DEFAULT]);
    check(&visit(new(), "/looks", "").await, &[DEFAULT]);
    check(&visit(new(), "/has", "").await, &[]);
    check(&visit(new(), "/static", "").await, &[]);
    check(
        &visit(new().key(VisitorCookie::plain()), "/reads", "").await,
        &[PLAIN],
    );
}

#[tokio::test]
async fn it_is_not_renewed() {
    let known = format!("__Host-tracks={VISITOR}");
    check(
        &visit(TracksLayer::new(always("delay")), "/reads", &known).await,
        &[],
    );
}

#[tokio::test]
async fn a_malformed_cookie_is_replaced() {
    for bad in [
        "",
        "1",
        "alice",
        "AAECAwQFBgcICQoLDA0ODx",
        "AAECAwQFBgcICQoLDA0OD",
    ] {
        let cookie = format!("__Host-tracks={bad}");
        check(
            &visit(TracksLayer::new(always("delay")), "/reads", &cookie).await,
            &[DEFAULT],
        );
    }
}

#[tokio::test]
async fn head_and_options_issue_none() {
    let app = app(TracksLayer::new(always("delay")));
    for method in ["HEAD", "OPTIONS"] {
        check(&send(app.clone(), method, "/reads", &[]).await, &[]);
    }
}

#[tokio::test]
async fn another_key_needs_none() {
    let sources = [KeySource::cookie("session"), VisitorCookie::plain().into()];
    let layer = TracksLayer::new(always("delay")).key(sources);
    check(&visit(layer.clone(), "/reads", "session=1").await, &[]);
    check(&visit(layer, "/reads", "other=1").await, &[PLAIN]);
}

/// A visitor outside the share must stay outside, and not draw again at each visit.
#[tokio::test]
async fn it_is_issued_outside_the_share_too() {
    let outside = SimpleTrackSet::new("delay")
        .track("long", ())
        .share(0.0)
        .build()
        .unwrap();
    let response = visit(TracksLayer::new(outside), "/reads", "").await;
    check(&response, &[DEFAULT]);
    assert!(exposed(&response).is_empty());
}

#[tokio::test]
async fn it_is_not_issued_where_the_key_decided_nothing() {
    let nobody = SimpleTrackSet::new("delay")
        .track("long", ())
        .eligible(|(): &()| false);
    let layer = TracksLayer::new(nobody.build().unwrap());
    check(&visit(layer, "/reads", "").await, &[]);
}

#[tokio::test]
async fn one_visitor_gets_one_cookie_whatever_the_groups_and_units() {
    let user = SimpleTrackSet::new("discount")
        .unit_kind("user")
        .without_control()
        .track("on", ());
    let layer = TracksLayer::new(always("delay"))
        .and(always("banner"))
        .unwrap()
        .and(user.build().unwrap())
        .unwrap()
        .key_of("user", VisitorCookie::default())
        .randomness(randomness());
    let handler = async |all: tower_tracks::Assignments| {
        all.iter()
            .for_each(|one| assert_eq!(one.reason(), Reason::Bucketed));
    };
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    check(&send(app, "GET", "/", &[]).await, &[DEFAULT]);
}
