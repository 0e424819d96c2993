//! Any body at each path of OFREP, from browsers and from services.

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, UNIX_EPOCH},
};

use axum::{Router, body::Body};
use futures_util::FutureExt;
use http::Request;
use tower::ServiceExt;
use tower_tracks::{
    Exposure, KeySource, Observe, SimpleTrackSet, TracksLayer, Units,
    middleware::Clock,
    ofrep::{Caller, Ofrep},
    unit::Unit,
};

/// A router, a receipt that it issued for `alice`, and the exposures that it reported.
struct Served {
    app: Router,
    receipt: String,
    alice: Unit,
    exposures: Arc<Mutex<Vec<Exposure>>>,
}

/// Keeps the exposures, and has units as a recorder has them.
struct Recording(Arc<Mutex<Vec<Exposure>>>, Units);

impl Observe for Recording {
    fn observe(&self, exposure: &Exposure) {
        self.0.lock().unwrap().push(exposure.clone());
    }

    fn recorded_units(&self) -> Option<Units> {
        Some(self.1.clone())
    }
}

/// The first byte says which path and who asks; in the rest, `$` stands for a good receipt.
pub(crate) fn run(data: &[u8]) {
    let (status, body) = answer(data);
    assert!(matches!(status, 200 | 400 | 404), "{status}");
    assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
    let (_, all) = post("/ofrep/v1/evaluate/flags", false, b"");
    assert_eq!(&all, expected(), "another visitor has other tracks now");
}

/// Returns the status and the body, and checks what was counted for it.
pub(crate) fn answer(data: &[u8]) -> (u16, Vec<u8>) {
    let Some((kind, body)) = data.split_first() else {
        return (400, b"{}".to_vec());
    };
    let parts: Vec<_> = body.split(|byte| *byte == b'$').collect();
    let body = parts.join(served().receipt.as_bytes());
    let (path, is_service) = match kind % 8 {
        0 => ("/ofrep/v1/evaluate/flags", true),
        1 => ("/ofrep/v1/evaluate/flags", false),
        2 => ("/ofrep/v1/evaluate/flags/pricing", false),
        3 => ("/ofrep/v1/evaluate/flags/pricing", true),
        4 => ("/ofrep/v1/evaluate/flags/discount", true),
        5 => ("/ofrep/v1/evaluate/flags/unknown", true),
        6 => ("/tracks/v1/exposures", false),
        _ => ("/tracks/v1/exposures", true),
    };
    let (status, answer) = post(path, is_service, &body);
    let exposures = std::mem::take(&mut *served().exposures.lock().unwrap());
    for exposure in exposures {
        match exposure.unit() {
            // The one receipt that there is.
            Some(unit) => assert!(unit == served().alice && path.ends_with("exposures")),
            None => assert!(is_service && exposure.key().is_some_and(|key| key.is_valid())),
        }
    }
    (status, answer)
}

fn post(path: &str, is_service: bool, body: &[u8]) -> (u16, Vec<u8>) {
    send(&served().app, path, is_service, body)
}

fn send(app: &Router, path: &str, is_service: bool, body: &[u8]) -> (u16, Vec<u8>) {
    let mut request = Request::post(path)
        .header("user-agent", "Mozilla/5.0")
        .header("cookie", "id=alice");
    if is_service {
        request = request.header("x-service", "yes");
    }
    let request = request.body(Body::from(body.to_vec())).unwrap();
    let answer = async {
        let response = app.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        (status, body.unwrap().to_vec())
    };
    // Nothing in it waits.
    answer.now_or_never().unwrap()
}

fn expected() -> &'static Vec<u8> {
    static EXPECTED: OnceLock<Vec<u8>> = OnceLock::new();
    EXPECTED.get_or_init(|| post("/ofrep/v1/evaluate/flags", false, b"").1)
}

fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        let pricing = SimpleTrackSet::new("pricing").track("cheap", 49).build();
        let discount = SimpleTrackSet::new("discount")
            .track("five", 5)
            .unit_kind("user");
        let units = Units::pseudonym("0123456789abcdef").unwrap();
        let exposures = Arc::new(Mutex::new(Vec::new()));
        let observer = Recording(Arc::clone(&exposures), units.clone());
        let layer = TracksLayer::new(pricing.unwrap())
            .and(discount.build().unwrap())
            .unwrap()
            .key(KeySource::cookie("id"))
            .clock(Clock::from_fn(|| {
                UNIX_EPOCH + Duration::from_secs(1_800_000_000)
            }))
            .observe(observer);
        let ofrep = Ofrep::new(&layer)
            .receipts_per_second(u32::MAX)
            .caller(|parts| match parts.headers.contains_key("x-service") {
                true => Caller::Service,
                false => Caller::Browser,
            });
        let app = ofrep.into_router();
        let (_, all) = send(&app, "/ofrep/v1/evaluate/flags", false, b"");
        let all: serde_json::Value = serde_json::from_slice(&all).unwrap();
        let receipt = all["flags"][0]["metadata"]["receipt"].as_str().unwrap();
        Served {
            receipt: receipt.to_owned(),
            app,
            alice: units.unit("visitor", &"alice".into()),
            exposures,
        }
    })
}
