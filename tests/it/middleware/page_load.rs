//! Pages that read no track, and fetch fragments that do.

use std::collections::HashSet;

use axum::{Router, body::Body, routing::get as on_get};
use futures_util::future::join_all;
use http::{HeaderMap, Response, header::CACHE_CONTROL};
use tower_tracks::{Assignment, TracksLayer, VisitorCookie};

use crate::support::{Observed, always, cookies, send};

const VISITOR: &str = "tracks=AAECAwQFBgcICQoLDA0ODw";
const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const DOCUMENT: (&str, &str) = ("sec-fetch-dest", "document");
const EMPTY: (&str, &str) = ("sec-fetch-dest", "empty");

/// A page that reads nothing, and its fragments.
pub(super) fn app(layer: TracksLayer) -> Router {
    let fragment = async |assignment: Assignment| drop(assignment.to_string());
    Router::new()
        .route(
            "/",
            on_get(async || ([(CACHE_CONTROL, "public, max-age=60")], "a page")),
        )
        .route("/part/{n}", on_get(fragment))
        .layer(layer)
}

fn layer(documents: bool) -> TracksLayer {
    let cookie = VisitorCookie::plain().documents(documents);
    TracksLayer::new(always("delay")).key(cookie)
}

async fn page(documents: bool, method: &str, headers: &[(&str, &str)]) -> Response<Body> {
    send(app(layer(documents)), method, "/", headers).await
}

fn said(headers: &HeaderMap) -> [Option<&str>; 2] {
    ["cache-control", "vary"].map(|name| Some(headers.get(name)?.to_str().unwrap()))
}

const PUBLIC: Option<&str> = Some("public, max-age=60");
const PRIVATE: Option<&str> = Some("max-age=60, private");

#[tokio::test]
async fn a_document_issues_the_cookie_and_is_never_shared() {
    for headers in [
        &[DOCUMENT][..],
        &[("accept", HTML)],
        &[DOCUMENT, ("accept", "*/*")],
    ] {
        let response = page(true, "GET", headers).await;
        assert_eq!(cookies(response.headers()).len(), 1, "{headers:?}");
        assert_eq!(
            said(response.headers()),
            [PRIVATE, Some("Cookie, Sec-GPC")],
            "{headers:?}"
        );
        assert!(!response.headers().contains_key("tracks-exposure"));

        let response = page(false, "GET", headers).await;
        assert!(cookies(response.headers()).is_empty(), "{headers:?}");
        assert_eq!(said(response.headers()), [PUBLIC, None], "{headers:?}");
    }
}

#[tokio::test]
async fn only_documents_issue_the_cookie() {
    for headers in [
        &[EMPTY, ("accept", HTML)][..],
        &[("sec-fetch-dest", "image"), ("accept", HTML)],
        &[("sec-fetch-dest", "iframe"), ("accept", HTML)],
        &[("accept", "*/*")],
        &[("accept", "application/json, text/htm")],
        &[],
    ] {
        let response = page(true, "GET", headers).await;
        assert!(cookies(response.headers()).is_empty(), "{headers:?}");
        assert_eq!(said(response.headers()), [PUBLIC, None], "{headers:?}");
    }
}

/// A cache would else give new visitors the page without the cookie.
#[tokio::test]
async fn documents_of_others_are_no_new_visitors() {
    for (headers, control, vary) in [
        (
            &[DOCUMENT, ("cookie", VISITOR)][..],
            PUBLIC,
            "Cookie, Sec-GPC",
        ),
        (
            &[DOCUMENT, ("user-agent", "Googlebot/2.1")],
            PRIVATE,
            "Cookie, user-agent",
        ),
        (&[DOCUMENT, ("sec-gpc", "1")], PRIVATE, "Cookie, Sec-GPC"),
    ] {
        let response = page(true, "GET", headers).await;
        assert!(cookies(response.headers()).is_empty(), "{headers:?}");
        assert_eq!(
            said(response.headers()),
            [control, Some(vary)],
            "{headers:?}"
        );
    }
    let response = page(true, "HEAD", &[DOCUMENT]).await;
    assert!(cookies(response.headers()).is_empty());
    assert_eq!(said(response.headers()), [PRIVATE, Some("Cookie, Sec-GPC")]);
}

/// Loads a page and, with the cookie that it has given, three fragments at once.
async fn load(app: &Router) {
    let page = send(app.clone(), "GET", "/", &[DOCUMENT]).await;
    let kept = cookies(page.headers());
    let kept = kept.first().and_then(|cookie| cookie.split(';').next());
    let headers: Vec<_> = [Some(EMPTY), kept.map(|cookie| ("cookie", cookie))]
        .into_iter()
        .flatten()
        .collect();
    let fragments = ["/part/1", "/part/2", "/part/3"];
    join_all(fragments.map(|path| send(app.clone(), "GET", path, &headers))).await;
}

#[tokio::test]
async fn a_visitor_is_one_unit_where_documents_issue_the_cookie() {
    for (documents, units) in [(true, 200), (false, 600)] {
        let observed = Observed::default();
        let app = app(layer(documents).observe(observed.clone()));
        for _ in 0..200 {
            load(&app).await;
        }
        let exposures = observed.take();
        let keys: HashSet<_> = exposures
            .iter()
            .map(|one| one.key().unwrap().as_bytes().to_vec())
            .collect();
        assert_eq!((exposures.len(), keys.len()), (600, units));
    }
}
