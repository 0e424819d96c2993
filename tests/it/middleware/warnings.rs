//! Warnings about the set-up, each logged once.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

use axum::{Router, routing::get as on_get};
use http::header::CACHE_CONTROL;
use tower_tracks::{
    Assignment, Assignments, KeySource, TracksLayer, VisitorCookie, middleware::Clock,
};

use crate::{
    log::Log,
    support::{always, layer, send},
};

async fn visit_thrice(layer: TracksLayer, host: &str) {
    let handler = async |assignment: Assignment| {
        assignment.track();
        assignment.value::<String>();
    };
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    for _ in 0..3 {
        send(app.clone(), "GET", "/", &[("host", host)]).await;
    }
}

#[tokio::test]
async fn a_secure_cookie_to_a_loopback_host() {
    for host in [
        "localhost",
        "localhost:3000",
        "127.0.0.1:3000",
        "[::1]",
        "[::1]:3000",
    ] {
        let log = Log::start();
        visit_thrice(TracksLayer::new(always("delay")), host).await;
        assert_eq!(log.count("VisitorCookie::plain()"), 1, "{host}");
    }
    for host in [
        "shop.example",
        "localhost.example:80",
        "127.evil.example",
        "10.0.0.1",
        "[fe80::1]",
    ] {
        let log = Log::start();
        visit_thrice(TracksLayer::new(always("delay")), host).await;
        assert_eq!(log.count("VisitorCookie::plain()"), 0, "{host}");
    }
    let log = Log::start();
    let plain = TracksLayer::new(always("delay")).key(tower_tracks::VisitorCookie::plain());
    visit_thrice(plain, "localhost").await;
    assert_eq!(log.count("VisitorCookie::plain()"), 0);
}

/// The signed-in user, which a layer of the application adds to the request.
#[derive(Clone)]
struct SignedIn(u64);

#[tokio::test]
async fn a_key_that_is_set_inside_the_layer() {
    let sources = || {
        let user = KeySource::extension(|user: &SignedIn| user.0);
        [user, KeySource::visitor(VisitorCookie::plain())]
    };
    let tracks = || TracksLayer::new(always("delay")).key(sources());
    let handler = async |assignment: Assignment| {
        assignment.track();
    };
    let app = || Router::<()>::new().route("/", on_get(handler));
    let late = "the key of the unit \"visitor\" is in the extension";
    let auth = || axum::Extension(SignedIn(7));

    let log = Log::start();
    let inside = app().layer(auth()).layer(tracks());
    for _ in 0..3 {
        send(inside.clone(), "GET", "/", &[]).await;
    }
    assert_eq!(log.count(late), 1);
    assert_eq!(log.count("SignedIn"), 1);

    let log = Log::start();
    let outside = app().layer(tracks()).layer(auth());
    send(outside, "GET", "/", &[]).await;
    send(app().layer(tracks()), "GET", "/", &[]).await;
    assert_eq!(
        log.count(late),
        0,
        "the layer is outside, and no user signed in"
    );
}

/// An earlier source has a key, so a late one does not matter.
#[tokio::test]
async fn a_key_that_nobody_waits_for() {
    let user = KeySource::extension(|user: &SignedIn| user.0);
    let tracks = TracksLayer::new(always("delay")).key([KeySource::cookie("uid"), user]);
    let handler = async |assignment: Assignment| {
        assignment.track();
    };
    let app = Router::<()>::new().route("/", on_get(handler));
    let app = app.layer(axum::Extension(SignedIn(7))).layer(tracks);
    let log = Log::start();
    send(app.clone(), "GET", "/", &[("cookie", "uid=3")]).await;
    assert_eq!(log.count("is in the extension"), 0);
    send(app, "GET", "/", &[]).await;
    assert_eq!(log.count("is in the extension"), 1);
}

