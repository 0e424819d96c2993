//! What an answer by OFREP costs, beside a handler of axum that returns JSON of the same form.
//!
//! `cargo bench --bench ofrep --features ofrep,record`. Every program answers the same request; compare within one run.

#![allow(missing_docs, clippy::unwrap_used)]

mod turns;

use std::time::{Duration, Instant};

use axum::{Json, Router, body::Body, extract::Path, routing::post};
use futures_util::FutureExt;
use http::Request;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tower::Service;
use tower_tracks::{
    KeySource, SimpleTrackSet, TracksLayer, Units,
    ofrep::{Caller, Ofrep},
    record::Recorder,
    store::Memory,
};

const SECRET: &str = "sixteen random bytes, or more";

/// How many sets the large layer has.
const SETS: usize = 200;

/// What a handler written by hand reads and returns.
#[derive(Deserialize)]
struct Asked {
    context: Map<String, Value>,
}

#[derive(Serialize)]
struct Answered {
    key: String,
    value: &'static str,
    reason: &'static str,
    variant: &'static str,
    metadata: Value,
}

/// A handler without a test: it reads the key, and returns always the same.
async fn by_hand(Path(key): Path<String>, Json(asked): Json<Asked>) -> Json<Answered> {
    assert!(asked.context.contains_key("targetingKey"));
    Json(Answered {
        key,
        value: "cheap",
        reason: "SPLIT",
        variant: "cheap",
        metadata: serde_json::json!({ "phase": 1, "reason": "bucketed" }),
    })
}

fn app(sets: usize, is_service: bool) -> Router {
    let set = |number: usize| {
        let set = SimpleTrackSet::new(format!("set-{number}")).track("cheap", 49);
        set.build().unwrap()
    };
    let first = TracksLayer::new(set(0));
    let layer = (1..sets).fold(first, |layer, number| layer.and(set(number)).unwrap());
    let recorder = Recorder::builder(Units::pseudonym(SECRET).unwrap());
    let recorder = recorder.store(Memory::default()).start().unwrap();
    let layer = layer.key(KeySource::cookie("id")).observe(recorder);
    let ofrep = Ofrep::new(&layer).caller(move |_| match is_service {
        true => Caller::Service,
        false => Caller::Browser,
    });
    ofrep.into_router()
}

fn request(path: &str) -> Request<Body> {
    let body = r#"{"context":{"targetingKey":"alice","country":"PT","plan":"free"}}"#;
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("user-agent", "Mozilla/5.0")
        .header("cookie", "id=alice");
    request.body(Body::from(body)).unwrap()
}

fn answer(app: &mut Router, path: &str) -> Vec<u8> {
    let response = app.call(request(path)).now_or_never().unwrap().unwrap();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX);
    body.now_or_never().unwrap().unwrap().to_vec()
}

fn main() {
    let is_test = std::env::args().any(|argument| argument == "--test");
    let rounds = if is_test { 3 } else { 400 };
    let one = "/ofrep/v1/evaluate/flags/set-0";
    let all = "/ofrep/v1/evaluate/flags";
    let by_hand = Router::new().route("/ofrep/v1/evaluate/flags/{key}", post(by_hand));
    let mut programs = [
        ("a handler by hand", by_hand, one, 100),
        ("one flag, by a service", app(1, true), one, 100),
        (
            "one flag of 200, by a service",
            app(SETS, true),
            "/ofrep/v1/evaluate/flags/set-199",
            10,
        ),
        ("all of 200 flags, with receipts", app(SETS, false), all, 2),
    ];
    for (name, app, path, _) in &mut programs {
        let answer = answer(app, path);
        println!("{name}: {} bytes", answer.len());
        let receipts = String::from_utf8(answer)
            .unwrap()
            .matches("receipt")
            .count();
        let expected = if *path == all { SETS } else { 0 };
        assert_eq!(receipts, expected, "{name}");
    }
    let names = programs.each_ref().map(|(name, ..)| *name);
    let mut works = programs.map(|(_, mut app, path, requests)| {
        move || -> Duration {
            let start = Instant::now();
            (0..requests).for_each(|_| drop(answer(&mut app, path)));
            start.elapsed() / requests
        }
    });
    let times = turns::take(rounds, &mut works.each_mut().map(|work| work as _));
    for (name, times_of) in names.iter().zip(&times) {
        let microseconds = times_of.median() * 1e6;
        let ratio = times_of.over(&times[0]).median();
        println!("in turns: {name:32} {microseconds:8.2} us  {ratio:.2} x by hand");
    }
}
