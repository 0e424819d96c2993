//! Receipts of exposures, as the router of OFREP issues and redeems them.

use std::{
    sync::OnceLock,
    time::{Duration, UNIX_EPOCH},
};

use axum::{Router, body::Body};
use futures_util::FutureExt;
use http::Request;
use tower::ServiceExt;
use tower_tracks::{
    Exposure, Observe, SimpleTrackSet, TracksLayer, Units,
    ofrep::{Caller, Ofrep},
    testing::FixedClock,
};

use super::units;

/// An observer with units, as a recorder has them.
struct Recording;

impl Observe for Recording {
    fn observe(&self, _: &Exposure) {}

    fn recorded_units(&self) -> Option<Units> {
        Some(units())
    }
}

fn app() -> &'static Router {
    static APP: OnceLock<Router> = OnceLock::new();
    APP.get_or_init(|| {
        let set = SimpleTrackSet::new("pricing")
            .track("cheap", 49)
            .build()
            .unwrap();
        let clock = FixedClock::new(UNIX_EPOCH + Duration::from_secs(1_800_000_000));
        let layer = TracksLayer::new(set)
            .observe(Recording)
            .clock(clock.clock());
        // A refusal because of the rate would hide one that is missing.
        let ofrep = Ofrep::new(&layer).receipts_per_second(u32::MAX);
        ofrep.caller(|_| Caller::Service).into_router()
    })
}

fn post(path: &str, body: serde_json::Value) -> serde_json::Value {
    let request = Request::post(path)
        .body(Body::from(body.to_string()))
        .unwrap();
    let answer = async {
        let response = app().clone().oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        serde_json::from_slice(&body.unwrap()).unwrap()
    };
    // Nothing in it waits.
    answer.now_or_never().unwrap()
}

/// Returns the receipt of a key.
pub(super) fn receipt(key: &str) -> String {
    let body = serde_json::json!({ "context": { "targetingKey": key } });
    let answer = post("/ofrep/v1/evaluate/flags", body);
    let receipt = &answer["flags"][0]["metadata"]["receipt"];
    receipt.as_str().unwrap().to_owned()
}

/// Returns whether a text is counted.
pub(super) fn is_accepted(receipt: &str) -> bool {
    let body = serde_json::json!({ "exposures": [{ "receipt": receipt }] });
    let answer = post("/tracks/v1/exposures", body);
    let is_counted = answer["counted"] == 1;
    // A text that is longer than the body may be is refused otherwise.
    assert!(
        is_counted || answer["refused"][0]["reason"] == "invalid",
        "{answer}"
    );
    is_counted
}
