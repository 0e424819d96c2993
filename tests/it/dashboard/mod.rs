//! The dashboard, by its router. What only a browser sees is in `.ci/dashboard`.

mod access;
mod acting;
mod basic_auth;
mod changes;
mod decided;
mod ended;
mod figures;
#[path = "../../../examples/dashboard/filled.rs"]
mod filled;
mod formats;
mod harm;
mod hostile;
mod hosts;
mod left_out;
mod links;
mod list;
mod many;
mod pages;
mod parts;
mod pausing;
mod preview;
mod records;
mod set_up;
mod trouble;
mod waiting;

use std::{
    sync::{Arc, OnceLock},
    thread,
    time::Duration,
};

use axum::{Router, body::Body, response::Response};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;
use tower_tracks::{
    dashboard::{Access, Dashboard},
    report::{Report, Reporter},
    store::{Memory, Store, Timestamp},
};

/// All pages, and what they are as JSON and CSV.
const PAGES: [&str; 31] = [
    "/sets",
    "/sets.json",
    "/sets.csv",
    "/ended",
    "/ended.json",
    "/ended.csv",
    "/set?name=pricing",
    "/set.json?name=pricing",
    "/set.csv?name=pricing",
    "/days.csv?name=pricing",
    "/unit",
    "/unit.json",
    "/unit.csv",
    "/planner",
    "/planner.json",
    "/planner.csv",
    "/recorder",
    "/recorder.json",
    "/recorder.csv",
    "/requests.csv",
    "/pauses",
    "/pauses.json",
    "/pauses.csv",
    "/changes",
    "/changes.json",
    "/changes.csv",
    "/glossary",
    "/decision.md?name=pricing",
    "/decision.json?name=pricing",
    "/style.css",
    "/icon.svg",
];

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

/// A store with what was made up, and its report; the same for all tests, since it takes a while.
fn filled() -> (Arc<dyn Store>, Report) {
    static FILLED: OnceLock<(Arc<dyn Store>, Report)> = OnceLock::new();
    FILLED.get_or_init(fresh).clone()
}

/// The same of its own.
fn fresh() -> (Arc<dyn Store>, Report) {
    let store: Arc<dyn Store> = Arc::new(Memory::default());
    let now = Timestamp::now();
    filled::fill(&*store, now).unwrap();
    let report = Reporter::new(&*store, now).refresh().unwrap();
    (store, report)
}

/// A dashboard of a store that the header `x-who` opens: `read`, or the name of who acts.
fn dashboard(store: Arc<dyn Store>) -> Dashboard {
    let access = |parts: &http::request::Parts| match parts.headers.get("x-who") {
        None => Access::None,
        Some(who) if who == "read" => Access::Read,
        Some(who) => Access::Act(who.to_str().unwrap().to_owned()),
    };
    Dashboard::new(store, access).refresh(Duration::from_secs(3600))
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    answer_of(router.clone().oneshot(request).await.unwrap()).await
}

async fn answer_of(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn get(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).header("x-who", "read");
    send(router, request.body(Body::empty()).unwrap()).await
}

async fn post(router: &Router, path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    send(router, request.body(Body::from(form.to_owned())).unwrap()).await
}

/// Waits until the background thread has read the store.
async fn read(router: &Router) {
    for _ in 0..1000 {
        let json = get(router, "/sets.json").await.body;
        if !json.contains("\"read-at\":null") {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the store was not read");
}
