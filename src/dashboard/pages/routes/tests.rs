use std::{sync::Arc, time::SystemTime};

use axum::{Router, body::Body};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{
    Exposure, Key, Observe, SimpleTrackSet, TracksLayer, Units,
    dashboard::{Access, Dashboard},
    middleware::Override,
    record::Recorder,
    report::Reporter,
    store::{Memory, Store, Timestamp},
};

use super::*;

/// A key that the store keeps as it is.
const KEY: &str = "ann-of-the-raw-keys";

const LEVELS: [&str; 4] = ["none", "numbers", "read", "act"];

/// The lowest level that may see each route, by number.
const EXPECTED: [(&str, usize); 36] = [
    ("/", 1),
    ("/sets", 1),
    ("/sets.json", 1),
    ("/sets.csv", 1),
    ("/ended", 1),
    ("/ended.json", 1),
    ("/decision.md", 1),
    ("/decision.json", 1),
    ("/glossary", 1),
    ("/ended.csv", 1),
    ("/set", 1),
    ("/set.json", 1),
    ("/set.csv", 1),
    ("/days.csv", 1),
    ("/planner", 1),
    ("/planner.json", 1),
    ("/planner.csv", 1),
    ("/recorder", 1),
    ("/recorder.json", 1),
    ("/recorder.csv", 1),
    ("/requests.csv", 1),
    ("/pauses", 1),
    ("/pauses.json", 1),
    ("/pauses.csv", 1),
    ("/changes", 1),
    ("/changes.json", 1),
    ("/changes.csv", 1),
    ("/style.css", 1),
    ("/icon.svg", 1),
    ("/unit", 2),
    ("/unit.json", 2),
    ("/unit.csv", 2),
    ("/pause", 3),
    ("/resume", 3),
    ("/change", 3),
    ("/link", 3),
];

/// Returns a dashboard whose store keeps the raw key of one unit, and the unit's pseudonym.
async fn dashboard() -> (Router, String) {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let recorder = Recorder::builder(Units::raw()).store(Arc::clone(&store));
    let recorder = recorder.start().unwrap();
    let set = || SimpleTrackSet::new("pricing").track("cheap", 1).build();
    let key = Key::from(KEY);
    let choice = set().unwrap();
    let choice = choice.assign(&key, &());
    let exposure = Exposure::new(choice, key.clone(), SystemTime::now()).unwrap();
    recorder.observe(&exposure);
    recorder.flush().await.unwrap();
    Reporter::new(&*store, Timestamp::now()).refresh().unwrap();
    let access = |parts: &http::request::Parts| match parts.headers["x-level"].to_str() {
        Ok("numbers") => Access::Numbers,
        Ok("read") => Access::Read,
        Ok("act") => Access::Act("Ann".to_owned()),
        _ => Access::None,
    };
    let layer = TracksLayer::new(set().unwrap());
    let dashboard = Dashboard::new(store, access).recorder(&recorder);
    let overrides = Override::new("a secret for links alone").unwrap();
    let dashboard = dashboard.pauses(layer.pauses()).links(overrides, "/");
    let unit = Units::raw().unit("visitor", &key).to_string();
    (dashboard.into_router(), unit)
}

async fn ask(router: &Router, (method, uri, level): (&str, &str, &str)) -> (StatusCode, String) {
    let form = "application/x-www-form-urlencoded";
    let request = Request::builder().method(method).uri(uri);
    let request = request
        .header("x-level", level)
        .header("content-type", form);
    let body = Body::from(format!("set=pricing&phase=1&track=cheap&hours=1&key={KEY}"));
    let response = router.clone().oneshot(request.body(body).unwrap()).await;
    let (parts, body) = response.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let location = parts.headers.get("location");
    let location = location.map_or("", |to| to.to_str().unwrap());
    let text = format!("{location} {}", String::from_utf8_lossy(&body));
    (parts.status, text)
}

async fn wait_until_read(router: &Router) {
    while !ask(router, ("GET", "/sets.json", "read"))
        .await
        .1
        .contains("pricing")
    {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

#[tokio::test]
async fn every_route_obeys_every_level() {
    let (router, unit) = dashboard().await;
    wait_until_read(&router).await;
    for (_, path, _) in all() {
        let expected = EXPECTED.iter().find(|(known, _)| *known == path);
        let lowest = expected.expect(path).1;
        let uri = format!("{path}?id={unit}&name=pricing&baseline=10&lift=5");
        for (level, name) in LEVELS.iter().enumerate() {
            for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW"] {
                let (status, text) = ask(&router, (method, &uri, name)).await;
                let is_refused = status == StatusCode::FORBIDDEN;
                assert_eq!(
                    is_refused,
                    level < lowest,
                    "{method} {path} {name}: {status}"
                );
                let shows = text.contains(KEY) || text.contains(&unit);
                assert!(!shows || level >= 2, "{method} {path} {name}: {text}");
            }
        }
    }
    assert_eq!(all().len(), EXPECTED.len());
}

/// Without this, no page could show too much.
#[tokio::test]
async fn units_and_their_keys_are_shown_from_read_on() {
    let (router, unit) = dashboard().await;
    for level in ["read", "act"] {
        for page in ["/unit", "/unit.json"] {
            let (_, text) = ask(&router, ("GET", &format!("{page}?id={unit}"), level)).await;
            assert!(text.contains(KEY), "{text}");
        }
        let (_, text) = ask(&router, ("POST", "/unit", level)).await;
        assert!(text.contains(&unit), "{text}");
    }
}

#[tokio::test]
async fn pages_link_to_units_only_where_they_may_be_seen() {
    let (router, _) = dashboard().await;
    for (level, is_linked) in [("numbers", false), ("read", true), ("act", true)] {
        for page in [
            "/sets",
            "/set?name=pricing",
            "/recorder",
            "/pauses",
            "/planner",
            "/none",
        ] {
            let (_, text) = ask(&router, ("GET", page, level)).await;
            assert_eq!(
                text.contains("unit\">Units"),
                is_linked,
                "{level} {page}: {text}"
            );
        }
    }
}
