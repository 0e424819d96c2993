//! Receipts that clients send back: what they count, and what they cannot.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tower_tracks::{
    Consent, Holdout, Key, KeySource, SimpleTrackSet, Units,
    ofrep::Ofrep,
    record::Recorder,
    store::{Memory, Store},
    testing::FixedClock,
};

use super::*;

fn unit(key: &str) -> tower_tracks::unit::Unit {
    units(SECRET).unit("visitor", &Key::from(key))
}

#[tokio::test]
async fn a_receipt_counts_what_was_read() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed.clone(), &clock)
        .and(banner())
        .unwrap()
        .key(KeySource::cookie("id"));
    let app = router(&layer);
    for key in 0..100 {
        let key = key.to_string();
        let answer = browse(&app, &format!("id={key}")).await;
        let sent = send_back(&app, &[answer.receipt("delay")]).await;
        assert_eq!(sent.body, json!({ "counted": 1, "refused": [] }));
        let exposures = observed.take();
        let sets = delay();
        let choice = sets.assign(&*key, &());
        assert_eq!(names(&exposures), [choice.to_string()]);
        assert_eq!(exposures[0].unit(), Some(unit(&key)));
        assert_eq!((exposures[0].key(), exposures[0].at()), (None, noon()));
        assert_eq!(exposures[0].choice().coin(), choice.coin());
        assert_eq!(
            (exposures[0].outcome(), exposures[0].is_new()),
            (None, false)
        );
    }
}

#[tokio::test]
async fn a_reading_has_its_own_time() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let app = router(&layer(delay(), observed.clone(), &clock).key(KeySource::cookie("id")));
    let answer = browse(&app, "id=alice").await;
    let receipt = answer.receipt("delay");
    clock.advance(Duration::from_secs(10));
    let begin = noon() - Duration::from_secs(43_200);
    for (ago, at) in [
        (json!(350), noon() + Duration::from_millis(9_650)),
        (json!(0.5), noon() + Duration::from_micros(9_999_500)),
        (json!(-5), noon() + Duration::from_secs(10)),
        // Nothing was read before the receipt could be issued.
        (json!(1e12), begin),
        (json!(1e300), noon() + Duration::from_secs(10)),
    ] {
        let body = json!({ "exposures": [{ "receipt": receipt, "ago": ago }] });
        let sent = post(&app, EXPOSURES, &[], body.to_string()).await;
        assert_eq!(sent.body["counted"], 1);
        assert_eq!(observed.take()[0].at(), at, "{ago}");
    }
}

#[tokio::test]
async fn a_replay_is_the_same_fact() {
    let store = std::sync::Arc::new(Memory::default());
    let units = units(SECRET);
    let recorder = Recorder::builder(units.clone());
    let recorder = recorder
        .store(std::sync::Arc::clone(&store))
        .start()
        .unwrap();
    let layer = TracksLayer::new(delay())
        .observe(recorder.clone())
        .key(KeySource::cookie("id"));
    let app = router(&layer);
    let answer = browse(&app, "id=alice").await;
    let receipt = answer.receipt("delay");
    for _ in 0..3 {
        let sent = send_back(&app, &[receipt, receipt]).await;
        assert_eq!(sent.body, json!({ "counted": 2, "refused": [] }));
    }
    // A page of the server counts the same visitor in the same track.
    ask_for(&app, "delay", "alice").await;
    let _ = recorder.shutdown(Duration::from_secs(10)).await;
    let history = store
        .history(units.unit("visitor", &Key::from("alice")))
        .unwrap();
    assert_eq!(history.exposures.len(), 1);
}

#[tokio::test]
async fn a_receipt_of_another_visitor_counts_for_that_visitor_alone() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let app = router(&layer(delay(), observed.clone(), &clock).key(KeySource::cookie("id")));
    let of_alice = browse(&app, "id=alice").await;
    let body = json!({ "exposures": [{ "receipt": of_alice.receipt("delay") }] });
    post(
        &app,
        EXPOSURES,
        &[("cookie", "id=mallory")],
        body.to_string(),
    )
    .await;
    assert_eq!(observed.take()[0].unit(), Some(unit("alice")));
}

