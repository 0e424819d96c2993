//! Requests that are in no test, and those that are not counted.

use axum::{Extension, Router, body::Body, routing::get as on_get};
use http::{Response, StatusCode};
use tower_tracks::{
    Assignment, Consent, Exclusion, Exposure, KeySource, Observe, Reason, TracksLayer,
    event::Alias, middleware::RefuseSpeculationLayer,
};

use crate::support::{BROWSER, Observed, always, body_text, cookies, exposed, request, send};

fn app(layer: TracksLayer) -> Router {
    let handler = async |assignment: Assignment| assignment.to_string();
    Router::new().route("/", on_get(handler)).layer(layer)
}

/// Sends a request of which only this header is known, besides what every request has.
async fn ask(layer: TracksLayer, name: &'static str, value: &str) -> Response<Body> {
    let mut request = request::<Body>("GET", "/", &[]);
    request.headers_mut().insert(name, value.parse().unwrap());
    tower::ServiceExt::oneshot(app(layer), request)
        .await
        .unwrap()
}

#[track_caller]
fn check_untouched(response: &Response<Body>) {
    assert!(exposed(response).is_empty() && cookies(response.headers()).is_empty());
}

async fn check_excluded(name: &'static str, value: &str, reason: Reason) {
    let observed = Observed::default();
    let layer = TracksLayer::new(always("delay")).observe(observed.clone());
    let counts = layer.counts();
    let response = ask(layer, name, value).await;
    check_untouched(&response);
    assert_eq!(body_text(response).await, format!("({reason})"), "{value}");
    assert!(observed.take().is_empty());
    assert_eq!(counts.excluded(reason), 1);
}

#[tokio::test]
async fn bots() {
    for agent in [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; BINGBOT/2.0)",
        "facebookexternalhit/1.1",
        "SomeSpider",
        "x crawler",
    ] {
        check_excluded("user-agent", agent, Reason::Bot).await;
    }
}

#[tokio::test]
async fn people_are_none() {
    for agent in [
        BROWSER,
        "curl/8.5.0",
        "Mozilla/5.0 HeadlessChrome/140.0",
        "bo t",
        "\u{e4}",
    ] {
        let layer = TracksLayer::new(always("delay"));
        let mut request = request::<Body>("GET", "/", &[]);
        let agent = http::HeaderValue::from_bytes(agent.as_bytes()).unwrap();
        request.headers_mut().insert("user-agent", agent);
        let response = tower::ServiceExt::oneshot(app(layer), request)
            .await
            .unwrap();
        assert_eq!(exposed(&response), ["delay=on"]);
    }
}

#[tokio::test]
async fn speculative_loads() {
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("sec-purpose", "Prefetch;anonymous-client-ip"),
        ("purpose", "prefetch"),
        ("purpose", "preview"),
        ("x-purpose", "preview"),
        ("x-moz", "prefetch"),
        ("x-sec-purpose", "prefetch"),
        ("purpose", "Prefetch"),
        ("hx-preloaded", "true"),
        ("next-router-prefetch", "1"),
        ("next-router-prefetch", "2"),
        ("next-router-segment-prefetch", "/_tree"),
        ("x-middleware-prefetch", "1"),
    ] {
        check_excluded(name, value, Reason::Speculative).await;
    }
    for (name, value) in [
        ("sec-purpose", "navigate"),
        ("purpose", "checkout"),
        ("hx-preloaded", "false"),
        ("hx-request", "true"),
        ("next-router-prefetch", "0"),
        ("next-router-state-tree", "prefetch"),
        ("x-up-target", "main"),
    ] {
        let response = ask(TracksLayer::new(always("delay")), name, value).await;
        assert_eq!(exposed(&response), ["delay=on"], "{name}: {value}");
    }
}

#[tokio::test]
async fn exclusions_can_be_configured() {
    let exclude = |exclusion| TracksLayer::new(always("delay")).exclude(exclusion);
    let none = || exclude(Exclusion::none());
    assert_eq!(
        exposed(&ask(none(), "user-agent", "Googlebot").await).len(),
        1
    );
    assert_eq!(
        exposed(&ask(none(), "sec-purpose", "prefetch").await).len(),
        1
    );
    let own = || exclude(Exclusion::none().bots(["ROBO"]));
    assert_eq!(exposed(&ask(own(), "user-agent", "a robot").await).len(), 0);
    assert_eq!(
        exposed(&ask(own(), "user-agent", "Googlebot").await).len(),
        1
    );
    let empty = || exclude(Exclusion::default().bots([""]).without_agent(false));
    assert_eq!(exposed(&ask(empty(), "user-agent", "").await).len(), 1);
    assert_eq!(
        exposed(&ask(empty(), "user-agent", "Googlebot").await).len(),
        1
    );
    let internal =
        exclude(Exclusion::default().when(|parts| parts.headers.contains_key("x-probe")));
    let counts = internal.counts();
    assert_eq!(
        body_text(ask(internal, "x-probe", "1").await).await,
        "(excluded)"
    );
    assert_eq!(counts.excluded(Reason::Excluded), 1);
    assert_eq!(counts.excluded(Reason::Bucketed), 0);
}

