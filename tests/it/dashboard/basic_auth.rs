use std::sync::Arc;

use axum::{Router, body::Body};
use http::{Request, StatusCode};
use tower_tracks::{
    dashboard::{BasicAuth, BasicAuthError, Dashboard},
    store::Memory,
};

use super::{Answer, PAGES, send};

fn router(name: &str, password: &str) -> Router {
    let owner = BasicAuth::new(name, password).unwrap();
    let store = Arc::new(Memory::default());
    Dashboard::new(store, move |parts| owner.access(parts)).into_router()
}

async fn get(router: &Router, path: &str, sent: &str) -> Answer {
    let request = Request::get(path).header("authorization", sent);
    send(router, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_browser_is_asked_for_the_password_on_every_path() {
    let router = router("owner", "coconut");
    for path in PAGES.into_iter().chain(["/", "/nothing", "/pause"]) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = send(&router, request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        let challenge = "Basic realm=\"results\", charset=\"UTF-8\"";
        assert_eq!(answer.header("www-authenticate"), challenge, "{path}");
        assert_eq!(
            answer.header("cache-control"),
            "private, no-store",
            "{path}"
        );
    }
}

/// The credentials are of Python's `base64`.
#[tokio::test]
async fn the_password_alone_opens() {
    let owner = router("owner", "coconut");
    for (sent, expected) in [
        ("Basic b3duZXI6Y29jb251dA==", StatusCode::OK),
        ("basic  b3duZXI6Y29jb251dA==", StatusCode::OK),
        // owner:coconuts, owner:coconu, Owner:coconut, owner, and an empty password.
        ("Basic b3duZXI6Y29jb251dHM=", StatusCode::UNAUTHORIZED),
        ("Basic b3duZXI6Y29jb251", StatusCode::UNAUTHORIZED),
        ("Basic T3duZXI6Y29jb251dA==", StatusCode::UNAUTHORIZED),
        ("Basic b3duZXI=", StatusCode::UNAUTHORIZED),
        ("Basic b3duZXI6", StatusCode::UNAUTHORIZED),
        ("Basic b3duZXI6Y29jb251dA", StatusCode::UNAUTHORIZED),
        ("Bearer b3duZXI6Y29jb251dA==", StatusCode::UNAUTHORIZED),
        ("b3duZXI6Y29jb251dA==", StatusCode::UNAUTHORIZED),
        ("Basic", StatusCode::UNAUTHORIZED),
        ("", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(get(&owner, "/sets", sent).await.status, expected, "{sent}");
    }
    let utf8 = router("owner", "Größe:x");
    let sent = "Basic b3duZXI6R3LDtsOfZTp4";
    assert_eq!(get(&utf8, "/sets", sent).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_right_password_grants_access_under_the_name() {
    let router = router("owner", "coconut");
    let page = get(&router, "/sets", "Basic b3duZXI6Y29jb251dA==").await;
    assert!(page.body.contains("Signed in as owner"), "{}", page.body);
}

#[test]
fn names_and_passwords_that_no_browser_could_send_are_refused() {
    for (name, password, expected) in [
        ("owner", "", BasicAuthError::Password),
        ("owner", "coco\nnut", BasicAuthError::Password),
        ("", "coconut", BasicAuthError::Name),
        ("own:er", "coconut", BasicAuthError::Name),
        ("own\0er", "coconut", BasicAuthError::Name),
    ] {
        let refused = BasicAuth::new(name, password).unwrap_err();
        assert_eq!(refused, expected, "{name:?} {password:?}");
        assert!(!refused.to_string().contains("coco"), "{refused}");
    }
    let missing = BasicAuth::from_env("owner", "TRACKS_TEST_NO_PASSWORD").unwrap_err();
    let message = "TRACKS_TEST_NO_PASSWORD is not set; set it to the password of the results";
    assert_eq!(missing.to_string(), message);
}

#[test]
fn the_password_is_not_shown() {
    let owner = BasicAuth::new("owner", "coconut").unwrap();
    assert_eq!(format!("{owner:?}"), "BasicAuth(\"owner\", <password>)");
}
