//! What is said about the set-up, once.

use std::{cell::RefCell, io, sync::Once};

use axum::{Router, routing::get as on_get};
use tower_tracks::{Assignment, Assignments, KeySource, TracksLayer};

use crate::support::{always, layer, send};

thread_local! {
    /// What was logged on this thread, which is one test's.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct ThreadLog;

impl io::Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Log;

impl Log {
    /// Collects what this thread logs.
    ///
    /// There is one subscriber for all threads: `tracing` may take a callsite for disabled that is
    /// met first by a thread without one.
    fn start() -> Self {
        static SUBSCRIBER: Once = Once::new();
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_ansi(false)
                .with_writer(|| ThreadLog);
            tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
        });
        LOG.with_borrow_mut(Vec::clear);
        Self
    }

    fn count(&self, text: &str) -> usize {
        let log = LOG.with_borrow(|log| String::from_utf8(log.clone()).unwrap());
        let is_warning = |line: &&str| line.contains("WARN tower_tracks") && line.contains(text);
        log.lines().filter(is_warning).count()
    }
}

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

#[tokio::test]
async fn a_type_that_no_set_carries() {
    let log = Log::start();
    visit_thrice(layer(always("delay")), "shop.example").await;
    assert_eq!(
        log.count("no set of this layer carries a `alloc::string::String`"),
        1
    );
    assert_eq!(log.count("carries a `u8`"), 0);
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
    assert_eq!(log.count("the observer panicked"), 1);
}

#[tokio::test]
async fn a_unit_that_has_no_key() {
    let log = Log::start();
    let set = tower_tracks::SimpleTrackSet::new("discount")
        .unit("user")
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
        .unit("user")
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

/// A typo in a number's type is found by both names.
#[tokio::test]
async fn a_type_beside_the_one_that_is_carried() {
    let log = Log::start();
    let delay = tower_tracks::SimpleTrackSet::new("delay").track("long", 2000_i32);
    let handler = async |assignment: Assignment| assert!(assignment.value::<i64>().is_none());
    let app: Router = Router::new().route("/", on_get(handler));
    let app = app.layer(layer(delay.build().unwrap()));
    send(app, "GET", "/", &[]).await;
    let message = "no set of this layer carries a `i64`, so no track ever has one; there are `i32`";
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
    assert_eq!(log.count("a handler asks for \"delya\""), 1);
    assert_eq!(log.count("there are `banner`, `delay`"), 1);
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
            log.count("the goal \"purchase\" was reached, and nobody"),
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
        log.count("the set \"delay\" has no track beside control"),
        1
    );
    assert_eq!(log.count("beside control"), 1);
}

#[cfg(feature = "record")]
#[test]
fn a_recorder_without_a_sink() {
    use tower_tracks::{
        Units,
        record::{Memory, Recorder},
    };

    let log = Log::start();
    Recorder::builder(Units::raw())
        .store(Memory::default())
        .start()
        .unwrap();
    assert_eq!(log.count("the recorder has no sink"), 0);
    Recorder::builder(Units::raw()).start().unwrap();
    assert_eq!(log.count("the recorder has no sink"), 1);
}

/// In a process of its own, in which nobody collects events.
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
        line.contains("no set of this layer carries a `alloc::string::String`"),
        "{line}"
    );
}

#[tokio::test]
#[ignore = "run by `without_a_subscriber_warnings_are_on_standard_error`, in a process of its own"]
async fn in_a_process_without_a_subscriber() {
    visit_thrice(layer(always("delay")), "shop.example").await;
}
