//! The header that a handler makes.

use std::sync::{Arc, Mutex};

use axum::{Router, routing::get as on_get};
use http::HeaderValue;
use tower_tracks::{
    Assignments, DefinitionError, KeySource, TracksLayer,
    middleware::{Propagation, TRACKS_PROPAGATION},
};

use super::{SECRET, Service, behind, counted, delay, first, propagation, three};
use crate::support::{body_text, layer, send};

/// Returns what a handler of a request makes.
async fn make(
    layer: TracksLayer,
    cookie: &str,
    make: impl Fn(&Assignments) -> Option<HeaderValue> + Clone + Send + Sync + 'static,
) -> Option<HeaderValue> {
    let made = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&made);
    let handler = async move |tracks: Assignments| {
        *kept.lock().unwrap() = make(&tracks);
    };
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    let response = send(app, "GET", "/", &[("cookie", cookie)]).await;
    assert!(!response.headers().contains_key(TRACKS_PROPAGATION));
    made.lock().unwrap().take()
}

#[tokio::test]
async fn without_a_secret_there_is_no_header() {
    let made = make(layer(delay()), "id=a", |tracks| {
        tracks.propagated(["delay"])
    })
    .await;
    assert_eq!(made, None);
    let accepting = layer(delay()).accept_propagated(propagation());
    let made = make(accepting, "id=a", |tracks| tracks.propagated_baggage([])).await;
    assert_eq!(made, None);
}

#[tokio::test]
async fn the_header_shows_neither_a_key_nor_a_set() {
    let cookie = "id=alice-in-wonderland";
    let made = make(first(delay()), cookie, |tracks| {
        tracks.propagated(["delay"])
    })
    .await;
    let made = made.unwrap();
    assert!(made.is_sensitive());
    assert_eq!(format!("{made:?}"), "Sensitive");
    let text = made.to_str().unwrap();
    assert!(text.starts_with("v1.") && text.len() < 300, "{text}");
    for hidden in ["alice", "delay", "YWxpY2", "ZGVsYX"] {
        assert!(!text.contains(hidden));
    }
    let shown = format!(
        "{:?} {:?}",
        propagation(),
        first(delay()).accept_propagated(propagation())
    );
    assert!(
        !shown.contains(SECRET) && !shown.contains("48, 49"),
        "{shown}"
    );
}

#[test]
fn a_weak_secret_is_an_error_that_does_not_show_it() {
    let error = Propagation::new("weak-secret").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("weak"));
    let error = Propagation::from_env("TRACKS_NO_SUCH_VARIABLE").unwrap_err();
    assert!(error.to_string().contains("TRACKS_NO_SUCH_VARIABLE"));
}

#[tokio::test]
async fn baggage_carries_the_same() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let member = make(first(delay()), "id=a", |tracks| {
        tracks.propagated_baggage(["delay"])
    });
    let member = member.await.unwrap();
    assert!(member.is_sensitive());
    let baggage = format!("x=1;y, {};ttl=1", member.to_str().unwrap());
    let headers = [("user-agent", ""), ("baggage", &*baggage)];
    send(next.router(), "GET", "/", &headers).await;
    let choice = delay().assign("a", &()).to_string();
    assert_eq!(counted(&next.observed), [format!("{choice} a")]);
}

#[tokio::test]
async fn an_unknown_set_is_left_out() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let service = Service::new(first(delay())).asks(&["delays", "delay", "delay"], &next);
    let choice = delay().assign("a", &()).to_string();
    assert!(
        service
            .get_as("a")
            .await
            .starts_with(&format!("{choice} > {choice} ["))
    );
    assert_eq!(counted(&next.observed), [format!("{choice} a")]);
}

#[tokio::test]
async fn a_header_of_more_than_8_kilobytes_is_not_made() {
    let names: Vec<String> = (0..100)
        .map(|set| format!("{}{set}", "long-name-".repeat(5)))
        .collect();
    let all = names.iter().try_fold(first(delay()), |layer, name| {
        layer.and(three(name).build()?)
    });
    let layer: Result<TracksLayer, DefinitionError> = all;
    let some = names.clone();
    let layer = layer.unwrap();
    let made = make(layer.clone(), "id=a", move |tracks| {
        tracks.propagated(names.iter().map(String::as_str))
    });
    assert_eq!(made.await, None);
    let made = make(layer, "id=a", move |tracks| {
        tracks.propagated(some.iter().take(30).map(String::as_str))
    });
    assert!(made.await.unwrap().len() < 8192);
}

#[tokio::test]
async fn it_depends_on_the_visitor_and_is_no_exposure() {
    let service = Service::new(first(delay()));
    let handler = async |tracks: Assignments| drop(tracks.propagated([]));
    let app = Router::new()
        .route("/", on_get(handler))
        .layer(service.layer.clone());
    let response = send(app, "GET", "/", &[("cookie", "id=a")]).await;
    assert_eq!(response.headers()["vary"], "Cookie, Sec-GPC");
    assert!(!response.headers().contains_key("tracks-exposure"));
    assert!(counted(&service.observed).is_empty());
    assert_eq!(body_text(response).await, "");
}

/// A key source that is a closure of the application may return any key.
#[tokio::test]
async fn keys_of_any_length_are_passed() {
    for length in [1, 39, 40, 1024] {
        let key = "ä".repeat(length / 2) + &"b".repeat(length % 2);
        let same = key.clone();
        let source = KeySource::from_fn(move |_| Some(tower_tracks::Key::from(same.clone())));
        let next = Service::new(behind(delay())).reads(&["delay"]);
        let layer = TracksLayer::new(delay())
            .key(source)
            .propagate(propagation());
        let service = Service::new(layer).asks(&["delay"], &next);
        service.get(&[]).await;
        let choice = delay().assign(key.as_str(), &()).to_string();
        assert_eq!(counted(&next.observed), [format!("{choice} {key}")]);
    }
}
