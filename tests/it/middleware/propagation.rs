//! Keys and choices that one service passes to the next, between real routers.

mod chain;
mod choices;
mod contract;
mod outgoing;
mod refused;

use axum::{Router, routing::any};
use http::HeaderValue;
use tower_tracks::{
    Assignments, Key, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer,
    middleware::{IntoGroup, Propagation, TRACKS_PROPAGATION},
};

use crate::support::{Observed, body_text, exposed, send};

const SECRET: &str = "0123456789abcdef";

fn propagation() -> Propagation {
    Propagation::new(SECRET).unwrap()
}

/// A definition with two tracks and control.
fn three(name: &str) -> SimpleTrackSet<i32> {
    let set = SimpleTrackSet::new(name);
    set.track("short", 500).track("long", 2000)
}

fn delay() -> MultiTrackSet {
    three("delay").build().unwrap()
}

/// The layer of a first service: the key is the cookie `id`.
fn first(sets: impl IntoGroup) -> TracksLayer {
    let layer = TracksLayer::new(sets).key(KeySource::cookie("id"));
    layer.propagate(propagation())
}

/// The layer of a service behind it, which accepts and passes on.
fn behind(sets: impl IntoGroup) -> TracksLayer {
    let layer = TracksLayer::new(sets).propagate(propagation());
    layer.accept_propagated(propagation())
}

/// A service: what its handler reads, and what it passes to the next.
struct Service {
    layer: TracksLayer,
    observed: Observed,
    reads: &'static [&'static str],
    asks: &'static [&'static str],
    next: Option<Router>,
}

impl Service {
    fn new(layer: TracksLayer) -> Self {
        let observed = Observed::default();
        Self {
            layer: layer.observe(observed.clone()),
            observed,
            reads: &[],
            asks: &[],
            next: None,
        }
    }

    fn reads(mut self, groups: &'static [&'static str]) -> Self {
        self.reads = groups;
        self
    }

    fn asks(mut self, sets: &'static [&'static str], next: &Self) -> Self {
        self.asks = sets;
        self.next = Some(next.router());
        self
    }

    /// A handler that reads, asks the next service, and answers with the choices and the exposure headers of all.
    fn router(&self) -> Router {
        let (reads, asks, next) = (self.reads, self.asks, self.next.clone());
        let handler = async move |tracks: Assignments| {
            for name in reads {
                tracks.get(name).unwrap().track();
            }
            let peeked: Vec<_> = tracks.iter().map(|one| one.peek().to_string()).collect();
            let text = peeked.join(" ");
            match next {
                None => text,
                Some(next) => format!("{text} > {}", ask(next, &tracks, asks).await),
            }
        };
        Router::new()
            .route("/", any(handler))
            .layer(self.layer.clone())
    }

    async fn get(&self, headers: &[(&str, &str)]) -> String {
        let response = send(self.router(), "GET", "/", headers).await;
        assert!(!response.headers().contains_key(TRACKS_PROPAGATION));
        let exposed = exposed(&response).concat();
        format!("{} [{exposed}]", body_text(response).await)
    }

    async fn get_as(&self, key: &str) -> String {
        self.get(&[("cookie", &format!("id={key}"))]).await
    }
}

/// Asks the next service as a client of it: without a cookie and a user agent.
async fn ask(next: Router, tracks: &Assignments, sets: &[&str]) -> String {
    let value = tracks.propagated(sets.iter().copied()).unwrap();
    let response = ask_with(next, &value).await;
    assert!(!response.headers().contains_key("set-cookie"));
    let exposed = exposed(&response).concat();
    format!("{} [{exposed}]", body_text(response).await)
}

async fn ask_with(next: Router, value: &HeaderValue) -> http::Response<axum::body::Body> {
    let value = value.to_str().unwrap();
    let headers = [("user-agent", ""), ("tracks-propagation", value)];
    send(next, "GET", "/", &headers).await
}

/// Returns the header that a layer makes for a request with these headers.
async fn made(layer: TracksLayer, headers: &[(&str, &str)], sets: &'static [&str]) -> HeaderValue {
    let handler = async move |tracks: Assignments| {
        let value = tracks.propagated(sets.iter().copied()).unwrap();
        value.to_str().unwrap().to_owned()
    };
    let app = Router::new().route("/", any(handler)).layer(layer);
    let value = body_text(send(app, "GET", "/", headers).await).await;
    HeaderValue::try_from(value).unwrap()
}

/// Returns the first key of a set that is in a track.
fn key_in(sets: &MultiTrackSet, track: &str) -> String {
    let mut keys = (0..).map(|key| format!("visitor-{key}"));
    let is_in = |key: &String| sets.assign(key.as_str(), &()).track() == Some(track);
    keys.find(is_in).unwrap()
}

/// Returns the exposures as text with their keys.
fn counted(observed: &Observed) -> Vec<String> {
    let key = |key: Option<&Key<'_>>| match key {
        Some(key) => str::from_utf8(key.as_bytes()).unwrap().to_owned(),
        None => "-".to_owned(),
    };
    let exposures = observed.take();
    let texts = exposures
        .iter()
        .map(|one| format!("{one} {}", key(one.key())));
    texts.collect()
}
