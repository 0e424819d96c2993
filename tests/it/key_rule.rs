//! What a key is: the same at every place where one comes in.

use std::time::{Duration, SystemTime};

use axum::{Extension, Router, body::Body, routing::get};
use http::{HeaderName, HeaderValue, request::Parts};
use tower::ServiceExt;
use tower_tracks::{
    Assignment, Exposure, Goal, Key, KeySource, Observe, TracksLayer, Units,
    event::{Alias, Conversion, GoalError},
    files::Import,
    record::Recorder,
    store::Memory,
    testing::Exposures,
};

use crate::{
    cli::{Ran, SECRET, record as record_sqlite, tracks_of},
    import::check_bad,
    sinks::Folder,
    support::{always, request},
};

/// Keys by their length, and whether they are valid.
const TABLE: [(usize, bool); 4] = [(0, false), (1, true), (1024, true), (1025, false)];

#[derive(Clone)]
struct Id(String);

/// Returns whether this id becomes the key of a request; otherwise the next source has the key.
async fn is_taken(source: KeySource, id: &str) -> bool {
    let exposures = Exposures::default();
    let layer = TracksLayer::new(always("delay"))
        .key([source, KeySource::cookie("next")])
        .observe(exposures.clone());
    let app = Router::new()
        .route(
            "/",
            get(async |assignment: Assignment| assignment.to_string()),
        )
        .layer(layer)
        .layer(Extension(Id(id.to_owned())));
    let mut request = request::<Body>("GET", "/", &[("cookie", "next=next")]);
    let value = |text: &str| HeaderValue::from_str(text).unwrap();
    let headers = request.headers_mut();
    headers.insert("x-id", value(id));
    headers.append("cookie", value(&format!("id={id}")));
    app.oneshot(request).await.unwrap();
    let told = exposures.take();
    let key = told[0].key().unwrap().as_bytes();
    assert!(key == id.as_bytes() || key == b"next", "{key:?}");
    key == id.as_bytes()
}

fn of_extension(parts: &Parts) -> Option<Key<'static>> {
    parts.extensions.get().map(|Id(id)| Key::display(id))
}

#[tokio::test]
async fn every_source_skips_invalid_keys() {
    for (len, valid) in TABLE {
        let id = "x".repeat(len);
        for source in [
            KeySource::extension(|Id(id): &Id| id.clone()),
            KeySource::extension(|Id(id): &Id| Some(Key::display(id))),
            KeySource::from_fn(of_extension),
            KeySource::cookie("id"),
            KeySource::trusted_header(HeaderName::from_static("x-id")),
        ] {
            let shown = format!("{source:?}");
            assert_eq!(is_taken(source, &id).await, valid, "{shown}, {len}");
        }
    }
    let parts = |parts: [&'static str; 2]| KeySource::from_fn(move |_| Some(Key::parts(parts)));
    assert!(!is_taken(parts(["", ""]), "0:,0:,").await);
    assert!(is_taken(parts(["", "x"]), "0:,1:x,").await);
}

/// The guest is in the track, but not recorded as a unit.
#[tokio::test]
async fn a_pinned_request_with_an_invalid_id_has_no_key() {
    for (len, valid) in TABLE {
        let exposures = Exposures::default();
        let layer = TracksLayer::new(always("delay"))
            .key(KeySource::extension(|Id(id): &Id| id.clone()))
            .observe(exposures.clone());
        let layer = layer.pin("delay", "on").unwrap();
        let handler = async |assignment: Assignment| assignment.to_string();
        let app = Router::new().route("/", get(handler)).layer(layer);
        let app = app.layer(Extension(Id("x".repeat(len))));
        app.oneshot(request::<Body>("GET", "/", &[])).await.unwrap();
        assert_eq!(exposures.take()[0].key().is_some(), valid, "{len}");
    }
}

#[test]
fn invalid_keys_are_not_recorded() {
    let (now, delay) = (SystemTime::now(), always("delay"));
    for (len, valid) in TABLE {
        let recorder = Recorder::builder(Units::raw()).store(Memory::default());
        let recorder = recorder.start().unwrap();
        let key = Key::from("x".repeat(len));
        let exposure = Exposure::new(delay.assign(&key, &()), key.clone(), now);
        assert_eq!(exposure.is_some(), valid);

        let told = recorder
            .reached(("user", &key), "purchase")
            .once("order 17");
        let refused = Err(GoalError::Key { len });
        assert_eq!(told, if valid { Ok(()) } else { refused });

        // An observer cannot refuse: events with an invalid key count as lost.
        let goal = Goal::new("purchase").unwrap();
        recorder.conversion(&Conversion::new(&key, goal, now));
        recorder.alias(&Alias::new(Key::from("alice"), "user", key.clone(), now));
        let tallies = recorder.shutdown(Duration::from_secs(5)).wait();
        let dropped: u64 = tallies.iter().map(|(_, tally)| tally.dropped).sum();
        assert_eq!(dropped, if valid { 0 } else { 2 }, "{len}");
    }
}

#[test]
fn commands_refuse_invalid_keys() {
    let folder = Folder::new();
    let store = folder.join("store.sqlite");
    record_sqlite(&store, Units::pseudonym(SECRET).unwrap(), |_| {});
    for (len, valid) in TABLE {
        let key = "x".repeat(len);
        let erase = ["erase", "user", "--yes", "--key", &key];
        let ran = Ran::of(tracks_of(&store, &erase).env("TRACKS_SECRET", SECRET));
        let said = format!("the key has {len} bytes: a key is 1 to 1024 bytes");
        assert_eq!(ran.err.contains(&said), !valid, "{ran:?}");
        assert_eq!(ran.exit, if valid { 0 } else { 2 }, "{ran:?}");
    }
}

#[test]
fn an_import_refuses_lines_with_invalid_keys() {
    for (len, valid) in TABLE {
        let key = "x".repeat(len);
        let unit = Units::raw().unit("user", &Key::from(&key));
        let id = "00".repeat(16);
        let line = format!(
            r#"{{"v":1,"type":"conversion","at":1000000,"goal":"purchase","kind":"user","unit":"{unit}","id":"{id}","value":0,"key":"{key}"}}"#
        );
        let import = Import::json_lines(line.as_bytes());
        let imported = import.into_store(&Memory::default()).unwrap();
        let expected = "its key is not 1 to 1024 bytes long, and not only of empty parts";
        let refused = [(1, expected)];
        check_bad(&imported, &refused[usize::from(valid)..]);
    }
}
