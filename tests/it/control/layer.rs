//! What a layer does under changes.

use std::time::Duration;

use axum::{Router, routing::get as on_get};
use tower_tracks::{
    Assignment, Consent, Holdout, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer,
    control::{Controls, MemoryLog, Step},
    store::Timestamp,
};

use super::controls;
use crate::support::{Observed, body_text, cookies, exposed, get, layer, send};

fn delay(share: f64) -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000);
    delay.share(share).build().unwrap()
}

pub(super) fn app(layer: &TracksLayer) -> Router {
    let handler = async |assignment: Assignment| {
        let value = assignment.value::<i32>().copied();
        format!("{assignment} {value:?}")
    };
    Router::new()
        .route("/", on_get(handler))
        .layer(layer.clone())
}

/// Returns what each of 300 keys gets.
async fn texts(app: &Router) -> Vec<String> {
    let mut texts = Vec::new();
    for key in 0..300 {
        let cookie = format!("id={key}");
        let response = send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
        texts.push(body_text(response).await);
    }
    texts
}

#[tokio::test]
async fn a_pause_gives_control_and_a_resume_ends_it() {
    let (observed, controls) = (Observed::default(), controls());
    let app = app(&layer(delay(1.0))
        .observe(observed.clone())
        .controls(&controls));
    let set = || controls.set("delay").unwrap();

    set().pause("alice", "errors in checkout").unwrap();
    let response = get(app.clone(), "/").await;
    assert!(exposed(&response).is_empty());
    assert_eq!(body_text(response).await, "delay (paused) None");
    assert!(observed.take().is_empty());

    let resumed = set().resume("alice", "mended").unwrap();
    // Two intervals and a second after it was made, so that all nodes know it.
    let delay = resumed.effective_at.as_micros() - resumed.at.as_micros();
    assert_eq!(
        Duration::from_micros(delay as u64),
        Duration::from_millis(1020)
    );
    assert_eq!(
        body_text(get(app.clone(), "/").await).await,
        "delay (paused) None"
    );
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(exposed(&get(app, "/").await), ["delay=short"]);
}

#[tokio::test]
async fn another_share_moves_no_key_to_another_track() {
    let controls = controls();
    let app = app(&layer(delay(0.5)).controls(&controls));
    let half = texts(&app).await;
    controls
        .set("delay")
        .unwrap()
        .share(0.2, "alice", "too many errors")
        .unwrap();
    let fifth = texts(&app).await;
    let of_code = |share| {
        let layer = layer(delay(share));
        async move { texts(&self::app(&layer)).await }
    };
    // Exactly what a deploy with that share would do.
    assert_eq!(fifth, of_code(0.2).await);
    controls
        .set("delay")
        .unwrap()
        .share(1.0, "alice", "mended")
        .unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let all = texts(&app).await;
    assert_eq!(all, of_code(1.0).await);
    for (before, after) in [(&fifth, &half), (&half, &all)] {
        let is_in = |text: &String| !text.contains("outside-share");
        let kept = before.iter().zip(after).filter(|(text, _)| is_in(text));
        assert!(kept.clone().count() > 30);
        assert!(kept.into_iter().all(|(before, after)| before == after));
    }
}

#[tokio::test]
async fn a_ramp_rises_by_the_clock() {
    let controls = controls();
    let app = app(&layer(delay(0.0)).controls(&controls));
    let now = Timestamp::now();
    let at = |millis| now.plus(Duration::from_millis(millis));
    let steps = [
        Step {
            at: at(0),
            share: 0.5,
        },
        Step {
            at: at(2000),
            share: 1.0,
        },
    ];
    controls
        .set("delay")
        .unwrap()
        .ramp(steps, "alice", "a first look")
        .unwrap();
    let enrolled = async || {
        let texts = texts(&app).await;
        texts
            .iter()
            .filter(|text| !text.contains("outside-share"))
            .count()
    };
    assert_eq!(enrolled().await, 0, "the change has to reach all nodes");
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert!((100..200).contains(&enrolled().await));
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(enrolled().await, 300);
}

#[tokio::test]
async fn a_shipped_track_goes_to_everybody_and_leaves_no_trace() {
    let (observed, controls) = (Observed::default(), controls());
    let denied = |_: &http::request::Parts| Consent::Denied;
    let layer = TracksLayer::new(delay(0.1))
        .observe(observed.clone())
        .consent(denied);
    let app = app(&layer.controls(&controls));
    controls
        .set("delay")
        .unwrap()
        .ship("long", "alice", "it won")
        .unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    for headers in [
        &[][..],
        &[("cookie", "id=alice")],
        &[("user-agent", "Googlebot/2.1")],
        &[("sec-purpose", "prefetch")],
    ] {
        let response = send(app.clone(), "GET", "/", headers).await;
        assert!(cookies(response.headers()).is_empty());
        for name in ["tracks-exposure", "vary", "cache-control"] {
            assert!(
                !response.headers().contains_key(name),
                "{name}: {:?}",
                response.headers()
            );
        }
        assert_eq!(body_text(response).await, "delay/long Some(2000)");
    }
    assert!(observed.take().is_empty());
}