#[tokio::test]
async fn a_type_that_no_set_carries() {
    let log = Log::start();
    visit_thrice(layer(always("delay")), "shop.example").await;
    assert_eq!(log.count("no set carries a `alloc::string::String`"), 1);
    assert_eq!(log.count("carries a `u8`"), 0);
}

#[tokio::test]
async fn a_request_without_user_agent_is_reported_once() {
    for (agent, times) in [(Some(""), 1), (None, 1), (Some("Googlebot/2.1"), 0)] {
        let log = Log::start();
        let app: Router = Router::new().route("/", on_get(async || {}));
        let app = app.layer(layer(always("delay")));
        for _ in 0..3 {
            let request = http::Request::get("/");
            let request = agent.iter().fold(request, |request, agent| {
                request.header("user-agent", *agent)
            });
            let request = request.body(axum::body::Body::empty()).unwrap();
            tower::ServiceExt::oneshot(app.clone(), request)
                .await
                .unwrap();
        }
        let remedy = ".exclude(Exclusion::default().without_agent(false))";
        assert_eq!(log.count(remedy), times, "{agent:?}");
    }
}

#[tokio::test]
async fn an_observer_that_panics() {
    let log = Log::start();
    let panics = |_: &tower_tracks::Exposure| panic!("by the observer");
    visit_thrice(
        TracksLayer::new(always("delay")).observe(panics),
        "shop.example",
    )
    .await;
    assert_eq!(log.count("an observer panicked"), 1);
}

#[tokio::test]
async fn a_unit_that_has_no_key() {
    let log = Log::start();
    let set = tower_tracks::SimpleTrackSet::new("discount")
        .unit_kind("user")
        .track("five", 5);
    let layer = TracksLayer::new(set.build().unwrap())
        .key(KeySource::cookie("id"))
        .key_of("usre", KeySource::cookie("user"));
    visit_thrice(layer, "shop.example").await;
    assert_eq!(log.count(".key_of(\"user\", …)"), 1);
}

#[tokio::test]
async fn a_secure_cookie_for_a_group_that_is_not_the_first() {
    let log = Log::start();
    let set = tower_tracks::SimpleTrackSet::new("discount")
        .unit_kind("user")
        .track("five", 5);
    let layer = TracksLayer::new(set.build().unwrap())
        .key_of("user", KeySource::cookie("id"))
        .and(always("delay"))
        .unwrap();
    let handler = async |all: Assignments| drop(all.get("delay").unwrap().to_string());
    let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
    send(app, "GET", "/", &[("host", "localhost")]).await;
    assert_eq!(log.count("VisitorCookie::plain()"), 1);
}

#[tokio::test]
async fn a_set_in_two_nested_layers() {
    let log = Log::start();
    let handler = async |assignment: Assignment| drop(assignment.to_string());
    let app: Router = Router::new()
        .route("/", on_get(handler))
        .layer(layer(always("delay")));
    let app = app.layer(layer(always("delay")));
    for _ in 0..3 {
        send(app.clone(), "GET", "/", &[]).await;
    }
    assert_eq!(log.count("the set \"delay\" is in two nested layers"), 1);
}

#[tokio::test]
async fn a_type_of_an_outer_layer_is_carried() {
    let log = Log::start();
    let handler = async |all: Assignments| {
        all.iter()
            .for_each(|one| assert!(one.value::<&str>().is_none_or(|blue| *blue == "#00f")));
    };
    let banner = tower_tracks::SimpleTrackSet::new("banner").track("blue", "#00f");
    let app: Router = Router::new()
        .route("/", on_get(handler))
        .layer(layer(always("delay")));
    let app = app.layer(layer(banner.build().unwrap()));
    send(app, "GET", "/", &[]).await;
    assert_eq!(log.count("carries"), 0);
}

