//! Keys that are held out of all sets of a layer.

use std::time::Duration;

use axum::{Router, routing::get as on_get};
use http::{HeaderMap, header::CACHE_CONTROL};
use tower_tracks::{
    Assigned, Assignments, DefinitionError, Goal, Holdout, Key, KeySource, Metric, MultiTrackSet,
    Observe, Plan, SimpleTrackSet, TrackSet, TracksLayer, Units,
    event::Conversion,
    record::Recorder,
    report::Reporter,
    store::{Memory, Timestamp},
};

use crate::support::{Observed, body_text, exposed, send};

fn set(name: &str) -> MultiTrackSet {
    let set = SimpleTrackSet::new(name)
        .track("on", 1_u8)
        .without_control();
    set.build().unwrap()
}

fn layer(share: f64) -> TracksLayer {
    let layer = TracksLayer::new(set("delay"));
    let layer = layer.holdout(Holdout::new("q4-2026", share)).unwrap();
    let layer = layer.and(set("banner")).unwrap();
    layer.key(KeySource::cookie("id"))
}

/// Reads `delay` alone, but under `/both` and `/none`.
fn app(layer: TracksLayer) -> Router {
    let read = |assignments: &Assignments, name: &str| {
        let assignment = assignments.get(name).unwrap();
        let value = assignment.value::<u8>().copied();
        format!("{} {value:?}", assignment.reason())
    };
    Router::new()
        .route(
            "/",
            on_get(async move |all: Assignments| read(&all, "delay")),
        )
        .route(
            "/both",
            on_get(async move |all: Assignments| {
                format!("{}, {}", read(&all, "delay"), read(&all, "banner"))
            }),
        )
        .route("/none", on_get(async || "nothing"))
        .layer(layer)
}

async fn visit(app: &Router, path: &str, key: usize) -> (String, HeaderMap) {
    let cookie = format!("id=visitor-{key}");
    let response = send(app.clone(), "GET", path, &[("cookie", &cookie)]).await;
    let headers = response.headers().clone();
    (body_text(response).await, headers)
}

#[tokio::test]
async fn held_out_keys_get_the_code_path_of_control_and_are_in_no_set() {
    let observed = Observed::default();
    let app = app(layer(0.25).observe(observed.clone()));
    let mut held_out = 0;
    for key in 0..400 {
        let (text, _) = visit(&app, "/both", key).await;
        let exposures = observed.texts();
        match &*text {
            "held-out None, held-out None" => {
                held_out += 1;
                assert_eq!(exposures, ["q4-2026/held-out"]);
            }
            _ => {
                assert_eq!(text, "bucketed Some(1), bucketed Some(1)");
                assert_eq!(exposures, ["delay/on", "q4-2026/taking-part", "banner/on"]);
            }
        }
    }
    // A quarter, with four standard deviations around it.
    assert!((65..=135).contains(&held_out), "{held_out}");
}

/// Who reads no set is in no holdout either: nothing that a test changes has reached them.
#[tokio::test]
async fn a_handler_that_reads_no_set_exposes_nobody_to_the_holdout() {
    let observed = Observed::default();
    let app = app(layer(0.5).observe(observed.clone()));
    for key in 0..20 {
        let (_, headers) = visit(&app, "/none", key).await;
        assert!(!headers.contains_key("tracks-exposure") && !headers.contains_key(CACHE_CONTROL));
    }
    assert!(observed.take().is_empty());
}

#[tokio::test]
async fn the_header_has_the_holdout() {
    let app = app(layer(1.0));
    let cookie = [("cookie", "id=alice")];
    let response = send(app, "GET", "/", &cookie).await;
    assert_eq!(exposed(&response), ["q4-2026=held-out"]);
    assert_eq!(body_text(response).await, "held-out None");
}

#[tokio::test]
async fn a_share_of_nothing_holds_nobody_out() {
    let app = app(layer(0.0));
    for key in 0..50 {
        assert_eq!(visit(&app, "/", key).await.0, "bucketed Some(1)");
    }
}

/// The same keys, whatever the sets are: so a holdout covers the tests of months.
#[tokio::test]
async fn other_sets_hold_out_the_same_keys() {
    let one = app(layer(0.3));
    let other = TracksLayer::new(set("delay"))
        .holdout(Holdout::new("q4-2026", 0.3))
        .unwrap()
        .key(KeySource::cookie("id"));
    let other = app(other);
    for key in 0..100 {
        assert_eq!(
            visit(&one, "/", key).await.0,
            visit(&other, "/", key).await.0
        );
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, TrackSet)]
#[track_set(name = "pricing")]
enum Pricing {
    #[track(control)]
    Control,
    Cheap,
}

#[tokio::test]
async fn a_typed_set_gives_control_and_exposes_to_the_holdout() {
    let observed = Observed::default();
    let layer = TracksLayer::new(Pricing::track_set().build().unwrap())
        .holdout(Holdout::new("q4-2026", 1.0))
        .unwrap()
        .key(KeySource::cookie("id"))
        .observe(observed.clone());
    let handler = async |Assigned(pricing): Assigned<Pricing>, other: Option<Assigned<Pricing>>| {
        format!("{pricing:?} {}", other.is_some())
    };
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    for key in 0..10 {
        assert_eq!(visit(&app, "/", key).await.0, "Control false");
        assert_eq!(observed.texts(), ["q4-2026/held-out"]);
    }
}

