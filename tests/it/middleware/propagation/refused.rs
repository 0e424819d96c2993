//! Headers that a service refuses: they change nothing, and are counted.

use std::time::{Duration, SystemTime};

use axum::Router;
use proptest::{collection::vec, prelude::*, string::bytes_regex};
use tower::ServiceExt;
use tower_tracks::{
    KeySource, TracksLayer,
    middleware::{Clock, Force, Override, Propagation},
    testing::FixedClock,
    unit::CookieSigning,
};

use super::{SECRET, Service, behind, counted, delay, first, key_in, made, propagation};
use crate::support::{BROWSER, body_text};

/// A layer that has another key than the headers have.
fn accepting() -> TracksLayer {
    behind(delay()).key(KeySource::cookie("id"))
}

/// The cookie of a visitor of `short`. All headers are about a visitor of `long`.
fn cookie() -> String {
    format!("id={}", key_in(&delay(), "short"))
}

async fn header_of(layer: TracksLayer) -> String {
    let cookie = format!("id={}", key_in(&delay(), "long"));
    let value = made(layer, &[("cookie", &cookie)], &["delay"]).await;
    value.to_str().unwrap().to_owned()
}

/// Sends these lines, and checks which track is read, and how many were refused.
async fn check(lines: &[(&str, &[u8])], track: &str, refused: u64) {
    let service = Service::new(accepting()).reads(&["delay"]);
    assert_eq!(
        read(service.router(), lines).await,
        format!("delay/{track}")
    );
    assert_eq!(service.layer.counts().refused_propagations(), refused);
    assert_eq!(counted(&service.observed).len(), 1);
}

async fn read(app: Router, lines: &[(&str, &[u8])]) -> String {
    let mut request = http::Request::get("/").header("user-agent", BROWSER);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    let request = request.header("cookie", cookie());
    let request = request.body(axum::body::Body::empty()).unwrap();
    body_text(app.oneshot(request).await.unwrap()).await
}

const NAME: &str = "tracks-propagation";

#[tokio::test]
async fn a_valid_header_is_accepted() {
    let value = header_of(first(delay())).await;
    check(&[(NAME, value.as_bytes())], "long", 0).await;
    check(&[], "short", 0).await;
}

#[tokio::test]
async fn several_headers_are_refused() {
    let value = header_of(first(delay())).await;
    let member = format!("tracks={value}");
    check(
        &[(NAME, value.as_bytes()), (NAME, value.as_bytes())],
        "short",
        1,
    )
    .await;
    check(&[(NAME, value.as_bytes()), (NAME, b"")], "short", 1).await;
    let twice = format!("{member},{member}");
    check(&[("baggage", twice.as_bytes())], "short", 1).await;
    // The header takes precedence, also where it is refused.
    check(
        &[("baggage", b"tracks=x"), (NAME, value.as_bytes())],
        "long",
        0,
    )
    .await;
    check(&[("baggage", member.as_bytes()), (NAME, b"x")], "short", 1).await;
}

#[tokio::test]
async fn anything_else_is_refused() {
    let value = header_of(first(delay())).await;
    let other = Propagation::new("0123456789abcdeg").unwrap();
    let other = header_of(first(delay()).propagate(other)).await;
    let tomorrow = SystemTime::now() + Duration::from_secs(60 * 60);
    let force = Force::new("delay", "long", tomorrow);
    let token = Override::new(SECRET).unwrap().mint(&force).unwrap();
    let signing = CookieSigning::new(SECRET).unwrap();
    let signed = signing.value("AAECAwQFBgcICQoLDA0ODw");
    let long = format!("{value}{}", "A".repeat(8192));
    for value in [
        "",
        "v1.",
        "v1",
        &other,
        &token,
        &format!("v1.{token}"),
        &signed,
        &format!("v1.{signed}"),
        &value.replacen("v1.", "v2.", 1),
        &value[3..],
        &value[..value.len() - 1],
        &format!("{value}="),
        &format!("{value},"),
        &format!("\"{value}\""),
        &long,
    ] {
        check(&[(NAME, value.as_bytes())], "short", 1).await;
        let member = format!("tracks={value}");
        // The comma ends the member, and baggage is not read beyond 8 kB.
        let is_member = !value.ends_with(',') && value.len() < 8000;
        if is_member {
            check(&[("baggage", member.as_bytes())], "short", 1).await;
        }
    }
    check(&[(NAME, b"v1.\xff\xfe")], "short", 1).await;
}

#[tokio::test]
async fn a_header_expires() {
    let clock = FixedClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000));
    let layer = |clock: Clock| accepting().clock(clock);
    let value = header_of(first(delay()).clock(clock.clock())).await;
    for (seconds, track) in [(0, "long"), (59, "long"), (1, "short"), (3600, "short")] {
        clock.advance(Duration::from_secs(seconds));
        let service = Service::new(layer(clock.clock()));
        let lines = [(NAME, value.as_bytes())];
        let answer = read(service.router(), &lines).await;
        assert_eq!(answer, format!("delay/{track}"), "after {seconds}");
        let refused = service.layer.counts().refused_propagations();
        assert_eq!(refused, u64::from(track == "short"));
    }
}

#[tokio::test]
async fn a_service_may_accept_for_a_shorter_time() {
    let value = header_of(first(delay())).await;
    let short = propagation().lasting(Duration::from_secs(10));
    let service = Service::new(accepting().accept_propagated(short.clone()));
    let answer = read(service.router(), &[(NAME, value.as_bytes())]).await;
    assert_eq!(answer, "delay/short");
    let value = header_of(first(delay()).propagate(short)).await;
    check(&[(NAME, value.as_bytes())], "long", 0).await;
}

/// Bytes, and what looks like a value.
fn value() -> impl Strategy<Value = Vec<u8>> {
    let likely = r"(v1\.)?[A-Za-z0-9_-]{0,200}";
    let baggage = r"(tracks ?= ?(v1\.)?[A-Za-z0-9_-]{0,99}[;,= ]{0,2}){0,3}";
    prop_oneof![
        vec(any::<u8>(), 0..300),
        bytes_regex(likely).unwrap(),
        bytes_regex(baggage).unwrap(),
    ]
}

proptest! {
    #![proptest_config(crate::properties::config(512))]

    #[test]
    fn any_bytes_change_nothing(values in vec((any::<bool>(), value()), 1..4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let is_legal = |value: &[u8]| http::HeaderValue::from_bytes(value).is_ok();
        let lines: Vec<(&str, &[u8])> = values
            .iter()
            .filter(|(_, value)| is_legal(value))
            .map(|(is_header, value)| (if *is_header { NAME } else { "baggage" }, &**value))
            .collect();
        let service = Service::new(accepting()).reads(&["delay"]);
        let answer = runtime.block_on(read(service.router(), &lines));
        prop_assert_eq!(answer, "delay/short");
        prop_assert_eq!(counted(&service.observed).len(), 1);
    }
}
