//! Who may share a page that a handler calls public: every reason, for every source of the key.

use std::time::{Duration, SystemTime};

use axum::{Router, routing::get as on_get};
use http::{HeaderMap, HeaderName, header::CACHE_CONTROL};
use tower_tracks::{
    Assignment, Consent, Exclusion, Key, KeySource, MultiTrackSet, SimpleTrackSet, TracksLayer,
    VisitorCookie,
    middleware::{Clock, Force, KeySources, Override},
    unit::CookieSigning,
};

use crate::support::{body_text, send};

const VISITOR: &str = "tracks=AAECAwQFBgcICQoLDA0ODw";

/// Where the key is from, and by which header that varies.
const SOURCES: [(&str, &str); 8] = [
    ("visitor", "cookie"),
    ("new", "cookie"),
    ("cookie", "cookie"),
    ("header", "x-user"),
    ("extension", "cookie"),
    ("function", "cookie"),
    ("random", ""),
    ("none", ""),
];

/// A case, the reason it has, by which headers it varies beside the key's, and for each source
/// whether its page stays public: `+` yes, `-` no, `?` when there is no key, so that there is another
/// reason, and no.
const CASES: [(&str, &str, &str, &str); 27] = [
    ("plain", "bucketed", "sec-gpc", "+-++---?"),
    ("outside", "outside-share", "sec-gpc", "+-++---?"),
    ("paused", "paused", "sec-gpc", "+-++---?"),
    ("of no weight", "ineligible", "sec-gpc", "++++--+?"),
    ("eligible", "bucketed", "cookie, sec-gpc", "-------?"),
    (
        "outside and eligible",
        "outside-share",
        "cookie, sec-gpc",
        "-------?",
    ),
    (
        "paused and eligible",
        "paused",
        "cookie, sec-gpc",
        "-------?",
    ),
    ("ineligible", "ineligible", "cookie, sec-gpc", "-------?"),
    // A closure treats other requests differently.
    ("others pinned", "bucketed", "cookie, sec-gpc", "-------?"),
    ("others staff", "bucketed", "cookie, sec-gpc", "-------?"),
    ("others excluded", "bucketed", "cookie, sec-gpc", "-------?"),
    ("others deny", "bucketed", "cookie", "-------?"),
    ("others deny, no weight", "ineligible", "cookie", "-------?"),
    ("token", "forced", "cookie, sec-gpc", "--------"),
    ("kept token", "forced", "cookie, sec-gpc", "--------"),
    ("staff", "forced", "cookie, sec-gpc", "--------"),
    ("kept by staff", "forced", "cookie, sec-gpc", "--------"),
    (
        "forced though paused",
        "forced",
        "cookie, sec-gpc",
        "--------",
    ),
    ("bot", "bot", "user-agent", "--------"),
    ("without agent", "bot", "user-agent", "--------"),
    ("prefetch", "speculative", "", "--------"),
    ("prerender", "speculative", "", "--------"),
    ("excluded", "excluded", "cookie", "--------"),
    ("denied", "no-consent", "cookie", "--------"),
    ("privacy control", "bucketed", "sec-gpc", "-------?"),
    ("ephemeral", "bucketed", "cookie", "-------?"),
    ("ephemeral, ineligible", "ineligible", "cookie", "-------?"),
];

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn overrides() -> Override {
    Override::new("a secret of the tests").unwrap()
}

fn token() -> String {
    let force = Force::new("delay", "on", noon() + Duration::from_secs(60));
    overrides().mint(&force).unwrap()
}

fn set(case: &str) -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay")
        .without_control()
        .track("on", 1);
    let set = set.weight(u64::from(!case.ends_with("no weight")));
    let set = match case.starts_with("outside") {
        true => set.share(0.0),
        false => set,
    };
    if case == "others pinned" {
        return set.pin_when("on", |(): &()| false).build().unwrap();
    }
    let is_eligible = !case.contains("ineligible");
    match case.contains("eligible") {
        true => set.eligible(move |(): &()| is_eligible).build().unwrap(),
        false => set.build().unwrap(),
    }
}

fn sources(name: &str) -> KeySources {
    let user = HeaderName::from_static("x-user");
    let of_parts = |_: &http::request::Parts| Some(Key::from("alice"));
    match name {
        "visitor" | "new" => VisitorCookie::plain().into(),
        "cookie" => KeySource::cookie("id").into(),
        "header" => KeySource::trusted_header(user).into(),
        "extension" => KeySource::extension(|user: &u64| *user).into(),
        "function" => KeySource::from_fn(of_parts).into(),
        "random" => KeySource::random().into(),
        _ => Vec::new().into(),
    }
}

