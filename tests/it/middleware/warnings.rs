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

/// Files of sinks and stores that were there before.
#[cfg(all(unix, feature = "sqlite"))]
#[test]
fn keys_that_everybody_may_read_are_reported() {
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
    };

    use tower_tracks::{
        Units,
        record::{JsonLines, Recorder, Sqlite},
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