/// A set by another unit goes on, since nobody knows which visitor its unit is.
#[tokio::test]
async fn a_holdout_concerns_the_sets_of_its_unit() {
    let of_users = SimpleTrackSet::new("mail")
        .track("on", 1_u8)
        .without_control();
    let of_users = of_users.unit_kind("user").build().unwrap();
    let layer = TracksLayer::new(set("delay"))
        .and(of_users)
        .unwrap()
        .holdout(Holdout::new("users-2026", 1.0).unit_kind("user"))
        .unwrap()
        .key(KeySource::cookie("id"))
        .key_of("user", KeySource::cookie("id"));
    let handler = async |all: Assignments| {
        let reasons = all.iter().map(|one| one.reason().to_string());
        reasons.collect::<Vec<_>>().join(" ")
    };
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    assert_eq!(visit(&app, "/", 1).await.0, "bucketed held-out bucketed");
}

#[tokio::test]
async fn a_paused_holdout_holds_nobody_out() {
    let layer = layer(1.0);
    let pauses = layer.pauses();
    let app = app(layer);
    assert_eq!(visit(&app, "/", 1).await.0, "held-out None");
    pauses.pause("q4-2026").unwrap();
    assert_eq!(visit(&app, "/", 1).await.0, "bucketed Some(1)");
    pauses.resume("q4-2026").unwrap();
    // A pause of the set is the stronger reason: it concerns everybody.
    pauses.pause("delay").unwrap();
    assert_eq!(visit(&app, "/", 1).await.0, "paused None");
}

#[test]
fn a_holdout_that_breaks_a_rule_is_refused() {
    let refused = |holdout: Holdout| {
        let layer = TracksLayer::new(set("delay")).holdout(holdout);
        layer.err().unwrap().to_string()
    };
    for share in [-0.1, 1.1, f64::NAN] {
        let error = refused(Holdout::new("q4", share));
        assert_eq!(
            error,
            format!("set \"q4\": the share {share} is not from 0 to 1")
        );
    }
    let stops = Plan::default()
        .primary(Metric::rate("purchase"))
        .stop_if_harmed();
    let error = refused(Holdout::new("q4", 0.1).plan(stops));
    assert!(
        error.contains("its plan must not stop if harmed"),
        "{error}"
    );
    let twice = TracksLayer::new(set("delay")).holdout(Holdout::new("delay", 0.1));
    assert!(matches!(twice, Err(DefinitionError::DuplicateSet { .. })));
    assert!(refused(Holdout::new("Q4", 0.1)).contains("a set's name is"));
}

/// The report of a holdout says what all tests together have changed.
#[tokio::test]
async fn the_goals_of_held_out_keys_are_compared() {
    let (store, units) = (
        Memory::default(),
        Units::pseudonym("0123456789abcdef").unwrap(),
    );
    let store = std::sync::Arc::new(store);
    let recorder = Recorder::builder(units).queue(20_000).store(store.clone());
    let recorder = recorder.start().unwrap();
    let plan = Plan::default().primary(Metric::rate("purchase").window(Duration::from_micros(1)));
    let layer = TracksLayer::new(set("delay"))
        .holdout(Holdout::new("q4-2026", 0.5).plan(plan))
        .unwrap()
        .key(KeySource::cookie("id"))
        .observe(recorder.clone());
    let app = app(layer);
    for key in 0..1200 {
        let (text, _) = visit(&app, "/", key).await;
        // One in five buys, and one in two of those who take part.
        if key % 5 == 0 || (text == "bucketed Some(1)" && key % 2 == 0) {
            let key = Key::from(format!("visitor-{key}"));
            let at = std::time::SystemTime::now() - Duration::from_secs(1);
            let bought = Conversion::new(&key, Goal::new("purchase").unwrap(), at);
            recorder.conversion(&bought);
        }
    }
    recorder.shutdown(Duration::from_secs(30)).await;
    let later = Timestamp::now().plus(Duration::from_secs(60));
    let report = Reporter::new(&*store, later).compute().unwrap();
    let phase = report.latest("q4-2026").unwrap();
    let tracks: Vec<&str> = phase.tracks.iter().map(|track| &*track.name).collect();
    assert_eq!(tracks, [Holdout::HELD_OUT, Holdout::TAKING_PART]);
    assert!(phase.tracks[0].control);
    let taking_part = &phase.goals[0].tracks[1];
    let sentence = &taking_part.verdict.as_ref().unwrap().sentence;
    assert!(sentence.starts_with("Better than control"), "{sentence}");
    // The set itself has the others alone.
    let delay = report.latest("delay").unwrap();
    assert_eq!(delay.units, phase.tracks[1].units);
}

/// Their key is another one at each request, so they would be held out at random.
#[tokio::test]
async fn requests_with_a_key_of_their_own_are_not_held_out() {
    let observed = Observed::default();
    let layer = TracksLayer::new(set("delay"))
        .holdout(Holdout::new("q4-2026", 1.0))
        .unwrap()
        .observe(observed.clone());
    let app = app(layer);
    for _ in 0..5 {
        let response = send(app.clone(), "GET", "/", &[("sec-gpc", "1")]).await;
        assert_eq!(body_text(response).await, "bucketed Some(1)");
    }
    assert!(
        observed
            .take()
            .iter()
            .all(|exposure| exposure.key().is_none())
    );
    // A key that is kept is held out at each request.
    let response = send(app, "GET", "/", &[]).await;
    assert_eq!(body_text(response).await, "held-out None");
}

/// A test of a handler gets the track that it asks for, whatever else the layer has.
#[tokio::test]
async fn a_pinned_track_is_not_held_out() {
    let pinned = layer(1.0).pin("delay", "on").unwrap();
    assert_eq!(visit(&app(pinned), "/", 1).await.0, "bucketed Some(1)");
    let held_out = layer(0.0).pin("q4-2026", Holdout::HELD_OUT).unwrap();
    assert_eq!(visit(&app(held_out), "/", 1).await.0, "held-out None");
}
