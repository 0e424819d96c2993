//! What is answered for each choice, and that it is the choice of the layer.

use axum::{Router, routing::get};
use serde::Serialize;
use serde_json::{Value, json};
use tower_tracks::{
    Assignments, Exclusion, Group, Holdout, KeySource, MultiTrackSet, ParamTrackSet,
    SimpleTrackSet, TracksLayer, Units,
    middleware::{Force, KeySources, Override},
    ofrep::Ofrep,
    testing::FixedClock,
};

use super::*;

#[derive(Debug, Serialize)]
struct Price {
    euros: i64,
    label: &'static str,
}

#[tokio::test]
async fn a_service_gets_the_track_of_a_key_and_is_counted() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed.clone(), &clock);
    let app = router(&layer);
    for key in 0..300 {
        let key = format!("key {key}");
        let sets = delay();
        let expected = sets.assign(&*key, &());
        let answer = ask_for(&app, "delay", &key).await;
        let track = expected.track().unwrap();
        let flag = json!({
            "key": "delay",
            "value": track,
            "reason": "SPLIT",
            "variant": track,
            "metadata": { "phase": 1, "reason": "bucketed" },
        });
        assert_eq!(answer.body, flag);
        assert!(
            answer
                .header("tracks-exposure")
                .starts_with(&format!("delay={track};unit="))
        );
        let exposures = observed.take();
        assert_eq!(names(&exposures), [format!("delay/{track}")]);
        let exposure = &exposures[0];
        assert_eq!(exposure.key().unwrap().as_bytes(), key.as_bytes());
        assert_eq!(exposure.choice().coin(), expected.coin());
        // The evaluation took a while, but that says nothing of the track.
        assert_eq!((exposure.outcome(), exposure.duration()), (None, None));
    }
}

#[tokio::test]
async fn all_flags_at_once_expose_nobody() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed.clone(), &clock)
        .and(banner())
        .unwrap();
    let layer = layer.key(KeySource::cookie("id"));
    let app = router(&layer);
    for key in ["alice", "bob", "carol"] {
        let answer = browse(&app, &format!("id={key}")).await;
        assert_eq!(answer.body["flags"].as_array().unwrap().len(), 2);
        let (delay, banner) = (delay(), banner());
        for (flag, choice) in [
            ("delay", delay.assign(key, &())),
            ("banner", banner.assign(key, &())),
        ] {
            assert_eq!(answer.flag(flag)["variant"], choice.track().unwrap());
        }
        assert!(answer.headers.get("tracks-exposure").is_none());
        let context = json!({ "targetingKey": key });
        let by_service = ask(&app, ALL, &[SERVICE], context).await;
        assert_eq!(by_service.body, answer.body);
    }
    assert_eq!(observed.take().len(), 0);
    // Nor does one flag that a browser asks for.
    let context = json!({ "targetingKey": "bob" });
    let path = format!("{ALL}/delay");
    let one = ask(&app, &path, &[("cookie", "id=alice")], context).await;
    assert_eq!(
        one.body["variant"],
        delay().assign("alice", &()).track().unwrap()
    );
    assert!(one.body["metadata"]["receipt"].is_string());
    assert_eq!(observed.take().len(), 0);
}

#[tokio::test]
async fn a_tag_spares_what_the_client_has() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let layer = layer(delay(), observed, &clock).key(KeySource::cookie("id"));
    let app = router(&layer);
    let first = browse(&app, "id=alice").await;
    let tag = first.header("etag").to_owned();
    let again = async |cookie: &str, tags: &str| {
        let headers = [("cookie", cookie), ("if-none-match", tags)];
        ask(&app, ALL, &headers, json!({ "targetingKey": "" })).await
    };
    for tags in [
        tag.clone(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ] {
        let answer = again("id=alice", &tags).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("etag")),
            (304, &*tag)
        );
    }
    let other = format!("\"{}\"", "0".repeat(32));
    assert_eq!(again("id=alice", &other).await.status, 200);
    assert_eq!(again("id=bob", &tag).await.status, 200);
    // A pause is another answer, and the end of the pause the first.
    layer.pauses().pause("delay").unwrap();
    let paused = again("id=alice", &tag).await;
    let flag = json!({
        "key": "delay",
        "reason": "DISABLED",
        "variant": "",
        "metadata": { "phase": 1, "reason": "paused" },
    });
    assert_eq!((paused.status.as_u16(), paused.flag("delay")), (200, &flag));
    layer.pauses().resume("delay").unwrap();
    assert_eq!(again("id=alice", &tag).await.status, 304);
    // So are receipts that last longer.
    clock.advance(Duration::from_secs(86_400));
    assert_eq!(again("id=alice", &tag).await.status, 200);
}