/// What a handler says to caches is left for a known visitor, and overruled for a new one.
#[tokio::test]
async fn a_response_that_caches_may_share() {
    let accel = http::HeaderName::from_static("x-accel-expires");
    for (name, value) in [(CACHE_CONTROL, "public"), (accel, "600")] {
        let header = name.clone();
        let handler = async move |assignment: Assignment| {
            assignment.track();
            [(header, value)]
        };
        let layer = TracksLayer::new(always("delay")).key(VisitorCookie::plain());
        let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
        let log = Log::start();
        for cookie in ["tracks=AAECAwQFBgcICQoLDA0ODw", "theme=dark"].repeat(2) {
            let response = send(app.clone(), "GET", "/", &[("cookie", cookie)]).await;
            let is_left = response
                .headers()
                .get(&name)
                .is_some_and(|said| said == value);
            assert_eq!(is_left, cookie.starts_with("tracks"), "{name}");
        }
        assert_eq!(log.count("the layer kept its headers"), 1, "{name}");
        assert_eq!(log.count("the layer made it private"), 1, "{name}");
    }
}

/// Fetches fragments of pages, each some milliseconds after the start, and counts the warnings.
async fn fragments(documents: bool, fetched: &[(&str, &str, u64)]) -> usize {
    let log = Log::start();
    let milliseconds = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&milliseconds);
    let clock = Clock::from_fn(move || {
        SystemTime::UNIX_EPOCH + Duration::from_millis(10_000 + clock.load(Relaxed))
    });
    let cookie = VisitorCookie::plain().documents(documents);
    let layer = TracksLayer::new(always("delay")).key(cookie).clock(clock);
    let app = super::page_load::app(layer);
    for (page, fragment, at) in fetched {
        milliseconds.store(*at, Relaxed);
        let headers = [("sec-fetch-dest", "empty"), ("referer", *page)];
        send(app.clone(), "GET", fragment, &headers).await;
    }
    log.count("VisitorCookie::documents(true)")
}

#[tokio::test]
async fn fragments_of_one_page_that_are_a_visitor_each() {
    let (page, other) = ("http://shop.example/", "http://shop.example/other");
    let many = [
        (page, "/part/1", 0),
        (page, "/part/2", 1),
        (page, "/part/3", 999),
    ];
    assert_eq!(fragments(false, &many).await, 1);
    assert_eq!(fragments(false, &many.repeat(5)).await, 1);
    assert_eq!(fragments(true, &many).await, 0);
    // These may be of several visitors.
    let elsewhere = [
        (page, "/part/1", 0),
        (page, "/part/2", 1),
        (other, "/part/3", 2),
    ];
    assert_eq!(fragments(false, &elsewhere).await, 0);
    let later = [
        (page, "/part/1", 0),
        (page, "/part/2", 1),
        (page, "/part/3", 1000),
    ];
    assert_eq!(fragments(false, &later).await, 0);
    assert_eq!(fragments(false, &[(page, "/part/1", 0); 20]).await, 0);
}

/// Files of sinks and stores that were there before.
#[cfg(unix)]
#[test]
fn keys_that_everybody_may_read_are_reported() {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
    };

    use tower_tracks::{
        Units,
        record::{JsonLines, Recorder},
        store::Sqlite,
    };

    let log = Log::start();
    let folder = crate::sinks::Folder::new();
    let pseudonyms = Units::pseudonym("sixteen random bytes, or more").unwrap();
    let cases = [
        ("open", 0o644, Units::raw(), 1),
        ("closed", 0o640, Units::raw(), 0),
        ("pseudonyms", 0o644, pseudonyms, 0),
    ];
    for (name, mode, units, expected) in cases {
        let paths = ["db", "jsonl"].map(|end| folder.join(format!("{name}.{end}")));
        for path in &paths {
            fs::write(path, "").unwrap();
            fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        }
        let recorder = Recorder::builder(units)
            .store(Sqlite::open(&paths[0]).unwrap())
            .sink(JsonLines::new(&paths[1]));
        drop(recorder.start().unwrap());
        for path in &paths {
            let path = path.to_str().unwrap();
            let count = log.count(&format!("{path} has keys, and every user"));
            assert_eq!(count, expected, "{path}");
        }
    }
}

