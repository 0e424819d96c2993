//! Turning sets off.

use std::process::Command;

use axum::{Router, routing::get as on_get};
use tower_tracks::{Assignment, MultiTrackSet, Reason, SimpleTrackSet, TracksLayer};

use crate::support::{Observed, always, body_text, cookies, exposed, get, layer, send};

fn app(layer: &TracksLayer) -> Router {
    let handler = async |assignment: Assignment| assignment.to_string();
    Router::new()
        .route("/", on_get(handler))
        .layer(layer.clone())
}

#[tokio::test]
async fn a_paused_set_is_control_and_not_counted() {
    let observed = Observed::default();
    let layer = layer(always("delay")).observe(observed.clone());
    let (app, pauses) = (app(&layer), layer.pauses());

    pauses.pause("delay").unwrap();
    assert_eq!(pauses.paused().collect::<Vec<_>>(), ["delay"]);
    let response = get(app.clone(), "/").await;
    assert!(exposed(&response).is_empty());
    assert_eq!(body_text(response).await, "delay (paused)");
    assert!(observed.take().is_empty());

    pauses.resume("delay").unwrap();
    assert_eq!(exposed(&get(app, "/").await), ["delay=on"]);
}

#[tokio::test]
async fn a_request_under_way_keeps_what_it_has() {
    let layer = layer(always("delay"));
    let pauses = layer.pauses();
    let handler = async move |assignment: Assignment| {
        pauses.pause("delay").unwrap();
        assert_eq!(assignment.reason(), Reason::Bucketed);
        assignment.to_string()
    };
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    assert_eq!(body_text(get(app, "/").await).await, "delay/on");
}

/// Where all sets of its group are paused, there is nothing to lock a new visitor to.
#[tokio::test]
async fn a_new_visitor_gets_no_cookie_while_all_sets_are_paused() {
    let set = |name: &str| SimpleTrackSet::new(name).track("on", ()).without_control();
    let group = MultiTrackSet::builder()
        .add(set("delay"))
        .add(set("pricing"));
    let layer = TracksLayer::new(group.build().unwrap());
    let (app, pauses) = (app(&layer), layer.pauses());
    let visit = async || {
        let mut texts = Vec::new();
        for _ in 0..20 {
            let response = send(app.clone(), "GET", "/", &[]).await;
            let is_new = !cookies(response.headers()).is_empty();
            assert_eq!(response.headers()["cache-control"], "private");
            texts.push((body_text(response).await, is_new));
        }
        texts
    };
    pauses.pause("delay").unwrap();
    // Visitors of the other set must stay there.
    let texts = visit().await;
    assert!(texts.iter().all(|(_, is_new)| *is_new), "{texts:?}");
    assert!(
        texts.iter().any(|(text, _)| text == "delay (paused)"),
        "{texts:?}"
    );
    pauses.pause("pricing").unwrap();
    let texts = visit().await;
    let is_paused = |text: &str| text.ends_with("(paused)");
    assert!(
        texts
            .iter()
            .all(|(text, is_new)| is_paused(text) && !is_new),
        "{texts:?}"
    );
    pauses.resume("delay").unwrap();
    assert!(visit().await.iter().all(|(_, is_new)| *is_new));
}

/// A page that a shared cache has would hide the end of the pause from the next new visitors.
#[tokio::test]
async fn a_new_visitors_page_is_not_shared_during_a_pause() {
    let layer = TracksLayer::new(always("delay"));
    layer.pauses().pause("delay").unwrap();
    let handler = async |assignment: Assignment| {
        (
            [("cache-control", "public, max-age=60")],
            assignment.to_string(),
        )
    };
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    let response = send(app, "GET", "/", &[]).await;
    assert_eq!(response.headers()["cache-control"], "max-age=60, private");
}

fn renamed(name: &str, former: &str) -> MultiTrackSet {
    let set = SimpleTrackSet::new(name).formerly(former).track("on", 1_u8);
    set.build().unwrap()
}

#[test]
fn a_renamed_set_is_paused_by_a_former_name() {
    let pauses = layer(renamed("wait", "delay")).pauses();
    pauses.pause("delay").unwrap();
    assert_eq!(pauses.paused().collect::<Vec<_>>(), ["wait"]);
    pauses.resume("wait").unwrap();
    assert_eq!(pauses.paused().count(), 0);
}

#[test]
fn an_unknown_set_is_said() {
    let error = layer(always("delay"))
        .pauses()
        .pause("pricing")
        .unwrap_err();
    assert_eq!(error.to_string(), "the layer has no set \"pricing\"");
    assert_eq!(error.set(), "pricing");
}

/// The variable is read when a layer is made, so a process of its own has it.
#[test]
fn the_environment_turns_sets_off() {
    let test = "middleware::pause::in_a_process_with_the_variable";
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env("TRACKS_OFF", " banner, delay,gone, cost ")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
}

#[tokio::test]
#[ignore = "run by `the_environment_turns_sets_off`, in a process with the variable"]
async fn in_a_process_with_the_variable() {
    let layer = layer(always("delay"))
        .and(always("pricing"))
        .unwrap()
        .and(always("banner"))
        .unwrap()
        .and(renamed("price", "cost"))
        .unwrap();
    let pauses = layer.pauses();
    let paused: Vec<_> = pauses.paused().collect();
    assert_eq!(paused, ["delay", "banner", "price"]);
    assert_eq!(
        body_text(get(app(&layer), "/").await).await,
        "delay (paused)"
    );
    pauses.resume("delay").unwrap();
    assert_eq!(body_text(get(app(&layer), "/").await).await, "delay/on");
}