/// A holdout survives the end of a test: that is what it is for.
#[tokio::test]
async fn a_shipped_track_does_not_go_to_keys_that_are_held_out() {
    let (observed, controls) = (Observed::default(), controls());
    let layer = TracksLayer::new(delay(1.0))
        .holdout(Holdout::new("q4-2026", 0.5))
        .unwrap()
        .key(KeySource::cookie("id"))
        .observe(observed.clone());
    let app = app(&layer.controls(&controls));
    let before = texts(&app).await;
    observed.take();
    let set = controls.set("delay").unwrap();
    set.ship("long", "alice", "it won").unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let after = texts(&app).await;
    let is_held_out = |text: &String| text == "delay (held-out) None";
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(is_held_out(before), is_held_out(after));
        assert!(
            is_held_out(after) || after == "delay/long Some(2000)",
            "{after}"
        );
    }
    let held_out = after.iter().filter(|text| is_held_out(text)).count();
    assert!((100..200).contains(&held_out), "{held_out}");
    // All of them are still compared, and the shipped set counts nobody.
    let exposures = observed.texts();
    let of_track = |track: &str| exposures.iter().filter(|one| *one == track).count();
    assert_eq!(of_track("q4-2026/held-out"), held_out);
    assert_eq!(of_track("q4-2026/taking-part"), 300 - held_out);
    assert_eq!(exposures.len(), 300);
    // The page depends on the key, so no cache may share it, and a new visitor needs one.
    let response = send(app.clone(), "GET", "/", &[("cookie", "id=alice")]).await;
    let vary = response.headers()["vary"].to_str().unwrap().to_lowercase();
    assert!(vary.contains("cookie"), "{vary}");
}

#[tokio::test]
async fn a_shipped_track_goes_to_the_eligible_alone() {
    use http::request::Parts;

    let controls = controls();
    let is_member = |parts: &Parts| parts.headers.contains_key("member");
    let delay = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .eligible(is_member);
    let layer = TracksLayer::new(delay.build().unwrap());
    let app = app(&layer.controls(&controls));
    controls
        .set("delay")
        .unwrap()
        .ship("long", "alice", "it won")
        .unwrap();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let response = send(app.clone(), "GET", "/", &[("member", "yes")]).await;
    // The application looks at the request, so a shared cache must not keep the page.
    assert_eq!(response.headers()["cache-control"], "private");
    assert_eq!(body_text(response).await, "delay/long Some(2000)");
    let response = send(app, "GET", "/", &[]).await;
    assert_eq!(body_text(response).await, "(ineligible) None");
}

#[tokio::test]
async fn a_pause_of_this_process_beats_a_shipped_track() {
    let controls = controls();
    let layer = layer(delay(1.0)).controls(&controls);
    let app = app(&layer);
    // Control changes nothing for the visitors that have it, so it ships at once.
    controls
        .set("delay")
        .unwrap()
        .ship("control", "alice", "it lost")
        .unwrap();
    assert_eq!(
        body_text(get(app.clone(), "/").await).await,
        "delay/control None"
    );
    layer.pauses().pause("delay").unwrap();
    assert_eq!(body_text(get(app, "/").await).await, "delay (paused) None");
}

#[tokio::test]
async fn groups_that_are_added_later_follow_the_controls() {
    let controls = Controls::builder(MemoryLog::default()).start().unwrap();
    let banner = SimpleTrackSet::new("banner")
        .track("blue", 1)
        .build()
        .unwrap();
    let layer = layer(delay(1.0)).controls(&controls).and(banner).unwrap();
    assert_eq!(controls.sets(), ["delay", "banner"]);
    controls
        .set("banner")
        .unwrap()
        .pause("alice", "errors")
        .unwrap();
    let _app = app(&layer);
    let handler = async |all: tower_tracks::Assignments| {
        let texts: Vec<String> = all.iter().map(|one| one.to_string()).collect();
        texts.join(" ")
    };
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    assert_eq!(
        body_text(get(app, "/").await).await,
        "delay/short banner (paused)"
    );
}

#[tokio::test]
async fn a_layer_that_is_gone_is_followed_no_longer() {
    let controls = controls();
    drop(layer(delay(1.0)).controls(&controls));
    assert!(controls.sets().is_empty());
    assert!(controls.set("delay").is_err());
}
