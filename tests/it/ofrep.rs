//! The tracks of a layer by OFREP: every request and answer is one of the protocol's own document.

mod answers;
mod callers;
mod protocol;
mod receipts;
mod vectors;

use std::time::{Duration, SystemTime};

use axum::{Router, body::Body};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_tracks::{
    Exposure, MultiTrackSet, Observe, SimpleTrackSet, TracksLayer, Units,
    middleware::IntoGroup,
    ofrep::{Caller, Ofrep},
    testing::FixedClock,
};

use crate::support::{BROWSER, Observed};

const SECRET: &str = "0123456789abcdef";

/// The password of the services of these tests.
const SERVICE: (&str, &str) = ("authorization", "Bearer service");

const ALL: &str = "/ofrep/v1/evaluate/flags";

const EXPOSURES: &str = "/tracks/v1/exposures";

/// An answer.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn flag(&self, key: &str) -> &Value {
        let mut flags = self.body["flags"].as_array().unwrap().iter();
        flags.find(|flag| flag["key"] == key).unwrap()
    }

    fn receipt(&self, key: &str) -> &str {
        self.flag(key)["metadata"]["receipt"].as_str().unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// The tests `delay`, `short` or `long` or neither, and `banner`, of which each has a half.
fn delay() -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000);
    delay.build().unwrap()
}

fn banner() -> MultiTrackSet {
    SimpleTrackSet::new("banner")
        .track("blue", "#00f")
        .build()
        .unwrap()
}

/// A time in the middle of a day.
fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * 86_400 + 43_200)
}

/// An observer with units, as a recorder has them.
struct Recording<O>(O, Units);

impl<O: Observe> Observe for Recording<O> {
    fn observe(&self, exposure: &Exposure) {
        self.0.observe(exposure);
    }

    fn recorded_units(&self) -> Option<Units> {
        Some(self.1.clone())
    }
}

/// Returns the units of a secret.
fn units(secret: &str) -> Units {
    Units::pseudonym(secret).unwrap()
}

/// A layer with a clock, whose units have a secret.
fn layer(sets: impl IntoGroup, observer: impl Observe, clock: &FixedClock) -> TracksLayer {
    TracksLayer::new(sets)
        .units(units(SECRET))
        .observe(Recording(observer, units(SECRET)))
        .clock(clock.clock())
}

/// A router that takes the password for that of a service.
fn router(layer: &TracksLayer) -> Router {
    served(Ofrep::new(layer))
}

fn served(ofrep: Ofrep) -> Router {
    let ofrep = ofrep.caller(|parts| match parts.headers.get("authorization") {
        None => Caller::Browser,
        Some(said) if said == SERVICE.1 => Caller::Service,
        Some(_) => Caller::Nobody,
    });
    ofrep.into_router()
}

/// Posts a body, and checks the answer by the protocol's document.
async fn post(app: &Router, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let request = Request::post(path).header("user-agent", BROWSER);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let request = request.body(body.into()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let answer = Answer {
        status: parts.status,
        headers: parts.headers,
        body: match body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&body).unwrap(),
        },
    };
    protocol::check_answer(path, &answer);
    answer
}

/// Asks for a flag, or for all, with a context.
async fn ask(app: &Router, path: &str, headers: &[(&str, &str)], context: Value) -> Answer {
    let body = json!({ "context": context });
    protocol::check_request(path, &body);
    post(app, path, headers, body.to_string()).await
}

/// Asks for a flag as a service.
async fn ask_for(app: &Router, flag: &str, key: &str) -> Answer {
    let context = json!({ "targetingKey": key });
    ask(app, &format!("{ALL}/{flag}"), &[SERVICE], context).await
}

/// Asks for all flags as the browser with these cookies. What it says of itself is not believed.
async fn browse(app: &Router, cookie: &str) -> Answer {
    let context = json!({ "targetingKey": "anybody", "vip": true });
    ask(app, ALL, &[("cookie", cookie)], context).await
}

/// Sends receipts back.
async fn send_back(app: &Router, receipts: &[&str]) -> Answer {
    let exposures = receipts.iter().map(|receipt| json!({ "receipt": receipt }));
    let body = json!({ "exposures": exposures.collect::<Vec<_>>() });
    post(app, EXPOSURES, &[], body.to_string()).await
}

fn names(exposures: &[Exposure]) -> Vec<String> {
    exposures.iter().map(Exposure::to_string).collect()
}

/// Whatever comes, `Observed` keeps.
fn observed() -> Observed {
    Observed::default()
}
