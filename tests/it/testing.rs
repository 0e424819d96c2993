//! The test kit, as users test their handlers with it.

use std::time::{Duration, SystemTime};

use axum::{
    Router,
    body::{Body, to_bytes},
    routing::get,
};
use http::Request;
use tower::ServiceExt;
use tower_tracks::{
    Assigned, Assignment, Consent, Exclusion, KeySource, MultiTrackSet, Reason, SimpleTrackSet,
    TrackSet, TracksLayer,
    testing::{Exposures, FixedClock, UnknownTrack, randomness, tracks_of},
};

use crate::support::{cookies, exposed, send};

#[derive(Clone, Copy, Debug, PartialEq, TrackSet)]
#[track_set(name = "pricing")]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
    #[track(name = "10-up", weight = 2)]
    Expensive,
}

/// A test sends whatever cookie it likes, though the shop's recorder has a secret.
#[tokio::test]
async fn a_pinned_layer_takes_unsigned_cookies() {
    let units = tower_tracks::Units::pseudonym("0123456789abcdef").unwrap();
    let known = "__Host-tracks=AAECAwQFBgcICQoLDA0ODw";
    let visit = async |layer: TracksLayer| {
        let response = send(app(layer), "GET", "/named", &[("cookie", known)]).await;
        cookies(response.headers()).len()
    };
    let shop = pricing().units(units);
    assert_eq!(visit(shop.clone()).await, 1);
    assert_eq!(
        visit(shop.clone().pin("pricing", "cheap").unwrap()).await,
        0
    );
    // Unless it is about signing.
    let signing = tower_tracks::unit::CookieSigning::new("0123456789abcdef").unwrap();
    let counts = shop.counts();
    let signed = shop.sign(signing).pin("pricing", "cheap").unwrap();
    visit(signed).await;
    assert_eq!(counts.refused_cookies(), 2);
}

fn pricing() -> TracksLayer {
    TracksLayer::new(Pricing::track_set().build().unwrap())
}

fn app(layer: TracksLayer) -> Router {
    let typed = async |Assigned(pricing): Assigned<Pricing>| format!("{pricing:?}");
    let named = async |assignment: Assignment| format!("{assignment} {}", assignment.reason());
    Router::new()
        .route("/typed", get(typed))
        .route("/named", get(named))
        .layer(layer)
}

/// Gets a page by a request that has nothing, as a test's often has.
async fn page(layer: TracksLayer, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = app(layer).oneshot(request).await.unwrap();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// A set that no request is in.
fn closed() -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay").track("short", 500).share(0.0);
    let set = set.weight(0).eligible(|(): &()| false).unit_kind("user");
    set.build().unwrap()
}

#[tokio::test]
async fn each_variant_is_visited() {
    let tracks = tracks_of::<Pricing>();
    assert_eq!(
        tracks,
        [Pricing::Control, Pricing::Cheap, Pricing::Expensive]
    );
    for pinned in tracks {
        let exposures = Exposures::default();
        let layer = pricing().pin_typed(pinned).unwrap();
        let layer = layer.observe(exposures.clone());
        assert_eq!(page(layer, "/typed").await, format!("{pinned:?}"));
        let [exposure] = &exposures.take()[..] else {
            panic!("{exposures:?}")
        };
        assert_eq!(exposure.choice().value(), Some(&pinned));
        assert!(exposure.is_new() && exposure.key().is_some());
    }
}

#[tokio::test]
async fn a_pin_needs_neither_key_nor_eligibility() {
    let exposures = Exposures::default();
    let layer = TracksLayer::new(closed()).observe(exposures.clone());
    let unpinned = layer.clone().exclude(Exclusion::none());
    assert_eq!(page(unpinned, "/named").await, "(no-key) no-key");
    let sourced = layer
        .clone()
        .key_of("user", KeySource::cookie("nobody-has-it"));
    assert_eq!(exposures.len(), 0);
    for layer in [layer, sourced] {
        let layer = layer.pin("delay", "short").unwrap();
        assert_eq!(page(layer, "/named").await, "delay/short bucketed");
    }
    assert_eq!(exposures.len(), 2);
    assert!(exposures.iter().all(|told| told.key().is_none()));
}

#[tokio::test]
async fn a_pinned_response_is_as_usual() {
    let layer = pricing().pin("pricing", "10-up").unwrap();
    let response = send(app(layer), "GET", "/typed", &[]).await;
    assert_eq!(exposed(&response), ["pricing=\"10-up\""]);
    assert_eq!(cookies(response.headers()).len(), 1);
}

