//! Signed visitor cookies: clients cannot invent visitors.

use std::time::{Duration, SystemTime};

use axum::{Router, body::Body, routing::get as on_get};
use http::Response;
use tower_tracks::{
    Assignment, Consent, Exposure, KeySource, Observe, TracksLayer, Units, VisitorCookie,
    middleware::{Clock, Counts, Mask, Override, Randomness},
    record::Recorder,
    store::Memory,
    unit::CookieSigning,
};

use crate::{
    log::Log,
    support::{Observed, always, cookies, send},
};

const SECRET: &str = "0123456789abcdef";
const OTHER: &str = "fedcba9876543210";
const ID: &str = "AAECAwQFBgcICQoLDA0ODw";

/// The id with its tag under each secret, by Python's `hmac`.
const SIGNED: &str = "AAECAwQFBgcICQoLDA0ODw.UwMgcxHsyYk9O803sf879A";
const SIGNED_BY_OTHER: &str = "AAECAwQFBgcICQoLDA0ODw.mXXWczC9HymP0SwE9MnpsQ";

fn signing() -> CookieSigning {
    CookieSigning::new(SECRET).unwrap()
}

fn other() -> CookieSigning {
    CookieSigning::new(OTHER).unwrap()
}

fn layer() -> TracksLayer {
    let new = Randomness::from_fn(|| [0xff; 16]);
    let layer = TracksLayer::new(always("delay")).randomness(new);
    layer.key(VisitorCookie::plain())
}

/// The id that the layer draws for a new visitor.
const NEW: &str = "_____________________w";

/// Returns the value of the visitor's cookie that a response sets.
fn issued(response: &Response<Body>) -> Option<String> {
    let found = cookies(response.headers());
    assert!(found.len() <= 1, "{found:?}");
    let value = found.first()?.strip_prefix("tracks=")?;
    Some(value.split(';').next()?.to_owned())
}

fn app(layer: TracksLayer) -> Router {
    let read = async |assignment: Assignment| drop(assignment.to_string());
    Router::new()
        .route("/", on_get(read))
        .route("/still", on_get(async || ""))
        .layer(layer)
}

async fn visit(layer: TracksLayer, value: &str) -> Response<Body> {
    let cookie = format!("tracks={value}");
    send(app(layer), "GET", "/", &[("cookie", &cookie)]).await
}

/// Checks whose key a visitor with a cookie has, and what is issued.
async fn check(layer: TracksLayer, value: &str, key: &str, expected: Option<String>) {
    let (observed, counts) = (Observed::default(), layer.counts());
    let before = counts.refused_cookies();
    let response = visit(layer.observe(observed.clone()), value).await;
    assert_eq!(issued(&response), expected, "{value}");
    let keys: Vec<_> = observed.take().iter().map(key_of).collect();
    assert_eq!(keys, [key], "{value}");
    let is_refused = value.starts_with(ID) && key == NEW;
    let refused = counts.refused_cookies() - before;
    assert_eq!(refused, u64::from(is_refused), "{value}");
}

fn key_of(exposure: &Exposure) -> String {
    let key = exposure.key().unwrap();
    String::from_utf8(key.as_bytes().to_vec()).unwrap()
}

#[test]
fn values_are_those_of_python() {
    assert_eq!(signing().value(ID), SIGNED);
    assert_eq!(other().value(ID), SIGNED_BY_OTHER);
    assert_eq!(CookieSigning::off().value(ID), ID);
    let former = other().also(SECRET).unwrap();
    assert_eq!(former.value(ID), SIGNED_BY_OTHER);
}

#[tokio::test]
async fn a_signed_cookie_is_a_key_and_another_is_none() {
    let layer = layer().sign(signing());
    let new = signing().value(NEW);
    check(layer.clone(), SIGNED, ID, None).await;
    for refused in [ID, SIGNED_BY_OTHER] {
        check(layer.clone(), refused, NEW, Some(new.clone())).await;
    }
    let last = SIGNED.len() - 1;
    for other in [
        "",
        "alice",
        &SIGNED[1..],
        &SIGNED[..last],
        &format!("{SIGNED}A"),
    ] {
        let response = visit(layer.clone(), other).await;
        assert_eq!(issued(&response), Some(new.clone()), "{other}");
    }
}

