use std::time::SystemTime;

use http::StatusCode;
use tower_tracks::middleware::Override;

use super::{Answer, dashboard, filled, get, post, read};

const SECRET: &str = "a secret for links alone";
const PAGE: &str = "https://shop.example/coconuts";

fn overrides() -> Override {
    Override::new(SECRET).unwrap()
}

async fn router() -> axum::Router {
    let router = dashboard(filled().0).links(overrides(), PAGE).into_router();
    read(&router).await;
    router
}

async fn make(router: &axum::Router, who: &str, form: &str) -> Answer {
    post(router, "/link", &[("x-who", who)], form).await
}

#[tokio::test]
async fn users_who_may_act_create_links() {
    let router = router().await;
    let form = "set=pricing&phase=1&track=cheap&hours=5";
    let answer = make(&router, "Ann", form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let (_, rest) = answer
        .body
        .split_once(&format!("href=\"{PAGE}?tracks="))
        .unwrap();
    let token = rest.split('"').next().unwrap();
    let now = SystemTime::now();
    let forced = overrides().verify(token, now).unwrap();
    assert_eq!((forced.set(), forced.track()), ("pricing", "cheap"));
    let hours = forced.expires().duration_since(now).unwrap().as_secs_f64() / 3600.0;
    assert!((4.9..5.1).contains(&hours), "{hours}");
}

#[tokio::test]
async fn an_unknown_set_or_track_gets_no_link_but_the_known_names() {
    let router = router().await;
    let answer = make(&router, "Ann", "set=pricing&phase=1&track=chaep&hours=5").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer.body.contains("it has control, cheap"),
        "{}",
        answer.body
    );
    let answer = make(&router, "Ann", "set=pricng&phase=1&track=cheap&hours=5").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn readers_and_other_sites_make_no_links() {
    let router = router().await;
    let form = "set=pricing&phase=1&track=cheap&hours=5";
    assert_eq!(
        make(&router, "read", form).await.status,
        StatusCode::FORBIDDEN
    );
    let foreign = [("x-who", "Ann"), ("sec-fetch-site", "cross-site")];
    let answer = post(&router, "/link", &foreign, form).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.body.contains("tracks="), "{}", answer.body);
}

/// The form is shown if it works: to users who may act, in the latest phase, with overrides.
#[tokio::test]
async fn the_form_is_shown_where_it_works() {
    let with = router().await;
    let form = "action=\"link\"";
    let as_ann = |router: axum::Router, path: &'static str| async move {
        let request = http::Request::get(path).header("x-who", "Ann");
        super::send(&router, request.body(axum::body::Body::empty()).unwrap())
            .await
            .body
    };
    let page = as_ann(with.clone(), "/set?name=pricing").await;
    assert!(
        page.contains(form) && page.contains("<option>cheap</option>"),
        "{page}"
    );
    assert!(
        !as_ann(with.clone(), "/set?name=search&phase=1")
            .await
            .contains(form)
    );
    assert!(!get(&with, "/set?name=pricing").await.body.contains(form));
    let without = dashboard(filled().0).into_router();
    read(&without).await;
    assert!(
        !as_ann(without.clone(), "/set?name=pricing")
            .await
            .contains(form)
    );
    let answer = make(&without, "Ann", "set=pricing&phase=1&track=cheap&hours=5").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