#[tokio::test]
async fn each_choice_has_its_reason() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let pinned = SimpleTrackSet::new("pinned")
        .track("on", 1)
        .pin_keys([("alice", "on")]);
    let small = SimpleTrackSet::new("small").track("on", 1).share(0.0);
    let vips = SimpleTrackSet::new("vips")
        .track("on", 1)
        .eligible(|is_vip: &bool| *is_vip);
    let prices = MultiTrackSet::builder()
        .add(
            SimpleTrackSet::new("cheaper")
                .without_control()
                .track("on", 1),
        )
        .add(
            SimpleTrackSet::new("dearer")
                .without_control()
                .track("on", 1)
                .weight(0),
        )
        .build()
        .unwrap();
    let users = SimpleTrackSet::new("users")
        .track("on", 1)
        .unit_kind("user");
    let layer = layer(pinned.build().unwrap(), observed.clone(), &clock)
        .and(small.build().unwrap())
        .and_then(|layer| layer.and(Group::new(vips.build().unwrap(), |_| false)))
        .and_then(|layer| layer.and(prices))
        .and_then(|layer| layer.and(users.build().unwrap()))
        .unwrap();
    let layer = layer.key(KeySource::cookie("id"));
    let layer = layer.key_of("user", KeySources::from(vec![]));
    let answer = browse(&router(&layer), "id=alice").await;
    for (flag, reason, variant, ours) in [
        ("pinned", "TARGETING_MATCH", "on", "pinned"),
        ("small", "SPLIT", "", "outside-share"),
        ("vips", "TARGETING_MATCH", "", "ineligible"),
        ("cheaper", "SPLIT", "on", "bucketed"),
        ("dearer", "SPLIT", "", "other-set"),
        ("users", "UNKNOWN", "", "no-key"),
    ] {
        let found = answer.flag(flag);
        assert_eq!(
            (&found["reason"], &found["variant"]),
            (&json!(reason), &json!(variant)),
            "{flag}"
        );
        assert_eq!(found["metadata"]["reason"], ours);
        assert_eq!(found.get("value").is_some(), !variant.is_empty());
        // What would not be counted has no receipt.
        assert_eq!(
            found["metadata"].get("receipt").is_some(),
            flag == "cheaper",
            "{flag}"
        );
    }
    // Where a service names no key of a user, it learns so.
    let missing = ask_for(&router(&layer), "users", "alice").await;
    assert_eq!(missing.status, 400);
    assert_eq!(missing.body["errorCode"], "TARGETING_KEY_MISSING");
    let context = json!({ "targetingKey": "alice" });
    let all = ask(&router(&layer), ALL, &[SERVICE], context).await;
    assert_eq!(all.flag("users")["errorCode"], "TARGETING_KEY_MISSING");
    assert_eq!(all.flag("cheaper")["variant"], "on");
    assert_eq!(observed.take().len(), 0);
}

#[tokio::test]
async fn values_are_what_tracks_carry() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let price = |euros| Price {
        euros,
        label: "per coconut",
    };
    let pricing = SimpleTrackSet::new("pricing")
        .track("cheap", price(49))
        .track("dear", price(51));
    let pricing = pricing.build().unwrap();
    let delays =
        ParamTrackSet::new("delays", [0_u64, 500], |ms| format!("ms-{ms}")).control("ms-0");
    let layer = layer(pricing.clone(), observed, &clock)
        .and(delays.build().unwrap())
        .and_then(|layer| layer.and(banner()))
        .unwrap();
    let ofrep = Ofrep::new(&layer)
        .value::<Price>()
        .and_then(Ofrep::value::<u64>);
    let app = served(ofrep.unwrap());
    let mut seen = std::collections::BTreeSet::new();
    for key in 0..60 {
        let key = key.to_string();
        let context = json!({ "targetingKey": key });
        let answer = ask(&app, ALL, &[SERVICE], context).await;
        let track = pricing.assign(&*key, &()).track().unwrap();
        let expected = match track {
            "cheap" => Some(json!({ "euros": 49, "label": "per coconut" })),
            "dear" => Some(json!({ "euros": 51, "label": "per coconut" })),
            // Control carries nothing: the client's own default.
            _ => None,
        };
        assert_eq!(answer.flag("pricing").get("value"), expected.as_ref());
        let delay = answer.flag("delays");
        assert_eq!(delay["variant"], format!("ms-{}", delay["value"]));
        // Its type is not sent, so it is the name of the track.
        assert_eq!(
            answer.flag("banner")["value"],
            answer.flag("banner")["variant"]
        );
        seen.insert(track.to_owned());
    }
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn a_former_name_is_still_asked_for() {
    let clock = FixedClock::new(noon());
    let set = SimpleTrackSet::new("page-delay")
        .formerly("delay")
        .track("short", 500);
    let layer = layer(set.build().unwrap(), observed(), &clock);
    let answer = ask_for(&router(&layer), "delay", "alice").await;
    assert_eq!(
        (&answer.body["key"], answer.status.as_u16()),
        (&json!("delay"), 200)
    );
    let of_new = ask_for(&router(&layer), "page-delay", "alice").await;
    assert_eq!(of_new.body["variant"], answer.body["variant"]);
    // A page that was loaded before the change looks into the list by the former name.
    let all = ask(
        &router(&layer),
        ALL,
        &[SERVICE],
        json!({ "targetingKey": "alice" }),
    )
    .await;
    for name in ["page-delay", "delay"] {
        assert_eq!(all.flag(name)["variant"], answer.body["variant"]);
        assert_eq!(all.flag(name)["metadata"], all.flag("delay")["metadata"]);
    }
}

