use axum::{Router, body::Body};
use http::{Request, StatusCode};

use crate::support::resolve;

use super::{dashboard, filled, get, read, send};

/// Returns what the attributes of a page refer to.
pub(super) fn links(page: &str) -> Vec<String> {
    let after = ["href=\"", "action=\"", "src=\""].map(|attribute| page.split(attribute).skip(1));
    let links = after.into_iter().flatten();
    let links = links.filter_map(|rest| rest.split('"').next());
    links
        .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

#[tokio::test]
async fn links_lead_somewhere_and_are_relative() {
    let router = dashboard(filled().0).into_router();
    read(&router).await;
    let unit = format!("/unit?id={}", "0".repeat(32));
    let pages = [
        "/sets",
        "/set?name=pricing",
        "/set?name=banner",
        "/pauses",
        "/recorder",
        &unit,
    ];
    for page in pages
        .into_iter()
        .chain(["/planner?baseline=10&lift=5%25", "/nothing"])
    {
        for link in links(&get(&router, page).await.body) {
            let is_relative = !link.starts_with('/') && !link.contains(':');
            assert!(is_relative, "{page}: {link}");
            if link.starts_with('#') || link == "pause" || link == "resume" {
                continue;
            }
            let answer = get(&router, &format!("/{link}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}: {link}");
        }
    }
}

#[tokio::test]
async fn a_missing_deep_page_links_back() {
    let router = dashboard(filled().0).into_router();
    let page = get(&router, "/a/b/c").await.body;
    for link in links(&page) {
        assert!(
            link.starts_with('#') || link.starts_with("../../"),
            "{link}"
        );
    }
}

#[tokio::test]
async fn it_can_be_mounted_anywhere() {
    let own = || dashboard(filled().0).into_router();
    let nested = Router::new().nest("/a/tracks", own());
    let service = Router::new().nest_service("/a/tracks", own());
    for (router, path, to) in [
        (own(), "/", "sets"),
        (nested.clone(), "/a/tracks", "./tracks/sets"),
        (service.clone(), "/a/tracks", "./tracks/sets"),
        (service.clone(), "/a/tracks/", "sets"),
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.header("location"), to, "{path}");
    }
    for router in [nested, service] {
        assert_eq!(get(&router, "/a/tracks/sets").await.status, StatusCode::OK);
        assert_eq!(
            get(&router, "/a/tracks/style.css").await.status,
            StatusCode::OK
        );
    }
}

/// Follows redirects, as a browser does, and returns the last path and its page.
async fn browse(router: &Router, path: &str) -> (String, String) {
    let mut path = path.to_owned();
    for _ in 0..3 {
        let answer = get(router, &path).await;
        match answer.status {
            StatusCode::SEE_OTHER => path = resolve(&path, answer.header("location")),
            status => {
                assert_eq!(status, StatusCode::OK, "{path}");
                return (path, answer.body);
            }
        }
    }
    panic!("{path} leads in circles");
}

/// Wherever it is mounted, a browser comes from the path, with the slash and without, to all pages.
#[tokio::test]
async fn links_lead_on_with_the_final_slash_and_without() {
    let own = || dashboard(filled().0).into_router();
    let nested = |path: &str| Router::new().nest_service(path, own());
    let deep = Router::new().nest("/a", nested("/b/{tenant}/tracks"));
    for (router, entries) in [
        (own(), ["/", "/?from=mail"]),
        (nested("/results"), ["/results", "/results/"]),
        (nested("/a/results"), ["/a/results", "/a/results/"]),
        (deep, ["/a/b/7/tracks", "/a/b/7/tracks/"]),
    ] {
        for entry in entries {
            let (page, body) = browse(&router, entry).await;
            let found = crate::support::links(&body);
            assert!(found.len() > 8, "{entry}: {found:?}");
            for link in found {
                let path = resolve(&page, &link);
                let status = get(&router, &path).await.status;
                assert_eq!(status, StatusCode::OK, "{entry}: {path}");
            }
        }
    }
}

/// A proxy renames the prefix, and sends the path that the browser requested.
#[tokio::test]
async fn a_proxy_may_say_under_which_name_the_browser_knows_it() {
    let router = Router::new().nest_service("/results", dashboard(filled().0).into_router());
    for (header, asked, to) in [
        ("x-original-uri", "/admin/ab", "./ab/sets"),
        ("x-original-uri", "/admin/ab?x=/y", "./ab/sets"),
        ("x-forwarded-uri", "/admin/ab/", "sets"),
        (
            "x-original-uri",
            "//elsewhere.example",
            "./elsewhere.example/sets",
        ),
        ("x-original-uri", "https://elsewhere.example/", "sets"),
        ("x-original-uri", "", "sets"),
    ] {
        let request = Request::get("/results").header("x-who", "read");
        let request = request.header(header, asked).body(Body::empty()).unwrap();
        let answer = send(&router, request).await;
        assert_eq!(answer.header("location"), to, "{asked}");
    }
}
