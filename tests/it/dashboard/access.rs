use std::sync::Arc;

use axum::{body::Body, response::IntoResponse};
use http::{Request, StatusCode};
use tower_tracks::{
    dashboard::{Access, Dashboard},
    store::Memory,
};

use super::{PAGES, dashboard, filled, get, post, read, send};

const SECRETS: [&str; 3] = ["pricing", "script", "purchase"];

#[tokio::test]
async fn a_request_without_access_sees_no_page() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    for path in PAGES.into_iter().chain(["/", "/nothing", "/pause"]) {
        for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS"] {
            let request = Request::builder().method(method).uri(path);
            let answer = send(&router, request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
            let leaks = SECRETS.iter().any(|secret| answer.body.contains(secret));
            assert!(!leaks, "{method} {path}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn the_caller_may_send_them_elsewhere() {
    let access = |_: &http::request::Parts| {
        let elsewhere = axum::response::Redirect::to("/login").into_response();
        Access::Refused(elsewhere)
    };
    let router = Dashboard::new(Arc::new(Memory::default()), access).into_router();
    let answer = get(&router, "/sets").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/login");
}

#[tokio::test]
async fn browsers_and_caches_are_told_what_they_may() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    for path in PAGES {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(
            !policy.contains("script") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if answer.header("content-type").starts_with("text/html") {
            assert!(!answer.body.contains("<script") && !answer.body.contains(" style="));
        }
    }
}

#[tokio::test]
async fn posts_of_other_sites_are_refused() {
    let router = dashboard(filled().0).into_router();
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("host", "shop.example")],
        &[("origin", "null"), ("host", "shop.example")],
    ];
    for headers in foreign {
        let headers = [&[("x-who", "Ann")], headers].concat();
        for path in ["/pause", "/resume", "/change", "/unit"] {
            let answer = post(&router, path, &headers, "set=pricing&key=a").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    let own = [("x-who", "Ann"), ("sec-fetch-site", "same-origin")];
    let answer = post(&router, "/unit", &own, "key=a").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}