/// The whole header, since it is what a browser keeps.
#[tokio::test]
async fn it_is_issued_signed() {
    let response = visit(layer().sign(signing()), "").await;
    let value = signing().value(NEW);
    let expected = format!("tracks={value}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax");
    assert_eq!(cookies(response.headers()), [&*expected]);
    assert_eq!(value.len(), 45);
}

/// The signature is no part of the key, so neither assignments nor units change.
#[tokio::test]
async fn another_source_is_asked_where_a_cookie_is_refused() {
    let sources = || {
        [
            KeySource::visitor(VisitorCookie::plain()),
            KeySource::cookie("id"),
        ]
    };
    let layer = layer().key(sources()).sign(signing());
    let observed = Observed::default();
    let app = app(layer.observe(observed.clone()));
    for (value, key) in [(ID, "alice"), (SIGNED, ID)] {
        let cookie = format!("id=alice; tracks={value}");
        let response = send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
        assert_eq!(issued(&response), None);
        assert_eq!(key_of(&observed.take()[0]), key);
    }
}

#[tokio::test]
async fn without_signing_a_signed_cookie_is_known_by_its_id() {
    for layer in [layer(), layer().sign(CookieSigning::off())] {
        for known in [ID, SIGNED, SIGNED_BY_OTHER] {
            check(layer.clone(), known, ID, None).await;
        }
        check(layer, "", NEW, Some(NEW.to_owned())).await;
    }
}

#[tokio::test]
async fn a_former_secrets_cookie_is_issued_again() {
    let layer = layer().sign(other().also(SECRET).unwrap());
    let again = Some(SIGNED_BY_OTHER.to_owned());
    check(layer.clone(), SIGNED, ID, again).await;
    check(layer.clone(), SIGNED_BY_OTHER, ID, None).await;
    // Not where no cookie would be issued.
    let cookie = format!("tracks={SIGNED}");
    for (method, path) in [("HEAD", "/"), ("OPTIONS", "/"), ("GET", "/still")] {
        let app = app(layer.clone());
        let response = send(app, method, path, &[("cookie", &cookie)]).await;
        assert_eq!(issued(&response), None, "{method} {path}");
    }
    for consent in [Consent::Ephemeral, Consent::Denied] {
        let response = visit(layer.clone().consent(move |_| consent), SIGNED).await;
        assert_eq!(issued(&response), None, "{consent:?}");
    }
    // Such a page sets a cookie, so it must not be shared.
    let response = visit(layer, SIGNED).await;
    assert_eq!(response.headers()["cache-control"], "private");
}

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

#[tokio::test]
async fn unsigned_cookies_are_taken_over_until_a_time() {
    let layer = || layer().sign(signing()).clock(Clock::from_fn(noon));
    let (log, moment) = (Log::start(), Duration::from_nanos(1));
    let open = layer().take_over_until(noon() + moment);
    check(open.clone(), ID, ID, Some(SIGNED.to_owned())).await;
    check(open.clone(), SIGNED, ID, None).await;
    check(open, SIGNED_BY_OTHER, NEW, Some(signing().value(NEW))).await;
    let over = layer().take_over_until(noon());
    check(over, ID, NEW, Some(signing().value(NEW))).await;
    assert_eq!(log.count("take_over_until"), 0);
    // The document issues it, too, though it reads nothing.
    let cookie = VisitorCookie::plain().documents(true);
    let documents = layer().key(cookie).take_over_until(noon() + moment);
    let headers = [
        ("cookie", "tracks=AAECAwQFBgcICQoLDA0ODw"),
        ("accept", "text/html"),
    ];
    let response = send(app(documents), "GET", "/still", &headers).await;
    assert_eq!(issued(&response).as_deref(), Some(SIGNED));
}

#[tokio::test]
async fn an_unsigned_cookie_is_warned_of_once() {
    let layer = layer().sign(signing());
    let log = Log::start();
    for value in [SIGNED, SIGNED_BY_OTHER, "alice", ""] {
        visit(layer.clone(), value).await;
    }
    assert_eq!(log.count("take_over_until"), 0);
    for _ in 0..3 {
        visit(layer.clone(), ID).await;
    }
    let remedy = "accept unsigned cookies for a while with `.take_over_until(time)`, or turn signing off with `.sign(CookieSigning::off())`";
    assert_eq!(log.count(remedy), 1);
}

