//! The way to the first page: from the root, and from paths without a route.

use axum::{
    Extension,
    extract::OriginalUri,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, Uri};

use crate::dashboard::{
    pages::{Frame, Place, not_found, see, titled},
    visit::Visit,
};

/// The headers in which proxies send the path that the browser requested.
const ASKED: [&str; 2] = ["x-original-uri", "x-forwarded-uri"];

/// The maximum length in bytes of a path that a page repeats.
const LONGEST: usize = 200;

/// Redirects from the root to the first page, whose relative links lead to the other pages.
pub(in crate::dashboard::pages) async fn root(
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    see(&first_page(asked_path(&headers).unwrap_or(uri.path())))
}

/// Responds to paths without a route.
///
/// The way back from a path grows with it, so a long path gets a page without links.
pub(in crate::dashboard::pages) async fn other(visit: Extension<Visit>, uri: Uri) -> Response {
    let path = uri.path();
    if path.len() > LONGEST {
        let page = titled("Not found", "There is no such page.");
        return (StatusCode::NOT_FOUND, page).into_response();
    }
    let frame = Frame::new(Place::Elsewhere, &visit);
    not_found(frame.at(path), &format!("There is no page {path}."))
}

/// Returns the path that the browser requested, if a proxy that may have renamed it sends it.
///
/// A client that forges it affects only itself: it decides where a relative redirect leads.
fn asked_path(headers: &HeaderMap) -> Option<&str> {
    let asked = ASKED.iter().find_map(|name| headers.get(*name))?;
    asked.to_str().ok()?.split(['?', '#']).next()
}

/// Returns the way from a path to the first page, which is below it, with or without a final slash.
fn first_page(path: &str) -> String {
    match path.rsplit('/').next() {
        None | Some("") => "sets".to_owned(),
        // Without the dot, a browser would read a segment with a colon as a scheme (RFC 3986,
        // section 4.2).
        Some(last) => format!("./{last}/sets"),
    }
}
