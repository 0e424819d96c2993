use axum::Router;
use http::StatusCode;

use super::{dashboard, filled, get, read};

/// Returns what the attributes of a page refer to.
fn links(page: &str) -> Vec<String> {
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
async fn what_is_missing_far_below_leads_back() {
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