fn recorder(secret: &str) -> Recorder {
    let units = Units::pseudonym(secret).unwrap();
    let recorder = Recorder::builder(units).store(Memory::default());
    recorder.start().unwrap()
}

/// Returns by which secret a layer signs.
async fn signs_by(layer: TracksLayer) -> &'static str {
    let value = issued(&visit(layer, "").await).unwrap();
    let found = [SECRET, OTHER].into_iter().find(|secret| {
        let signing = CookieSigning::new(secret).unwrap();
        signing.value(NEW) == value
    });
    assert!(found.is_some() || value == NEW, "{value}");
    found.unwrap_or("none")
}

#[tokio::test]
async fn it_is_on_where_a_secret_is_known() {
    let units = |secret| Units::pseudonym(secret).unwrap();
    let overrides = |secret| Override::new(secret).unwrap();
    let mask = |secret| Mask::new(secret).unwrap();
    assert_eq!(signs_by(layer()).await, "none");
    assert_eq!(signs_by(layer().observe(|_: &Exposure| {})).await, "none");
    assert_eq!(signs_by(layer().units(Units::raw())).await, "none");
    assert_eq!(signs_by(layer().units(units(SECRET))).await, SECRET);
    assert_eq!(signs_by(layer().overrides(overrides(SECRET))).await, SECRET);
    assert_eq!(signs_by(layer().mask(mask(SECRET))).await, SECRET);
    let recorder = recorder(SECRET);
    let told = layer().observe(recorder.clone());
    assert_eq!(signs_by(told).await, SECRET);
    let pair = layer().observe((|_: &Exposure| {}, recorder.clone()));
    assert_eq!(signs_by(pair).await, SECRET);
    let panics = layer().observe((Panics, std::sync::Arc::new(recorder.clone())));
    assert_eq!(signs_by(panics).await, SECRET);
    // Of several secrets: the recorder's, that of units, of overrides, of the mask.
    let all = layer().mask(mask(OTHER)).overrides(overrides(SECRET));
    assert_eq!(signs_by(all.clone()).await, SECRET);
    let all = all.units(units(OTHER));
    assert_eq!(signs_by(all.clone()).await, OTHER);
    assert_eq!(signs_by(all.observe(recorder)).await, SECRET);
}

/// An observer that breaks its contract.
struct Panics;

impl Observe for Panics {
    fn observe(&self, _: &Exposure) {}

    fn cookie_signing(&self) -> Option<CookieSigning> {
        panic!("by the observer")
    }
}

#[tokio::test]
async fn an_explicit_setting_wins_in_any_order() {
    let overrides = Override::new(SECRET).unwrap();
    let first = layer().sign(other()).overrides(overrides.clone());
    let last = layer().overrides(overrides.clone()).sign(other());
    assert_eq!(signs_by(first).await, OTHER);
    assert_eq!(signs_by(last).await, OTHER);
    let off = layer()
        .sign(CookieSigning::off())
        .overrides(overrides.clone());
    assert_eq!(signs_by(off).await, "none");
    // Also what is added once the layer has served.
    let served = layer();
    assert_eq!(signs_by(served.clone()).await, "none");
    assert_eq!(signs_by(served.overrides(overrides)).await, SECRET);
}

#[tokio::test]
async fn former_secrets_of_links_are_former_ones_of_cookies() {
    let overrides = Override::new(OTHER).unwrap().also(SECRET).unwrap();
    let layer = layer().overrides(overrides);
    check(layer, SIGNED, ID, Some(SIGNED_BY_OTHER.to_owned())).await;
}

