//! What another service, or a stranger, sends as keys and choices: raw headers, through the whole layer.

use std::{
    convert::Infallible,
    sync::OnceLock,
    time::{Duration, UNIX_EPOCH},
};

use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{
    Assignments, Exclusion, KeySource, SimpleTrackSet, TracksLayer,
    middleware::{Clock, Propagation, TRACKS_PROPAGATION},
};

const BAGGAGE: HeaderName = HeaderName::from_static("baggage");
const USER: HeaderName = HeaderName::from_static("x-user");

/// Each line is a header: the first byte is the kind, the rest is the value, in which `$` stands for a valid
/// value. Only that changes the track.
pub(crate) fn run(data: &[u8]) {
    let (_, valid) = layer();
    let mut headers = HeaderMap::new();
    let mut has_valid = false;
    for line in data.split(|byte| *byte == b'\n').take(100) {
        let Some((kind, value)) = line.split_first() else {
            continue;
        };
        let parts: Vec<_> = value.split(|byte| *byte == b'$').collect();
        has_valid |= parts.len() > 1;
        if let Ok(value) = HeaderValue::from_bytes(&parts.join(valid.as_bytes())) {
            let name = [TRACKS_PROPAGATION, BAGGAGE][usize::from(kind % 2)].clone();
            headers.append(name, value);
        }
    }
    let answer = answer("alice", headers);
    let own = "delay/short";
    assert!(answer == own || has_valid && answer == "delay/long");
}

/// Answers as a user with what was read, and makes a header for a further service.
fn answer(user: &'static str, mut headers: HeaderMap) -> String {
    let service = layer().0.layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        assert!(assignments.propagated(["delay", "other"]).is_some());
        let delay = assignments.get("delay").unwrap().to_string();
        Ok::<_, Infallible>(Response::new(delay))
    }));
    headers.insert(USER, HeaderValue::from_static(user));
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    let response = service.oneshot(request).now_or_never().unwrap().unwrap();
    response.into_body()
}

/// Returns the layer, and the valid header of a user who is in another track than `alice`.
fn layer() -> &'static (TracksLayer, String) {
    static LAYER: OnceLock<(TracksLayer, String)> = OnceLock::new();
    LAYER.get_or_init(|| {
        let set = SimpleTrackSet::new("delay")
            .track("short", 1)
            .track("long", 2);
        let propagation = Propagation::new("0123456789abcdef").unwrap();
        let layer = TracksLayer::new(set.build().unwrap())
            .exclude(Exclusion::none())
            .key(KeySource::trusted_header(USER))
            .propagate(propagation.clone())
            .accept_propagated(propagation)
            .clock(Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(60)));
        let service = layer.layer(service_fn(async |request: Request<()>| {
            let assignments: &Assignments = request.extensions().get().unwrap();
            let delay = assignments.get("delay").unwrap().to_string();
            let value = assignments.propagated(["delay"]).unwrap();
            Ok::<_, Infallible>(Response::new((delay, value)))
        }));
        let header = |user: u32| {
            let mut request = Request::new(());
            request.headers_mut().insert(USER, HeaderValue::from(user));
            let response = service.clone().oneshot(request);
            let (delay, value) = response.now_or_never().unwrap().unwrap().into_body();
            (delay == "delay/long").then(|| value.to_str().unwrap().to_owned())
        };
        let value = (0..).find_map(header).unwrap();
        (layer, value)
    })
}