fn layer(case: &str, source: &str) -> TracksLayer {
    let layer = TracksLayer::new(set(case)).key(sources(source));
    let layer = layer.clock(Clock::from_fn(noon)).overrides(overrides());
    let layer = layer.sign(CookieSigning::off());
    if case.contains("paused") {
        layer.pauses().pause("delay").unwrap();
    }
    match case {
        "staff" | "kept by staff" => layer.overrides_when(|_| true),
        "others staff" => layer.overrides_when(|_| false),
        "others excluded" => layer.exclude(Exclusion::default().when(|_| false)),
        case if case.starts_with("others deny") => layer.consent(|_| Consent::Granted),
        "excluded" => layer.exclude(Exclusion::none().when(|_| true)),
        "denied" => layer.consent(|_| Consent::Denied),
        case if case.starts_with("ephemeral") => layer.consent(|_| Consent::Ephemeral),
        _ => layer,
    }
}

/// Returns the path and the headers of a request.
fn request(case: &str, source: &str) -> (String, Vec<(&'static str, String)>) {
    let mut headers = Vec::new();
    let mut cookies = vec![format!("theme=dark{case}").replace([' ', ','], "")];
    match source {
        "visitor" => cookies.push(VISITOR.to_owned()),
        "cookie" => cookies.push("id=alice".to_owned()),
        "header" => headers.push(("x-user", "alice".to_owned())),
        _ => {}
    }
    let mut path = "/".to_owned();
    match case {
        "token" | "forced though paused" => path = format!("/?tracks={}", token()),
        "staff" => path = "/?tracks=delay~on".to_owned(),
        "kept token" => cookies.push(format!("tracks-override={}", token())),
        "kept by staff" => cookies.push("tracks-override=delay~on".to_owned()),
        "bot" => headers.push(("user-agent", "Googlebot/2.1".to_owned())),
        "without agent" => headers.push(("user-agent", String::new())),
        "prefetch" => headers.push(("sec-purpose", "prefetch".to_owned())),
        "prerender" => headers.push(("sec-purpose", "prefetch;prerender".to_owned())),
        "privacy control" => headers.push(("sec-gpc", "1".to_owned())),
        _ => {}
    }
    // Without a visitor cookie, it is not known whether the override cookie must be `Secure`.
    let of_host = |cookie: &String| cookie.replace("tracks-override", "__Host-tracks-override");
    if !matches!(source, "visitor" | "new") {
        cookies = cookies.iter().map(of_host).collect();
    }
    headers.push(("cookie", cookies.join("; ")));
    (path, headers)
}

/// Returns the reason, and what the response says to caches.
async fn ask(case: &str, source: &str) -> (String, HeaderMap) {
    let handler = async |assignment: Assignment| {
        let public = [(CACHE_CONTROL, "public, max-age=60")];
        (public, assignment.reason().to_string())
    };
    let app: Router = Router::new()
        .route("/", on_get(handler))
        .layer(layer(case, source))
        .layer(axum::Extension(7_u64));
    let (path, headers) = request(case, source);
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    let response = send(app, "GET", &path, &headers).await;
    let headers = response.headers().clone();
    (body_text(response).await, headers)
}

fn said(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lines = headers.get_all(name).into_iter();
    let text: Vec<_> = lines
        .map(|line| line.to_str().unwrap().to_lowercase())
        .collect();
    let mut items: Vec<_> = text
        .join(",")
        .split(',')
        .map(|item| item.trim().to_owned())
        .collect();
    items.retain(|item| !item.is_empty());
    items.sort();
    items
}

#[tokio::test]
async fn every_reason_for_every_source() {
    for (case, reason, more, marks) in CASES {
        for ((source, by), mark) in SOURCES.into_iter().zip(marks.chars()) {
            let (found, headers) = ask(case, source).await;
            let expected = if mark == '?' { "no-key" } else { reason };
            assert_eq!(found, expected, "{case}, {source}");
            let control = said(&headers, "cache-control");
            let control: Vec<_> = control.iter().map(String::as_str).collect();
            let public: &[_] = match mark {
                '+' => &["max-age=60", "public"],
                _ => &["max-age=60", "private"],
            };
            assert_eq!(control, public, "{case}, {source}");
            let mut vary: Vec<_> = format!("{by}, {more}")
                .split(", ")
                .map(str::to_owned)
                .collect();
            vary.retain(|name| !name.is_empty());
            vary.sort();
            vary.dedup();
            assert_eq!(said(&headers, "vary"), vary, "{case}, {source}");
        }
    }
}
