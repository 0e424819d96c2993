//! Headers for the next service, as a layer accepts them.

use std::{
    convert::Infallible,
    sync::OnceLock,
    time::{Duration, UNIX_EPOCH},
};

use futures_util::FutureExt;
use http::{HeaderValue, Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{
    Assignments, KeySource, TracksLayer,
    middleware::{Clock, Propagation},
};

use crate::support::{always, request};

use super::{SECRET, cookie};

fn layer() -> TracksLayer {
    let propagation = Propagation::new(SECRET).unwrap();
    let layer = TracksLayer::new(always("delay")).propagate(propagation.clone());
    // The time of a header is that of the test, however long it takes.
    let clock = Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(60));
    layer.accept_propagated(propagation).clock(clock)
}

/// Returns a header whose tag begins with a character of its own, so that it can be replaced.
pub(super) fn value(key: &str) -> String {
    let mut values = (0..).map(|padding| made(&format!("{key}{}", "x".repeat(padding))));
    values.find(|value| (value.len() - 3) % 4 == 2).unwrap()
}

fn made(key: &str) -> String {
    let layer = layer().key(KeySource::from_fn({
        let key = key.to_owned();
        move |_| Some(tower_tracks::Key::from(key.clone()))
    }));
    let service = layer.layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        Ok::<_, Infallible>(Response::new(assignments.propagated(["delay"]).unwrap()))
    }));
    let request: Request<()> = request("GET", "/", &[]);
    let response = service.oneshot(request).now_or_never().unwrap().unwrap();
    response.body().to_str().unwrap().to_owned()
}

/// Returns the 32 digits of the tag of such a header.
pub(super) fn digits(value: &str) -> String {
    cookie::digits(value)
}

/// Returns whether a layer accepts a header.
pub(super) fn is_accepted(value: &str) -> bool {
    static LAYER: OnceLock<TracksLayer> = OnceLock::new();
    let layer = LAYER.get_or_init(layer);
    // What no header can have, no client can send.
    let Ok(value) = HeaderValue::from_str(value) else {
        return false;
    };
    let service = layer.layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        // Without a header, a request without a user agent is a bot's.
        let is_taken = assignments.iter().all(|one| one.peek().is_enrolled());
        Ok::<_, Infallible>(Response::new(is_taken))
    }));
    let mut request: Request<()> = request("GET", "/", &[("user-agent", "")]);
    request.headers_mut().insert("tracks-propagation", value);
    let response = service.oneshot(request).now_or_never().unwrap().unwrap();
    *response.body()
}