#[tokio::test]
async fn a_receipt_shows_no_unit() {
    let clock = FixedClock::new(noon());
    let set = SimpleTrackSet::new("delay")
        .track("short", 500)
        .segment("device", |_: &()| "mobile");
    let layer = layer(set.build().unwrap(), observed(), &clock)
        .and(banner())
        .unwrap();
    let app = router(&layer.key(KeySource::cookie("id")));
    let bytes = |receipt: &str| {
        let payload = receipt.split('.').nth(1).unwrap();
        URL_SAFE_NO_PAD.decode(payload).unwrap()
    };
    let answer = browse(&app, "id=alice").await;
    let ours = [answer.receipt("delay"), answer.receipt("banner")].map(bytes);
    let alice = unit("alice").to_bytes();
    for receipt in &ours {
        assert!(!receipt.windows(16).any(|bytes| bytes == alice));
        assert!(!receipt.windows(6).any(|bytes| bytes == b"mobile"));
    }
    // Nor can two receipts be known as those of one visitor, or of one set.
    let bob = bytes(browse(&app, "id=bob").await.receipt("delay"));
    clock.advance(Duration::from_secs(86_400));
    let tomorrow = bytes(browse(&app, "id=alice").await.receipt("delay"));
    for other in [&ours[1], &bob, &tomorrow] {
        let same = ours[0]
            .iter()
            .zip(other)
            .filter(|(one, other)| one == other);
        assert!(same.count() < 10, "{other:?}");
    }
}

#[tokio::test]
async fn receipts_are_of_the_first_observer_with_a_secret() {
    let clock = FixedClock::new(noon());
    let store = std::sync::Arc::new(Memory::default());
    let recorder = Recorder::builder(Units::raw()).store(std::sync::Arc::clone(&store));
    let raw = recorder.start().unwrap();
    let observed = observed();
    let layer = TracksLayer::new(delay())
        .key(KeySource::cookie("id"))
        .clock(clock.clock())
        .observe(raw.clone())
        .observe(Recording(observed.clone(), units(SECRET)));
    let app = router(&layer);
    let answer = browse(&app, "id=alice").await;
    send_back(&app, &[answer.receipt("delay")]).await;
    assert_eq!(observed.take()[0].unit(), Some(unit("alice")));
    // In raw units, it would be of another unit than what the server's pages count.
    let _ = raw.shutdown(Duration::from_secs(10)).await;
    assert!(store.phases().unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_receipt_is_refused() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let own = layer(delay(), observed.clone(), &clock).key(KeySource::cookie("id"));
    let app = router(&own);
    let answer = browse(&app, "id=alice").await;
    let receipt = answer.receipt("delay").to_owned();
    let other_secret = units("another secret of sixteen");
    let other = TracksLayer::new(delay())
        .observe(Recording(observed.clone(), other_secret))
        .clock(clock.clock())
        .key(KeySource::cookie("id"));
    let by_other = browse(&router(&other), "id=alice").await;
    let recorder = Recorder::builder(units(SECRET));
    let recorder = recorder.store(Memory::default()).start().unwrap();
    let of_conversion = recorder.receipt(&[(&Key::from("alice")).into()]).unwrap();
    let mut forged = vec![
        String::new(),
        "v1.".to_owned(),
        "v1..".to_owned(),
        receipt.replace("v1.", "v2."),
        receipt.replace("v1.", ""),
        format!("{receipt}A"),
        format!("{receipt}="),
        receipt[..receipt.len() - 1].to_owned(),
        by_other.receipt("delay").to_owned(),
        of_conversion,
        "v1.".repeat(5_000),
    ];
    for at in 3..receipt.len() {
        let mut bytes = receipt.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        forged.push(String::from_utf8(bytes).unwrap());
    }
    for forged in &forged {
        let sent = send_back(&app, &[forged]).await;
        let refused = json!({ "counted": 0, "refused": [{ "index": 0, "reason": "invalid" }] });
        assert_eq!(sent.body, refused, "{forged}");
    }
    assert_eq!(observed.take().len(), 0);
    // One that is wrong keeps no other from being counted.
    let sent = send_back(&app, &["wrong", &receipt]).await;
    assert_eq!(sent.body["counted"], 1);
    assert_eq!(
        sent.body["refused"],
        json!([{ "index": 0, "reason": "invalid" }])
    );
}

#[tokio::test]
async fn a_receipt_expires_after_one_to_two_periods() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed.clone(), &clock).key(KeySource::cookie("id"));
    let app = served(Ofrep::new(&layer).receipts_last(Duration::from_secs(3600)));
    clock.advance(Duration::from_secs(1800));
    let answer = browse(&app, "id=alice").await;
    let receipt = answer.receipt("delay");
    clock.advance(Duration::from_secs(5399));
    assert_eq!(send_back(&app, &[receipt]).await.body["counted"], 1);
    clock.advance(Duration::from_secs(1));
    let sent = send_back(&app, &[receipt]).await;
    assert_eq!(
        sent.body["refused"],
        json!([{ "index": 0, "reason": "expired" }])
    );
    assert_eq!(observed.take().len(), 1);
}

