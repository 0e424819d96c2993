//! Keys from cookies that the application's own jar reads.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing::get as on_get};
use axum_extra::extract::CookieJar;
use tower_cookies::{CookieManagerLayer, Cookies};
use tower_tracks::{
    Assignment, Key, KeySource, TracksLayer, Units,
    record::Recorder,
    store::{
        AskedGoal, Attribute, ErasedRow, Measure, Memory, PhaseName, Question, Store, Timestamp,
    },
};

use crate::support::{Observed, always, send};

/// Returns the values of the cookie `uid` by both jars, which are one; and the key.
async fn read(cookie: &str) -> (Option<String>, Option<String>) {
    let observed = Observed::default();
    let source = KeySource::cookie("uid").percent_decoded();
    let layer = TracksLayer::new(always("delay"))
        .key([source, KeySource::random()])
        .observe(observed.clone());
    let handler = async |jar: CookieJar, cookies: Cookies, assignment: Assignment| {
        assignment.track();
        let first = jar.get("uid").map(|cookie| cookie.value().to_owned());
        let second = cookies.get("uid").map(|cookie| cookie.value().to_owned());
        assert_eq!(first, second);
        first.unwrap_or("(none)".to_owned())
    };
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    let app = app.layer(CookieManagerLayer::new());
    let response = send(app, "GET", "/", &[("cookie", cookie)]).await;
    assert_eq!(response.status(), 200);
    let value = crate::support::body_text(response).await;
    let told = observed.take();
    let key = told[0].key().map(|key| key.as_bytes().to_vec());
    let key = key.map(|key| String::from_utf8(key).unwrap());
    (Some(value).filter(|value| value != "(none)"), key)
}

#[tokio::test]
async fn the_key_is_what_jars_return() {
    for (cookie, value) in [
        ("uid=anna%40shop.example", "anna@shop.example"),
        ("uid=%C5%91r", "\u{151}r"),
        ("uid=%2540", "%40"),
        ("uid=a+b", "a+b"),
        ("uid=\"anna\"", "\"anna\""),
        ("uid=%22anna%22", "\"anna\""),
        ("uid = anna ; x=1", "anna"),
        ("uid=a=b", "a=b"),
        ("uid=anna; uid=bela", "bela"),
        ("uid=bela; uid=%FF", "bela"),
        ("uid=; uid=bela", "bela"),
        ("UID=anna; uid=bela; uidx=1", "bela"),
    ] {
        let (jar, key) = read(cookie).await;
        assert_eq!(jar.as_deref(), Some(value), "{cookie}");
        assert_eq!(key, jar, "{cookie}");
    }
}

#[tokio::test]
async fn invalid_values_are_no_key() {
    let long = format!("uid={}", "%41".repeat(1025));
    for (cookie, jar) in [
        ("uid=anna; uid=", Some("")),
        ("uid=%FF", None),
        ("uid=%zz", Some("%zz")),
        ("uid=100%", Some("100%")),
        ("x=1", None),
        (&*long, Some(&*"A".repeat(1025))),
    ] {
        let (value, key) = read(cookie).await;
        assert_eq!((value.as_deref(), key), (jar, None), "{cookie}");
    }
}

/// A handler and a job know the visitor by what their jar returns.
#[tokio::test]
async fn a_decoded_id_finds_its_unit() {
    let store = Arc::new(Memory::default());
    let recorder = Recorder::builder(Units::raw()).store(store.clone());
    let recorder = recorder.start().unwrap();
    let layer = TracksLayer::new(always("delay"))
        .key(KeySource::cookie("uid").percent_decoded())
        .observe(recorder.clone());
    let handler = async |assignment: Assignment| assignment.to_string();
    let app = Router::new().route("/", on_get(handler)).layer(layer);
    let cookie = ("cookie", "uid=anna%40shop.example");
    send(app, "GET", "/", &[cookie]).await;
    let anna = Key::from("anna@shop.example");
    recorder
        .reached(&anna, "purchase")
        .once("order 17")
        .unwrap();
    recorder.shutdown(Duration::from_secs(5)).wait();

    let goal = tower_tracks::Goal::new("purchase").unwrap();
    let phase = PhaseName {
        set: "delay".into(),
        phase: 1,
        kind: "visitor".into(),
    };
    let later = Timestamp::now().plus(Duration::from_secs(1));
    let goal = AskedGoal::new(goal, Measure::Rate);
    let question = Question::new(phase, later).goal(goal);
    let answer = store.attribute(&question).unwrap().unwrap();
    let cells = answer.goals[0].cells.values();
    let converters: u64 = cells.map(|cells| cells.all().unwrap().converters).sum();
    assert_eq!(converters, 1);

    let unit = Units::raw().unit("visitor", &anna);
    let history = store.history(unit).unwrap();
    assert_eq!((history.exposures.len(), history.conversions.len()), (1, 1));
    let at = Timestamp::now();
    assert_eq!(store.erase(ErasedRow::new(unit, at)).unwrap(), 3);
    assert!(store.history(unit).unwrap().exposures.is_empty());
}

/// Returns whether each `%` of a line is followed by two hexadecimal digits.
fn has_whole_escapes(line: &str) -> bool {
    let mut behind = line.split('%').skip(1);
    behind.all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[tokio::test]
async fn the_key_is_that_of_the_jars_whatever_a_client_sends() {
    let pieces = [
        "uid=", "uid=", "; ", ";", " ", "%41", "%C5%91", "%FF", "%", "%4", "\"", "=", "a", "x=1",
    ];
    let (mut state, mut keys) = (7_u64, 0);
    for _ in 0..2_000 {
        let mut line = "uid=".to_owned();
        for _ in 0..8 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            line.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let (jar, key) = read(&line).await;
        keys += usize::from(key.is_some());
        match key {
            Some(_) => assert_eq!(key, jar, "{line:?}"),
            None => {
                let is_key = jar.is_some_and(|value| !value.is_empty());
                assert!(!is_key || !has_whole_escapes(&line), "{line:?}");
            }
        }
    }
    assert!(keys > 500, "{keys}");
}