/// Nested layers have one cookie, whichever secret each of them knows.
#[tokio::test]
async fn the_outermost_of_nested_layers_decides() {
    let by = |secret: &str, name: &str| {
        let layer = TracksLayer::new(always(name)).key(VisitorCookie::plain());
        match secret {
            "" => layer,
            secret => layer.sign(CookieSigning::new(secret).unwrap()),
        }
    };
    for (outer, inner) in [(SECRET, ""), (SECRET, OTHER), ("", OTHER)] {
        let observed = Observed::default();
        let read = async |all: tower_tracks::Assignments| {
            all.iter().for_each(|one| drop(one.to_string()));
        };
        let inner = by(inner, "inner").observe(observed.clone());
        let counts = inner.counts();
        let app: Router = Router::new()
            .route("/", on_get(read))
            .layer(inner)
            .layer(by(outer, "outer").observe(observed.clone()));
        let first = issued(&send(app.clone(), "GET", "/", &[]).await).unwrap();
        assert_eq!(first.len(), if outer.is_empty() { 22 } else { 45 });
        let cookie = format!("tracks={first}");
        for _ in 0..2 {
            let response = send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
            assert_eq!(issued(&response), None, "{outer}");
        }
        let mut keys: Vec<_> = observed.take().iter().map(key_of).collect();
        assert_eq!(keys.len(), 6);
        keys.dedup();
        assert_eq!(keys, [&first[..22]]);
        assert_eq!(counts.refused_cookies(), 0);
    }
}

/// A page by which one withdraws forgets a signed cookie, and no new one is issued beside it.
#[tokio::test]
async fn a_cookie_that_is_cleared_is_not_issued_again() {
    let forget = async |assignment: Assignment| {
        assignment.track();
        [("set-cookie", VisitorCookie::plain().clear().unwrap())]
    };
    let layer = layer().sign(other().also(SECRET).unwrap());
    let app: Router = Router::new().route("/", on_get(forget)).layer(layer);
    for cookie in [format!("tracks={SIGNED}"), String::new()] {
        let response = send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
        assert_eq!(issued(&response).as_deref(), Some(""), "{cookie}");
    }
}

/// Each forged cookie costs an HMAC, so that few are looked at.
#[tokio::test]
async fn few_forged_cookies_of_a_request_are_checked() {
    let forged = |count| vec![format!("tracks={SIGNED_BY_OTHER}"); count].join("; ");
    for (count, key) in [(7, ID), (8, NEW), (1000, NEW)] {
        let observed = Observed::default();
        let layer = layer().sign(signing()).observe(observed.clone());
        let counts: Counts = layer.counts();
        let cookie = format!("{}; tracks={SIGNED}", forged(count));
        send(app(layer), "GET", "/", &[("cookie", &cookie)]).await;
        assert_eq!(key_of(&observed.take()[0]), key, "{count}");
        assert_eq!(counts.refused_cookies(), count.min(8) as u64);
    }
}

/// One client makes up cookies until it has enough in one track: today's attack, which signing ends.
#[tokio::test]
async fn a_client_cannot_make_visitors_of_its_choice() {
    let observed = Observed::default();
    let layer = TracksLayer::new(always("delay")).key(VisitorCookie::plain());
    let app = app(layer.sign(signing()).observe(observed.clone()));
    for number in 0..400 {
        let cookie = format!("tracks={number:021}A");
        send(app.clone(), "GET", "/", &[("cookie", &cookie)]).await;
    }
    let told = observed.take();
    assert_eq!(told.len(), 400);
    let is_chosen = |exposure: &Exposure| key_of(exposure).starts_with("000000");
    assert!(!told.iter().any(is_chosen), "a chosen key was counted");
}

#[test]
fn the_secrets_are_not_shown() {
    let signing = signing().also(OTHER).unwrap();
    assert_eq!(format!("{signing:?}"), "CookieSigning(<2 secrets>)");
    assert_eq!(format!("{:?}", CookieSigning::off()), "CookieSigning(off)");
}

#[test]
fn a_secret_that_nobody_chose_is_refused() {
    assert!(CookieSigning::new("").is_err());
    assert!(CookieSigning::new([7; 32]).is_err());
    assert!(signing().also("short").is_err());
    let error = CookieSigning::from_env("TRACKS_NO_SUCH_VARIABLE").unwrap_err();
    assert!(
        error.to_string().contains("TRACKS_NO_SUCH_VARIABLE"),
        "{error}"
    );
}
