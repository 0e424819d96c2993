//! What strangers send: raw cookies, headers and queries, through the whole layer.

use std::{
    convert::Infallible,
    sync::OnceLock,
    time::{Duration, UNIX_EPOCH},
};

use futures_util::FutureExt;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response, Uri,
    header::{COOKIE, HOST, SET_COOKIE},
};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{
    Assignments, Exclusion, KeySource, SimpleTrackSet, TracksLayer, VisitorCookie,
    middleware::{Clock, Force, Override, TRACKS_EXPOSURE},
};

const USER: HeaderName = HeaderName::from_static("x-user");

/// Each line is a header or a query: the first byte is the kind, the rest is the value, in which
/// `$` stands for a good token.
pub(crate) fn run(data: &[u8]) {
    let (mut uri, mut headers) = (Uri::from_static("/"), HeaderMap::new());
    for line in data.split(|byte| *byte == b'\n').take(100) {
        let Some((kind, value)) = line.split_first() else {
            continue;
        };
        let parts: Vec<_> = value.split(|byte| *byte == b'$').collect();
        let value = parts.join(layer().1.as_bytes());
        if kind % 5 == 4 {
            uri = Uri::try_from([b"/?", &*value].concat()).unwrap_or(uri);
        } else if let Ok(value) = HeaderValue::from_bytes(&value) {
            let name = [COOKIE, COOKIE, USER, HOST][usize::from(kind % 5)].clone();
            headers.append(name, value);
        }
    }
    let response = answer(uri.clone(), headers.clone());
    assert_eq!(
        response.headers().get_all(TRACKS_EXPOSURE).iter().count(),
        1
    );
    come_again(uri, headers, &response);
}

/// A returning visitor has the same tracks, with the same headers or with the issued cookies.
fn come_again(uri: Uri, brought: HeaderMap, first: &Response<String>) {
    let issued: Vec<_> = first.headers().get_all(SET_COOKIE).iter().collect();
    assert!(issued.len() <= 2);
    let mut headers = HeaderMap::new();
    for cookie in issued {
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
        headers.append(COOKIE, HeaderValue::from_str(cookie).unwrap());
    }
    for (name, value) in &brought {
        headers.append(name, value.clone());
    }
    let again = answer(uri, headers);
    assert_eq!(again.body(), first.body());
    assert!(!again.headers().contains_key(SET_COOKIE));
}

/// Answers with what was read.
fn answer(uri: Uri, headers: HeaderMap) -> Response<String> {
    let service = layer().0.layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        let read: Vec<_> = assignments.iter().map(|one| one.to_string()).collect();
        Ok::<_, Infallible>(Response::new(read.join(" ")))
    }));
    let mut request = Request::new(());
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    service.oneshot(request).now_or_never().unwrap().unwrap()
}

/// Returns the layer, and a token that forces a track in it.
fn layer() -> &'static (TracksLayer, String) {
    static LAYER: OnceLock<(TracksLayer, String)> = OnceLock::new();
    LAYER.get_or_init(|| {
        let set = |name: &str| SimpleTrackSet::new(name).track("10-off", 1).track("b", 2);
        let layer = TracksLayer::new(set("delay").build().unwrap())
            .and(set("banner").phase(2).build().unwrap())
            .unwrap()
            .exclude(Exclusion::none())
            .key([
                KeySource::cookie("session"),
                KeySource::trusted_header(USER),
                KeySource::visitor(VisitorCookie::default()),
            ]);
        let overrides = Override::new("0123456789abcdef").unwrap();
        let force = Force::new("banner", "b", UNIX_EPOCH + Duration::from_secs(60)).phase(2);
        let token = overrides.mint(&force).unwrap();
        let layer = layer
            .overrides(overrides)
            .overrides_when(|parts| parts.headers.contains_key(USER))
            .clock(Clock::from_fn(|| UNIX_EPOCH));
        (layer, token)
    })
}