#[tokio::test]
async fn a_receipt_of_a_set_that_changed_is_refused() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let app = |sets| {
        let layer = layer(sets, observed.clone(), &clock);
        router(&layer.key(KeySource::cookie("id")))
    };
    let answer = browse(&app(delay()), "id=alice").await;
    let receipt = answer.receipt("delay");
    let set = || {
        SimpleTrackSet::new("delay")
            .track("short", 500)
            .track("long", 2000)
    };
    for changed in [
        set().phase(2),
        set().track_weight("long", 2),
        set().track("longer", 4000),
        set().unit_kind("user"),
    ] {
        let sent = send_back(&app(changed.build().unwrap()), &[receipt]).await;
        assert_eq!(
            sent.body["refused"],
            json!([{ "index": 0, "reason": "changed" }])
        );
    }
    // A page that was loaded before a set got another name is still counted.
    let renamed = SimpleTrackSet::new("delays")
        .formerly("delay")
        .track("short", 500)
        .track("long", 2000);
    let sent = send_back(&app(renamed.build().unwrap()), &[receipt]).await;
    assert_eq!(sent.body["counted"], 1);
    assert_eq!(observed.take()[0].set(), "delays");
    // Who takes part may change, and a set that is paused was read before.
    let smaller = layer(set().share(0.1).build().unwrap(), observed.clone(), &clock);
    smaller.pauses().pause("delay").unwrap();
    assert_eq!(
        send_back(&router(&smaller), &[receipt]).await.body["counted"],
        1
    );
}

#[tokio::test]
async fn a_holdout_is_counted_with_its_sets() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    for (share, expected) in [(0.0, vec!["delay", "q4"]), (1.0, vec!["q4"])] {
        let layer = layer(delay(), observed.clone(), &clock)
            .holdout(Holdout::new("q4", share))
            .unwrap()
            .key(KeySource::cookie("id"));
        let app = router(&layer);
        let answer = browse(&app, "id=alice").await;
        assert_eq!(
            send_back(&app, &[answer.receipt("delay")]).await.body["counted"],
            1
        );
        let exposures = observed.take();
        let sets: Vec<_> = exposures.iter().map(Exposure::set).collect();
        assert_eq!(sets, expected);
        ask_for(&app, "delay", "alice").await;
        assert_eq!(names(&observed.take()), names(&exposures));
    }
}

#[tokio::test]
async fn who_does_not_take_part_is_not_counted() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed.clone(), &clock)
        .key(KeySource::cookie("id"))
        .consent(|parts| match parts.headers.contains_key("x-denied") {
            true => Consent::Denied,
            false => Consent::Granted,
        });
    let app = router(&layer);
    let answer = browse(&app, "id=alice").await;
    let body = json!({ "exposures": [{ "receipt": answer.receipt("delay") }] }).to_string();
    let sent = post(&app, EXPOSURES, &[("x-denied", "1")], body.clone()).await;
    assert_eq!(
        sent.body["refused"],
        json!([{ "index": 0, "reason": "excluded" }])
    );
    assert_eq!(observed.take().len(), 0);
    // A service sends those of its visitors who take part. What its own request says is not about them.
    let headers = [SERVICE, ("user-agent", "curl/8.0"), ("x-denied", "1")];
    assert_eq!(
        post(&app, EXPOSURES, &headers, body).await.body["counted"],
        1
    );
}

#[tokio::test]
async fn no_request_has_too_much() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed.clone(), &clock).key(KeySource::cookie("id"));
    let app = served(Ofrep::new(&layer).receipts_per_second(300));
    let mut receipts = Vec::new();
    for key in 0..256 {
        let answer = browse(&app, &format!("id={key}")).await;
        receipts.push(answer.receipt("delay").to_owned());
    }
    let receipts: Vec<_> = receipts.iter().map(String::as_str).collect();
    assert_eq!(send_back(&app, &vec![receipts[0]; 257]).await.status, 400);
    // What is no receipt, and one again and again, leave the others their part.
    for repeated in ["wrong", receipts[0]] {
        for _ in 0..3 {
            let sent = send_back(&app, &vec![repeated; 256]).await;
            assert_eq!(sent.status, 200);
        }
    }
    assert_eq!(observed.take().len(), 3);
    let mut answers = Vec::new();
    for _ in 0..20 {
        answers.push(send_back(&app, &receipts).await);
    }
    let counted = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    assert_eq!(refused.header("retry-after"), "1");
    assert!(counted >= 1);
    assert_eq!(observed.take().len(), 256 * counted);
    for body in [
        "",
        "{}",
        "[]",
        r#"{"exposures": 1}"#,
        r#"{"exposures": [{}]}"#,
        r#"{"exposures": ["a"]}"#,
    ] {
        let answer = post(&app, EXPOSURES, &[], body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["errorCode"]),
            (400, &json!("PARSE_ERROR"))
        );
    }
    let long = format!(
        r#"{{"exposures": [{{"receipt": "{}"}}]}}"#,
        "x".repeat(70_000)
    );
    assert_eq!(post(&app, EXPOSURES, &[], long).await.status, 400);
    assert_eq!(observed.take().len(), 0);
}