#[tokio::test]
async fn exclusion_and_consent_apply_under_a_pin() {
    let pinned = || pricing().pin_typed(Pricing::Cheap).unwrap();
    let denied = pinned().consent(|_| Consent::Denied);
    assert_eq!(page(denied, "/typed").await, "Control");
    let response = send(app(pinned()), "GET", "/typed", &[("user-agent", "a bot")]).await;
    assert!(exposed(&response).is_empty());
    let exposures = Exposures::default();
    let ephemeral = pinned()
        .consent(|_| Consent::Ephemeral)
        .observe(exposures.clone());
    assert_eq!(page(ephemeral, "/typed").await, "Cheap");
    assert!(exposures.is_empty());
}

#[tokio::test]
async fn a_pause_is_one_under_a_pin() {
    let layer = pricing().pin_typed(Pricing::Cheap).unwrap();
    layer.pauses().pause("pricing").unwrap();
    assert_eq!(
        page(layer.clone(), "/named").await,
        "pricing (paused) paused"
    );
    assert_eq!(page(layer, "/typed").await, "Control");
}

#[tokio::test]
async fn the_last_pin_of_a_group_counts() {
    let group = || {
        let group = MultiTrackSet::builder().add(SimpleTrackSet::new("delay").track("short", 500));
        let group = group.add(Pricing::track_set()).build().unwrap();
        TracksLayer::new(group)
    };
    let layer = group().pin("delay", "short").unwrap();
    assert_eq!(page(layer.clone(), "/typed").await, "Control");
    let layer = layer.pin_typed(Pricing::Cheap).unwrap();
    assert_eq!(page(layer, "/typed").await, "Cheap");
    let two = pricing().and(closed()).unwrap();
    let two = two.pin_typed(Pricing::Cheap).unwrap();
    let two = two.pin("delay", "control").unwrap();
    assert_eq!(page(two.clone(), "/typed").await, "Cheap");
    let handler = async |all: tower_tracks::Assignments| {
        let delay = all.get("delay").unwrap();
        assert_eq!(delay.reason(), Reason::Bucketed);
        assert!(delay.is_control());
    };
    let app = Router::new().route("/", get(handler)).layer(two);
    assert_eq!(send(app, "GET", "/", &[]).await.status(), 200);
}

#[test]
fn an_unknown_set_or_track_is_an_error() {
    let said = |layer: Result<TracksLayer, UnknownTrack>| layer.unwrap_err().to_string();
    assert_eq!(
        said(pricing().pin("pricing", "gratis")),
        "the layer has no set \"pricing\" with a track \"gratis\""
    );
    assert_eq!(
        said(pricing().pin("delay", "short")),
        "the layer has no set \"delay\" with a track \"short\""
    );
    assert_eq!(
        said(TracksLayer::new(closed()).pin_typed(Pricing::Cheap)),
        "the layer does not have the typed set \"pricing\""
    );
}

#[tokio::test]
async fn a_clock_stands_still_until_it_is_advanced() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(43_200);
    let clock = FixedClock::new(noon);
    let exposures = Exposures::default();
    let layer = pricing().clock(clock.clock()).observe(exposures.clone());
    let handler = async move |Assigned(_): Assigned<Pricing>| clock.advance(Duration::from_secs(2));
    let app = Router::new().route("/", get(handler)).layer(layer);
    send(app, "GET", "/", &[]).await;
    let told = exposures.take();
    assert_eq!(told[0].at(), noon);
    assert_eq!(told[0].duration(), Some(Duration::from_secs(2)));
}

#[test]
fn time_does_not_overflow() {
    let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
    clock.advance(Duration::MAX);
    assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
}

/// Returns the cookies of two new visitors.
async fn new_visitors(seed: u64) -> Vec<String> {
    let app = app(pricing().randomness(randomness(seed)));
    let mut visitors = Vec::new();
    for _ in 0..2 {
        let response = send(app.clone(), "GET", "/typed", &[]).await;
        visitors.extend(cookies(response.headers()).into_iter().map(str::to_owned));
    }
    visitors
}

#[tokio::test]
async fn randomness_is_that_of_its_seed() {
    let visitors = new_visitors(1).await;
    assert_eq!(visitors.len(), 2);
    assert_ne!(visitors[0], visitors[1]);
    assert_eq!(visitors, new_visitors(1).await);
    assert!(
        new_visitors(2)
            .await
            .iter()
            .all(|one| !visitors.contains(one))
    );
}
