//! The application behind the cache.

use std::{future::ready, net::SocketAddr};

use axum::{
    Router,
    http::{HeaderMap, HeaderName, header::CACHE_CONTROL},
    middleware::map_response,
    response::Response,
    routing::get,
};
use tokio::net::TcpListener;
use tower_tracks::{Assignment, MultiTrackSet, SimpleTrackSet, TracksLayer};

/// What a page says of caches by itself.
pub(super) const PUBLIC: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "public, max-age=600")];

/// So many that two visitors are seldom in the same. A track that begins with a digit is quoted in
/// the header.
const TRACKS: usize = 63;

pub(super) fn sets() -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay");
    let named = (1..=TRACKS).fold(delay, |delay, n| delay.track(format!("{n}s"), n));
    named.build().unwrap()
}

/// Two pages that read a track and two that read none; of each, one that is public.
pub(super) fn app(layer: TracksLayer) -> Router {
    Router::new()
        .route("/read", get(read))
        .route("/read/public", get(async |a, b| (PUBLIC, read(a, b).await)))
        .route("/still", get(still))
        .route("/still/public", get(async || (PUBLIC, still().await)))
        .layer(layer)
}

/// Takes from all responses what keeps visitors apart in caches.
pub(super) fn without(app: Router, headers: &'static [HeaderName]) -> Router {
    let strip = move |mut response: Response| {
        for name in headers {
            response.headers_mut().remove(name);
        }
        ready(response)
    };
    app.layer(map_response(strip))
}

/// Responds with the visitor, and reads the track.
async fn read(headers: HeaderMap, assignment: Assignment) -> String {
    let asked = asked_by(&headers).unwrap_or("nobody");
    format!("{asked} {}", assignment.track().unwrap_or("none"))
}

/// Has an assignment at hand, and reads nothing.
async fn still() -> &'static str {
    "still"
}

/// Returns the visitor's key in the cookie, or the edge's in the header.
fn asked_by(headers: &HeaderMap) -> Option<&str> {
    let bucket = headers.get("x-bucket").map(|value| value.to_str().unwrap());
    bucket.or_else(|| {
        let cookies = headers.get("cookie")?.to_str().unwrap().split("; ");
        cookies.filter_map(|one| one.strip_prefix("tracks=")).next()
    })
}

pub(super) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}
