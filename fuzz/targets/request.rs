//! What strangers send: raw cookies and headers, through the whole layer.

use std::{convert::Infallible, sync::OnceLock};

use futures_util::FutureExt;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response,
    header::{COOKIE, HOST, SET_COOKIE},
};
use tower::{Layer, ServiceExt, service_fn};
use tower_tracks::{
    Assignments, Exclusion, KeySource, SimpleTrackSet, TRACKS_EXPOSURE, TracksLayer, VisitorCookie,
};

const USER: HeaderName = HeaderName::from_static("x-user");

/// Each line is a header: its first byte says which, the rest is the value.
pub(crate) fn run(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n').take(100) {
        let Some((kind, value)) = line.split_first() else {
            continue;
        };
        let name = [COOKIE, COOKIE, USER, HOST][usize::from(kind % 4)].clone();
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    }
    let response = answer(headers.clone());
    assert_eq!(
        response.headers().get_all(TRACKS_EXPOSURE).iter().count(),
        1
    );
    come_again(headers, &response);
}

/// Whoever comes again has the same tracks: with what they brought, or with the cookie they got.
fn come_again(mut headers: HeaderMap, first: &Response<String>) {
    let issued: Vec<_> = first.headers().get_all(SET_COOKIE).iter().collect();
    if let [cookie] = issued[..] {
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
        headers.append(COOKIE, HeaderValue::from_str(cookie).unwrap());
    }
    assert!(issued.len() <= 1);
    let again = answer(headers);
    assert_eq!(again.body(), first.body());
    assert!(!again.headers().contains_key(SET_COOKIE));
}

/// Answers with what was read.
fn answer(headers: HeaderMap) -> Response<String> {
    let service = layer().layer(service_fn(async |request: Request<()>| {
        let assignments: &Assignments = request.extensions().get().unwrap();
        let read: Vec<_> = assignments.iter().map(|one| one.to_string()).collect();
        Ok::<_, Infallible>(Response::new(read.join(" ")))
    }));
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    service.oneshot(request).now_or_never().unwrap().unwrap()
}

fn layer() -> &'static TracksLayer {
    static LAYER: OnceLock<TracksLayer> = OnceLock::new();
    LAYER.get_or_init(|| {
        let set = |name: &str| SimpleTrackSet::new(name).track("10-off", 1).track("b", 2);
        TracksLayer::new(set("delay").build().unwrap())
            .and(set("banner").phase(2).build().unwrap())
            .unwrap()
            .exclude(Exclusion::none())
            .key([
                KeySource::cookie("session"),
                KeySource::trusted_header(USER),
                KeySource::visitor(VisitorCookie::default()),
            ])
    })
}
