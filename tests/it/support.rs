//! What the tests of the middleware share: definitions, requests, an observer.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use http::{HeaderMap, Request, Response, header};
use tower::{Service, ServiceExt};
use tower_tracks::{Exposure, KeySource, MultiTrackSet, Observe, SimpleTrackSet, TracksLayer};

/// A cookie that every visitor of these tests brings, unless a test says otherwise.
pub(crate) const ALICE: &str = "id=alice";

/// A browser's user agent; a request without one is a bot's.
pub(crate) const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";

/// A set whose only track is `on`, so that every key reads it.
pub(crate) fn always(name: &str) -> MultiTrackSet {
    let set = SimpleTrackSet::new(name)
        .without_control()
        .track("on", 1_u8);
    set.build().unwrap()
}

/// A layer whose key is the cookie `id`.
pub(crate) fn layer(sets: MultiTrackSet) -> TracksLayer {
    TracksLayer::new(sets).key(KeySource::cookie("id"))
}

/// Keeps what it observes.
#[derive(Clone, Default)]
pub(crate) struct Observed(Arc<Mutex<Vec<Exposure>>>);

impl Observed {
    pub(crate) fn take(&self) -> Vec<Exposure> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Returns the exposures as text, in order: `set/track`.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.take().iter().map(Exposure::to_string).collect()
    }
}

impl Observe for Observed {
    fn observe(&self, exposure: &Exposure) {
        self.0.lock().unwrap().push(exposure.clone());
    }
}

/// Returns a request with headers, the body being empty.
pub(crate) fn request<B: Default>(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Request<B> {
    let request = Request::builder().method(method).uri(path);
    let has_agent = headers.iter().any(|(name, _)| *name == "user-agent");
    let agent = [("user-agent", BROWSER)];
    let headers = headers.iter().chain(agent.iter().filter(|_| !has_agent));
    let request = headers.fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    request.body(B::default()).unwrap()
}

/// Gets a page as Alice.
pub(crate) async fn get<S, R>(service: S, path: &str) -> Response<R>
where
    S: Service<Request<Body>, Response = Response<R>>,
    S::Error: std::fmt::Debug,
{
    send(service, "GET", path, &[("cookie", ALICE)]).await
}

pub(crate) async fn send<S, R>(
    service: S,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> Response<R>
where
    S: Service<Request<Body>, Response = Response<R>>,
    S::Error: std::fmt::Debug,
{
    service
        .oneshot(request(method, path, headers))
        .await
        .unwrap()
}

/// Returns the lines of the exposure header.
pub(crate) fn exposed<R>(response: &Response<R>) -> Vec<&str> {
    let lines = response.headers().get_all("tracks-exposure").iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}

/// Returns the cookies that are set.
pub(crate) fn cookies(headers: &HeaderMap) -> Vec<&str> {
    let lines = headers.get_all(header::SET_COOKIE).iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}

pub(crate) async fn body_text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns the path that a link of a page at a path leads to (RFC 3986, for what pages have).
pub(crate) fn resolve(page: &str, link: &str) -> String {
    let link = match link.split_once("://") {
        Some((_, rest)) => &rest[rest.find('/').unwrap_or(rest.len())..],
        None => link,
    };
    let path = page.split('?').next().unwrap_or_default();
    let folder = &path[..path.rfind('/').map_or(0, |slash| slash + 1)];
    let whole = match link {
        absolute if absolute.starts_with('/') => absolute.to_owned(),
        query if query.starts_with('?') => format!("{path}{query}"),
        relative => format!("{folder}{relative}"),
    };
    let (path, query) = whole.split_at(whole.find('?').unwrap_or(whole.len()));
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/") + query
}

/// Returns what the attributes of a page lead to by a `GET`.
pub(crate) fn links(page: &str) -> Vec<String> {
    let after = ["href=\"", "src=\""].map(|attribute| page.split(attribute).skip(1));
    let links = after.into_iter().flatten();
    let links = links.filter_map(|rest| rest.split('"').next());
    links
        .filter(|link| !link.starts_with('#'))
        .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}