#[tokio::test]
async fn holdouts_bots_and_forced_tracks_are_those_of_the_layer() {
    let (observed, clock) = (observed(), FixedClock::new(noon()));
    let overrides = Override::new(SECRET).unwrap();
    let layer = layer(delay(), observed.clone(), &clock)
        .holdout(Holdout::new("q4", 1.0))
        .unwrap()
        .key(KeySource::cookie("id"))
        .overrides(overrides.clone());
    let app = router(&layer);
    let held = browse(&app, "id=alice").await;
    assert_eq!(
        held.body["flags"].as_array().unwrap().len(),
        1,
        "a holdout is no flag"
    );
    assert_eq!(held.flag("delay")["metadata"]["reason"], "held-out");
    assert_eq!(held.flag("delay")["variant"], "");
    // A reading by a service is an exposure to the holdout.
    ask_for(&app, "delay", "alice").await;
    assert_eq!(observed.texts(), ["q4/held-out"]);

    let force = Force::new("delay", "long", noon() + Duration::from_secs(60));
    let token = overrides.mint(&force).unwrap();
    let path = format!("{ALL}?tracks={token}");
    let body = body_for(&app, &path, BROWSER).await;
    assert_eq!(body["flags"][0]["variant"], "long");
    assert_eq!(
        body["flags"][0]["metadata"],
        json!({ "phase": 1, "reason": "forced" })
    );

    let body = body_for(&app, ALL, "Googlebot/2.1").await;
    assert_eq!(
        body["flags"][0]["metadata"],
        json!({ "phase": 1, "reason": "bot" })
    );
}

/// Returns the answer to a browser of Alice with this user agent.
async fn body_for(app: &Router, path: &str, agent: &str) -> Value {
    let headers = [("user-agent", agent), ("cookie", "id=alice")];
    let response = crate::support::send(app.clone(), "POST", path, &headers).await;
    serde_json::from_str(&crate::support::body_text(response).await).unwrap()
}

#[tokio::test]
async fn a_page_and_its_front_end_have_one_new_visitor() {
    let clock = FixedClock::new(noon());
    let layer = layer(delay(), observed(), &clock);
    let page = get(async |tracks: Assignments| {
        let delay = tracks.get("delay").unwrap();
        delay.track().unwrap().to_owned()
    });
    // The router is inside its own layer here.
    let app: Router = Router::new()
        .route("/", page)
        .merge(router(&layer))
        .layer(layer);
    let first = ask(&app, ALL, &[], json!({ "targetingKey": "" })).await;
    let cookies: Vec<_> = first.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let cookie = cookies[0].to_str().unwrap().split(';').next().unwrap();
    let request = Request::get("/")
        .header("user-agent", BROWSER)
        .header("cookie", cookie);
    let response = app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert!(response.headers().get("set-cookie").is_none());
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    assert_eq!(
        first.flag("delay")["variant"],
        str::from_utf8(&body).unwrap()
    );
}

#[tokio::test]
async fn a_set_without_secret_has_no_receipts() {
    let layer = TracksLayer::new(delay()).key(KeySource::cookie("id"));
    let raw = Recording(observed(), Units::raw());
    for layer in [
        layer.clone(),
        layer.clone().units(units(SECRET)),
        layer.observe(raw),
    ] {
        let app = router(&layer.exclude(Exclusion::none()));
        let answer = browse(&app, "id=alice").await;
        assert_eq!(answer.flag("delay")["metadata"].get("receipt"), None);
        let sent = send_back(&app, &["v1.AAAA.AAAAAAAAAAAAAAAAAAAAAA"]).await;
        assert_eq!(
            sent.body["refused"],
            json!([{ "index": 0, "reason": "invalid" }])
        );
    }
}
