//! What SECURITY.md says of clients, as far as no other test shows it.

use std::{collections::HashSet, fs, path::Path};

use axum::{Router, body::Body, routing::get as on_get};
use http::{
    HeaderName, Response,
    header::{SET_COOKIE, USER_AGENT},
};
use tower_tracks::{Assignment, Exposure, KeySource, ParamTrackSet, TracksLayer, VisitorCookie};

use crate::support::{BROWSER, Observed, always, body_text, cookies, exposed, send};

/// A visitor's cookie, which the visitor alone knows.
const ALICE: &str = "__Host-tracks=AAECAwQFBgcICQoLDA0ODw";

/// A test of so many tracks that two keys hardly share one.
fn layer() -> TracksLayer {
    let set = ParamTrackSet::new("delay", 0..1000, |n| format!("t{n}"));
    TracksLayer::new(set.build().unwrap())
}

async fn visit(layer: TracksLayer, headers: &[(&str, &str)]) -> Response<Body> {
    let handler = async |assignment: Assignment| assignment.to_string();
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    send(app, "GET", "/", headers).await
}

async fn track(layer: TracksLayer, headers: &[(&str, &str)]) -> String {
    body_text(visit(layer, headers).await).await
}

/// Returns the reported keys.
fn keys(observed: &Observed) -> Vec<String> {
    let key = |exposure: &Exposure| exposure.key().unwrap().as_bytes().to_vec();
    let told = observed.take();
    told.iter()
        .map(|exposure| String::from_utf8(key(exposure)).unwrap())
        .collect()
}

#[tokio::test]
async fn a_chosen_cookie_changes_no_other_track() {
    let alice = track(layer(), &[("cookie", ALICE)]).await;
    let mut tracks = HashSet::new();
    for letter in 'A'..='Z' {
        let chosen = format!("__Host-tracks={}A", String::from(letter).repeat(21));
        tracks.insert(track(layer(), &[("cookie", &chosen)]).await);
    }
    assert!(tracks.len() > 15, "{tracks:?}");
    assert_eq!(track(layer(), &[("cookie", ALICE)]).await, alice);
}

#[tokio::test]
async fn a_known_cookie_is_that_of_its_visitor() {
    let observed = Observed::default();
    let alice = layer().observe(observed.clone());
    visit(alice, &[("cookie", ALICE), ("user-agent", "curl/8.5.0")]).await;
    assert_eq!(keys(&observed), ["AAECAwQFBgcICQoLDA0ODw"]);
}

#[tokio::test]
async fn a_client_without_cookies_is_a_new_visitor_each_time() {
    let observed = Observed::default();
    let layer = layer().observe(observed.clone());
    for _ in 0..20 {
        visit(layer.clone(), &[]).await;
    }
    let keys: HashSet<String> = keys(&observed).into_iter().collect();
    assert_eq!(keys.len(), 20);
}

#[tokio::test]
async fn a_header_is_a_key_only_where_it_is_trusted() {
    let headers = [("x-user", "alice"), ("x-forwarded-user", "alice")];
    let observed = Observed::default();
    visit(layer().observe(observed.clone()), &headers).await;
    assert!(!keys(&observed).contains(&"alice".to_owned()));
    let trusted = KeySource::trusted_header(HeaderName::from_static("x-user"));
    visit(layer().key(trusted).observe(observed.clone()), &headers).await;
    assert_eq!(keys(&observed), ["alice"]);
}

/// Not its own header, and nothing else by which one might ask for a track.
#[tokio::test]
async fn a_request_cannot_say_its_track() {
    let alice = visit(layer(), &[("cookie", ALICE)]).await;
    let line = exposed(&alice).join(", ");
    let track = body_text(alice).await;
    for (name, value) in [
        ("tracks-exposure", "delay=t1"),
        ("tracks", "delay=t1"),
        ("x-tracks", "delay/t1"),
        ("cookie", "tracks=delay=t1; delay=t1; tracks-exposure=t1"),
    ] {
        let response = visit(layer(), &[("cookie", ALICE), (name, value)]).await;
        assert_eq!(exposed(&response), [&*line], "{name}");
        assert_eq!(body_text(response).await, track, "{name}");
    }
}

/// The names of sets and tracks are the program's, and a new key is the server's.
#[tokio::test]
async fn no_part_of_a_request_is_in_the_response() {
    let marked = "xMARKEDx\", evil=1; Domain=evil.example";
    for cookie in [
        format!("__Host-tracks={marked}"),
        format!("__Host-tracks=; {marked}={marked}"),
        format!("id={marked}"),
    ] {
        for name in ["cookie", "tracks-exposure", "referer", "host", "x-marked"] {
            let sources = [KeySource::cookie("id"), VisitorCookie::default().into()];
            let layer = TracksLayer::new(always("delay")).key(sources);
            let response = visit(layer, &[("cookie", &cookie), (name, marked)]).await;
            assert_eq!(exposed(&response), ["delay=on"]);
            assert!(!format!("{:?}", response.headers()).contains("MARKED"));
        }
    }
}

#[tokio::test]
async fn no_key_is_in_the_response() {
    let sources = [
        KeySource::cookie("id"),
        KeySource::trusted_header(HeaderName::from_static("x-user")),
        VisitorCookie::default().into(),
    ];
    for header in [("cookie", "id=SECRET"), ("x-user", "SECRET")] {
        let response = visit(layer().key(sources.clone()), &[header]).await;
        assert_eq!(exposed(&response).len(), 1);
        assert!(!format!("{:?}", response.headers()).contains("SECRET"));
    }
    let response = visit(layer(), &[("cookie", ALICE)]).await;
    assert!(!format!("{:?}", response.headers()).contains("AAECAw"));
}

#[tokio::test]
async fn a_user_agent_is_all_that_makes_a_bot() {
    let said = [(USER_AGENT.as_str(), BROWSER)];
    assert_eq!(exposed(&visit(layer(), &said).await).len(), 1);
    let said = [(USER_AGENT.as_str(), "a bot")];
    assert!(exposed(&visit(layer(), &said).await).is_empty());
}

#[tokio::test]
async fn a_cleared_cookie_is_not_issued_again_at_once() {
    let handler = async |assignment: Assignment| {
        assert!(assignment.track().is_some());
        let clear = VisitorCookie::default().clear();
        [(SET_COOKIE, clear.unwrap())]
    };
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer());
    for headers in [&[][..], &[("cookie", ALICE)]] {
        let response = send(app.clone(), "GET", "/", headers).await;
        let [cleared] = cookies(response.headers())[..] else {
            panic!("{:?}", response.headers())
        };
        assert!(cleared.starts_with("__Host-tracks=; "), "{cleared}");
        assert!(cleared.contains("Max-Age=0"), "{cleared}");
    }
}

/// Returns the text of all files below a folder.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let text = |path: std::path::PathBuf| match path.is_dir() {
        true => sources(&path),
        false => fs::read_to_string(path).unwrap_or_default(),
    };
    entries.map(text).collect()
}

#[test]
fn each_test_of_the_document_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let sources = sources(&root.join("tests/it")) + &sources(&root.join("src"));
    let quoted = document.split('`').skip(1).step_by(2);
    let is_test = |text: &&str| text.contains("::") && text.starts_with(char::is_lowercase);
    let tests: Vec<&str> = quoted.filter(is_test).collect();
    assert!(tests.len() > 20, "{tests:?}");
    for test in tests {
        let name = test.rsplit("::").next().unwrap();
        assert!(sources.contains(&format!("fn {name}(")), "{test}");
    }
}