/// A typo in a number's type is found by both names.
#[tokio::test]
async fn a_type_beside_the_one_that_is_carried() {
    let log = Log::start();
    let delay = tower_tracks::SimpleTrackSet::new("delay").track("long", 2000_i32);
    let handler = async |assignment: Assignment| assert!(assignment.value::<i64>().is_none());
    let app: Router = Router::new().route("/", on_get(handler));
    let app = app.layer(layer(delay.build().unwrap()));
    send(app, "GET", "/", &[]).await;
    let message =
        "no set carries a `i64`, so a handler that reads one gets none; the sets carry `i32`";
    assert_eq!(log.count(message), 1);
}

#[tokio::test]
async fn a_group_that_no_layer_has() {
    let log = Log::start();
    let handler = async |all: Assignments| {
        assert!(all.get("delya").is_none());
        assert!(all.get("delay").is_some() && all.get("banner").is_some());
    };
    let app: Router = Router::new().route("/", on_get(handler));
    let app = app
        .layer(layer(always("delay")))
        .layer(layer(always("banner")));
    for _ in 0..3 {
        send(app.clone(), "GET", "/", &[]).await;
    }
    assert_eq!(log.count("a handler reads the group \"delya\""), 1);
    assert_eq!(log.count("the groups are `banner`, `delay`"), 1);
}

#[tokio::test]
async fn a_goal_that_nobody_observes() {
    for (observed, expected) in [(false, 1), (true, 0)] {
        let log = Log::start();
        let handler = async |goals: tower_tracks::Goals| {
            goals.reached("purchase").once("order 7").unwrap();
        };
        let layer = layer(always("delay"));
        let layer = match observed {
            true => layer.observe(()),
            false => layer,
        };
        let app: Router = Router::new().route("/", on_get(handler)).layer(layer);
        for _ in 0..3 {
            send(app.clone(), "GET", "/", &[("cookie", "id=alice")]).await;
        }
        assert_eq!(
            log.count("the goal \"purchase\" was reached, but the layer has no observer"),
            expected
        );
    }
}

#[tokio::test]
async fn a_set_with_control_alone() {
    let log = Log::start();
    let delay = tower_tracks::SimpleTrackSet::<u8>::new("delay")
        .build()
        .unwrap();
    let layer = layer(delay).and(always("banner")).unwrap();
    visit_thrice(layer, "shop.example").await;
    assert_eq!(
        log.count("the set \"delay\" has no track besides control"),
        1
    );
    assert_eq!(log.count("besides control"), 1);
}

#[test]
fn a_recorder_without_a_sink() {
    use tower_tracks::{Units, record::Recorder, store::Memory};

    let log = Log::start();
    Recorder::builder(Units::raw())
        .store(Memory::default())
        .start()
        .unwrap();
    assert_eq!(log.count("the recorder has no sink"), 0);
    Recorder::builder(Units::raw()).start().unwrap();
    assert_eq!(log.count("the recorder has no sink"), 1);
}

/// In a process of its own, without a subscriber.
#[test]
fn without_a_subscriber_warnings_are_on_standard_error() {
    let test = "middleware::warnings::in_a_process_without_a_subscriber";
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let lines = text
        .lines()
        .filter(|line| line.starts_with("tower-tracks: "));
    let lines: Vec<_> = lines.collect();
    let [line] = lines.as_slice() else {
        panic!("{text}");
    };
    assert!(
        line.contains("no set carries a `alloc::string::String`"),
        "{line}"
    );
}

#[tokio::test]
#[ignore = "run by `without_a_subscriber_warnings_are_on_standard_error`, in a process of its own"]
async fn in_a_process_without_a_subscriber() {
    visit_thrice(layer(always("delay")), "shop.example").await;
}
