//! Who asks, whose key it is, and what is no request.

use axum::routing::get;
use http::request::Parts;
use serde_json::{Value, json};
use tower_tracks::{
    Assignments, Consent, Exclusion, FromParts, KeySource, SimpleTrackSet,
    middleware::{KeySources, Propagation},
    ofrep::Ofrep,
    testing::FixedClock,
};

use super::*;

#[derive(Clone, Default)]
struct Customer {
    is_vip: bool,
    has_agreed: Option<bool>,
}

impl FromParts for Customer {
    fn from_parts(parts: &Parts) -> Self {
        parts.extensions.get().cloned().unwrap_or_default()
    }
}

#[tokio::test]
async fn a_browser_cannot_choose_its_key() {
    let clock = FixedClock::new(noon());
    let layer = layer(delay(), observed(), &clock).key(KeySource::cookie("id"));
    let app = router(&layer);
    let own = browse(&app, "id=alice").await;
    for key in 0..50 {
        let context = json!({ "targetingKey": key.to_string() });
        let other = ask(&app, ALL, &[("cookie", "id=alice")], context).await;
        assert_eq!(other.body, own.body);
    }
}

#[tokio::test]
async fn nobody_is_told_nothing() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let app = router(&layer(delay(), observed.clone(), &clock));
    let wrong = [("authorization", "Bearer servize")];
    for path in [
        ALL,
        EXPOSURES,
        &format!("{ALL}/delay"),
        &format!("{ALL}/unknown"),
    ] {
        let answer = post(
            &app,
            path,
            &wrong,
            r#"{"context": {"targetingKey": "alice"}}"#,
        )
        .await;
        assert_eq!(
            (answer.status.as_u16(), answer.body),
            (401, Value::Null),
            "{path}"
        );
    }
    assert_eq!(observed.take().len(), 0);
}

#[tokio::test]
async fn the_context_of_a_service_reaches_the_closures_of_the_layer() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let set = SimpleTrackSet::new("pricing")
        .without_control()
        .track("cheap", 49)
        .eligible(|customer: &Customer| !customer.is_vip);
    let layer = layer(set.build().unwrap(), observed.clone(), &clock)
        .exclude(Exclusion::default().when(|parts| parts.headers.contains_key("x-load-test")))
        .consent(|parts| {
            let customer = parts.extensions.get::<Customer>();
            match customer.and_then(|customer| customer.has_agreed) {
                Some(true) => Consent::Granted,
                Some(false) => Consent::Denied,
                None => Consent::Ephemeral,
            }
        });
    let ofrep = Ofrep::new(&layer).context(|context| Customer {
        is_vip: context.boolean("vip").unwrap_or_default(),
        has_agreed: context.boolean("agreed"),
    });
    let app = served(ofrep);
    let path = format!("{ALL}/pricing");
    let ask = async |headers: &[(&str, &str)], context: Value| {
        let mut headers = headers.to_vec();
        headers.push(SERVICE);
        let answer = ask(&app, &path, &headers, context).await;
        let reason = answer.body["metadata"]["reason"]
            .as_str()
            .unwrap()
            .to_owned();
        (reason, observed.take().len())
    };
    let agreed = json!({ "targetingKey": "alice", "agreed": true });
    let bucketed = || "bucketed".to_owned();
    assert_eq!(ask(&[], agreed.clone()).await, (bucketed(), 1));
    // The user agent of a service says nothing of the visitor.
    assert_eq!(
        ask(&[("user-agent", "python-requests/2.32")], agreed.clone()).await,
        (bucketed(), 1)
    );
    let vip = json!({ "targetingKey": "alice", "agreed": true, "vip": true });
    assert_eq!(ask(&[], vip).await, ("ineligible".to_owned(), 0));
    let denied = json!({ "targetingKey": "alice", "agreed": false });
    assert_eq!(ask(&[], denied).await, ("no-consent".to_owned(), 0));
    let silent = json!({ "targetingKey": "alice" });
    assert_eq!(ask(&[], silent).await, (bucketed(), 0));
    let excluded = ask(&[("x-load-test", "1")], agreed.clone()).await;
    assert_eq!(excluded, ("excluded".to_owned(), 0));
    // A browser says nothing about itself.
    let context = json!({ "targetingKey": "", "vip": true, "agreed": true });
    let answer = super::ask(&app, ALL, &[], context).await;
    // Without consent its key is for this request alone, and another track would come at the next fetch.
    let silent = answer.flag("pricing");
    assert_eq!(
        silent["metadata"],
        json!({ "phase": 1, "reason": "ephemeral" })
    );
    assert_eq!(
        (&silent["variant"], silent.get("value")),
        (&json!(""), None)
    );
}