#[tokio::test]
async fn speculative_loads_may_be_refused() {
    let app = app(TracksLayer::new(always("delay"))).layer(RefuseSpeculationLayer);
    let response = send(
        app.clone(),
        "GET",
        "/",
        &[("sec-purpose", "prefetch;prerender")],
    )
    .await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["cache-control"], "no-store");
    check_untouched(&response);
    // A script would show the refusal.
    for headers in [
        &[("x-sec-purpose", "prefetch")][..],
        &[("purpose", "prefetch"), ("x-inertia", "true")],
        &[("hx-preloaded", "true")],
        &[("next-router-prefetch", "1")],
    ] {
        let response = send(app.clone(), "GET", "/", headers).await;
        assert_eq!(response.status(), StatusCode::OK, "{headers:?}");
        check_untouched(&response);
    }
    assert_eq!(exposed(&send(app, "GET", "/", &[]).await), ["delay=on"]);
}

const VISITOR: &str = "__Host-tracks=AAECAwQFBgcICQoLDA0ODw";

#[tokio::test]
async fn privacy_control_keeps_and_counts_nothing() {
    for cookie in ["", VISITOR] {
        let observed = Observed::default();
        let layer = TracksLayer::new(always("delay")).observe(observed.clone());
        let counts = layer.counts();
        let headers = [("sec-gpc", "1"), ("cookie", cookie)];
        let response = send(app(layer), "GET", "/", &headers).await;
        check_untouched(&response);
        assert_eq!(body_text(response).await, "delay/on");
        assert!(observed.take().is_empty());
        assert_eq!(counts.ephemeral(), 1);
    }
}

/// The visitor's cookie is not even read: each request draws a key of its own.
#[tokio::test]
async fn ephemeral_visitors_are_strangers_each_time() {
    let set = || tower_tracks::ParamTrackSet::new("delay", 0..1000, |n| format!("t{n}"));
    let layer = TracksLayer::new(set().build().unwrap()).consent(|_| Consent::Ephemeral);
    let app = app(layer);
    let mut tracks = std::collections::HashSet::new();
    for _ in 0..20 {
        tracks.insert(body_text(send(app.clone(), "GET", "/", &[("cookie", VISITOR)]).await).await);
    }
    assert!(tracks.len() > 10, "{tracks:?}");
    // A key that is not the visitor's cookie is not kept by being used.
    let layer = TracksLayer::new(set().build().unwrap())
        .consent(|_| Consent::Ephemeral)
        .key([
            KeySource::cookie("session"),
            tower_tracks::VisitorCookie::default().into(),
        ]);
    let app = self::app(layer);
    let ask =
        async || body_text(send(app.clone(), "GET", "/", &[("cookie", "session=1")]).await).await;
    assert_eq!(ask().await, ask().await);
}

#[tokio::test]
async fn a_request_without_consent_is_in_no_test() {
    let layer = TracksLayer::new(always("delay")).consent(|_| Consent::Denied);
    let counts = layer.counts();
    let response = send(app(layer), "GET", "/", &[("cookie", VISITOR)]).await;
    check_untouched(&response);
    assert_eq!(body_text(response).await, "(no-consent)");
    assert_eq!(counts.excluded(Reason::NoConsent), 1);
}

#[tokio::test]
async fn granted_consent_overrides_privacy_control() {
    let layer = TracksLayer::new(always("delay")).consent(|_| Consent::Granted);
    let response = send(app(layer), "GET", "/", &[("sec-gpc", "1")]).await;
    assert_eq!(exposed(&response), ["delay=on"]);
    assert_eq!(cookies(response.headers()).len(), 1);
}

#[derive(Clone, Default)]
struct Aliases(std::sync::Arc<std::sync::Mutex<Vec<Alias>>>);

impl Observe for Aliases {
    fn observe(&self, _: &Exposure) {}

    fn alias(&self, alias: &Alias) {
        self.0.lock().unwrap().push(alias.clone());
    }
}

#[derive(Clone, Copy)]
struct Session(Option<u64>);

/// Returns the track of a visitor, and the number of reported aliases.
async fn sign_in(session: Session, headers: &[(&str, &str)]) -> (String, Vec<Alias>) {
    let aliases = Aliases::default();
    let set = tower_tracks::ParamTrackSet::new("delay", 0..1000, |n| format!("t{n}"));
    let layer = TracksLayer::new(set.build().unwrap())
        .key_of("user", KeySource::extension(|session: &Session| session.0))
        .observe(aliases.clone());
    let response = send(app(layer).layer(Extension(session)), "GET", "/", headers).await;
    let told = std::mem::take(&mut *aliases.0.lock().unwrap());
    (body_text(response).await, told)
}

#[tokio::test]
async fn signing_in_moves_nobody_and_is_told() {
    let known = [("cookie", VISITOR)];
    let (before, told) = sign_in(Session(None), &known).await;
    assert!(told.is_empty());
    let (after, told) = sign_in(Session(Some(7)), &known).await;
    assert_eq!(before, after);
    let [alias] = &told[..] else {
        panic!("{told:?}")
    };
    assert_eq!(alias.visitor().as_bytes(), b"AAECAwQFBgcICQoLDA0ODw");
    assert_eq!(
        (alias.unit_kind(), alias.key().as_bytes()),
        ("user", &b"7"[..])
    );
    assert!(!format!("{alias:?}").contains("AAECAw"));
    // A new visitor may never learn the key, and who agreed to nothing is not paired.
    assert!(sign_in(Session(Some(7)), &[]).await.1.is_empty());
    let private = [("cookie", VISITOR), ("sec-gpc", "1")];
    assert!(sign_in(Session(Some(7)), &private).await.1.is_empty());
}