#[tokio::test]
async fn each_kind_of_key_is_named() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let discount = SimpleTrackSet::new("discount")
        .track("five", 5)
        .unit_kind("user");
    // The layer itself has no source of users.
    let layer = layer(delay(), observed.clone(), &clock)
        .and(discount.build().unwrap())
        .unwrap();
    let app = router(&layer);
    let context = json!({ "targetingKey": "alice", "user": 42 });
    let path = format!("{ALL}/discount");
    ask(&app, &path, &[SERVICE], context.clone()).await;
    let exposures = observed.take();
    assert_eq!(exposures[0].unit_kind(), "user");
    assert_eq!(exposures[0].key().unwrap().as_bytes(), b"42");
    // Alone, the `targetingKey` is no user's, unless it is said so.
    let alone = json!({ "targetingKey": "42" });
    assert_eq!(
        ask(&app, &path, &[SERVICE], alone.clone()).await.status,
        400
    );
    let by_user = served(Ofrep::new(&layer).targeting_key("user"));
    assert_eq!(
        ask(&by_user, &path, &[SERVICE], alone.clone()).await.status,
        200
    );
    assert_eq!(observed.take()[0].key().unwrap().as_bytes(), b"42");
    let missing = ask(&by_user, &format!("{ALL}/delay"), &[SERVICE], alone).await;
    assert_eq!(missing.body["errorCode"], "TARGETING_KEY_MISSING");
    assert!(
        missing.body["errorDetails"]
            .as_str()
            .unwrap()
            .contains("`visitor`")
    );
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_a_code() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let app = router(&layer(delay(), observed.clone(), &clock));
    let long = format!(
        r#"{{"context": {{"targetingKey": "a", "x": "{}"}}}}"#,
        "x".repeat(70_000)
    );
    let long_key = format!(
        r#"{{"context": {{"targetingKey": "{}"}}}}"#,
        "x".repeat(1025)
    );
    let deep = "[".repeat(10_000);
    for (body, code) in [
        ("{", "PARSE_ERROR"),
        ("[]", "PARSE_ERROR"),
        ("7", "PARSE_ERROR"),
        ("\u{0}", "PARSE_ERROR"),
        (&*deep, "PARSE_ERROR"),
        (&*long, "PARSE_ERROR"),
        (r#"{"context": 1}"#, "INVALID_CONTEXT"),
        (r#"{"context": {"targetingKey": ""}}"#, "INVALID_CONTEXT"),
        (r#"{"context": {"targetingKey": 1.5}}"#, "INVALID_CONTEXT"),
        (r#"{"context": {"targetingKey": ["a"]}}"#, "INVALID_CONTEXT"),
        (&*long_key, "INVALID_CONTEXT"),
        (r#"{"context": {}}"#, "TARGETING_KEY_MISSING"),
        (
            r#"{"context": {"targetingKey": null}}"#,
            "TARGETING_KEY_MISSING",
        ),
        (r#"{"context": null}"#, "TARGETING_KEY_MISSING"),
        ("{}", "TARGETING_KEY_MISSING"),
        ("", "TARGETING_KEY_MISSING"),
    ] {
        for path in [ALL.to_owned(), format!("{ALL}/delay")] {
            let answer = post(&app, &path, &[SERVICE], body.to_owned()).await;
            let found = (answer.status.as_u16(), &answer.body["errorCode"]);
            assert_eq!(found, (400, &json!(code)), "{body:.80}");
            assert!(!answer.body.to_string().contains("xxxx"));
        }
    }
    for name in ["unknown", "Delay", "%00", "a%2Fb", "%FF"] {
        let answer = post(&app, &format!("{ALL}/{name}"), &[SERVICE], "{}").await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["errorCode"]),
            (404, &json!("FLAG_NOT_FOUND"))
        );
    }
    assert_eq!(observed.take().len(), 0);
}

#[tokio::test]
async fn a_browser_may_say_nothing() {
    let clock = FixedClock::new(noon());
    let layer = layer(delay(), observed(), &clock).key(KeySource::cookie("id"));
    let app = router(&layer);
    let own = browse(&app, "id=alice").await;
    for body in [
        "",
        "{}",
        r#"{"context": {}}"#,
        r#"{"context": null, "more": [1]}"#,
    ] {
        let answer = post(&app, ALL, &[("cookie", "id=alice")], body).await;
        assert_eq!(answer.body, own.body);
    }
}

#[tokio::test]
async fn browsers_see_what_they_may() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed, &clock).and(banner()).unwrap();
    let app = served(Ofrep::new(&layer.key(KeySource::cookie("id"))).browsers_see(["banner"]));
    let names = |answer: &Answer| {
        let flags = answer.body["flags"].as_array().unwrap().iter();
        let names = flags.map(|flag| flag["key"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&browse(&app, "id=alice").await), ["banner"]);
    let one = post(&app, &format!("{ALL}/delay"), &[], "{}").await;
    let unknown = post(&app, &format!("{ALL}/unknown"), &[], "{}").await;
    assert_eq!((one.status, unknown.status), (unknown.status, one.status));
    assert_eq!(one.body["errorCode"], "FLAG_NOT_FOUND");
    assert_eq!(one.body["errorDetails"], unknown.body["errorDetails"]);
    let context = json!({ "targetingKey": "alice" });
    let by_service = ask(&app, ALL, &[SERVICE], context).await;
    assert_eq!(names(&by_service), ["delay", "banner"]);
    assert_eq!(ask_for(&app, "delay", "alice").await.status, 200);
}

#[tokio::test]
async fn a_browser_passes_on_no_header() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let propagation = Propagation::new(SECRET).unwrap();
    let of_bob = layer(delay(), observed.clone(), &clock)
        .key(KeySource::cookie("id"))
        .propagate(propagation.clone());
    let page = get(async |tracks: Assignments| {
        let header = tracks.propagated(["delay"]).unwrap();
        header.to_str().unwrap().to_owned()
    });
    let page = Router::new().route("/", page).layer(of_bob);
    let own = layer(delay(), observed.clone(), &clock);
    let accepting = own.clone().key(KeySource::cookie("id"));
    let by_source = KeySource::propagated(propagation.clone(), "visitor");
    let by_source = own.key(KeySources::from(vec![by_source, KeySource::cookie("id")]));
    for layer in [accepting.accept_propagated(propagation), by_source] {
        let app = router(&layer);
        let alice = browse(&app, "id=alice").await;
        for key in 0..20 {
            let cookie = format!("id={key}");
            let cookie = [("cookie", &*cookie)];
            let response = crate::support::send(page.clone(), "GET", "/", &cookie).await;
            let header = crate::support::body_text(response).await;
            let baggage = format!("other=1, tracks={header}");
            for passed in [("tracks-propagation", &*header), ("baggage", &*baggage)] {
                let headers = [("cookie", "id=alice"), passed];
                let answer = post(&app, ALL, &headers, "{}").await;
                assert_eq!(answer.body, alice.body);
            }
        }
    }
}

#[tokio::test]
async fn a_service_may_pass_on_the_header_of_the_one_that_called_it() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let propagation = Propagation::new(SECRET).unwrap();
    let first = layer(delay(), observed.clone(), &clock)
        .key(KeySource::cookie("id"))
        .propagate(propagation.clone());
    let read = get(async |tracks: Assignments| {
        let track = tracks.get("delay").unwrap().track().unwrap().to_owned();
        let header = tracks.propagated(["delay"]).unwrap();
        format!("{track} {}", header.to_str().unwrap())
    });
    let pass = get(async |tracks: Assignments| {
        let header = tracks.propagated(["delay"]).unwrap();
        format!("- {}", header.to_str().unwrap())
    });
    let pages = Router::new().route("/read", read).route("/pass", pass);
    let pages = pages.layer(first);
    let second = layer(delay(), observed.clone(), &clock).accept_propagated(propagation);
    let app = router(&second);
    let path = format!("{ALL}/delay");
    for (page, counted_first) in [("/read", 1), ("/pass", 0)] {
        for key in 0..30 {
            let key = key.to_string();
            let cookie = format!("id={key}");
            let response =
                crate::support::send(pages.clone(), "GET", page, &[("cookie", &cookie)]).await;
            let body = crate::support::body_text(response).await;
            let (_, header) = body.split_once(' ').unwrap();
            assert_eq!(observed.take().len(), counted_first);
            let headers = [SERVICE, ("tracks-propagation", header)];
            let context = json!({ "targetingKey": "the header is believed, and not this" });
            let answer = ask(&app, &path, &headers, context).await;
            assert_eq!(
                answer.body["variant"],
                delay().assign(&*key, &()).track().unwrap()
            );
            // Each reading once, by whoever came first.
            assert_eq!(observed.take().len(), 1 - counted_first);
            assert_eq!(post(&app, &path, &headers, "{}").await.body, answer.body);
            assert_eq!(observed.take().len(), 1 - counted_first);
        }
    }
    // Without a header and without a key, nobody is asked for.
    assert_eq!(post(&app, &path, &[SERVICE], "{}").await.status, 400);
}
