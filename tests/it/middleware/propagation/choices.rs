//! What a service makes of a choice that was passed to it.

use std::time::{Duration, Instant};

use axum::{Router, routing::get as on_get};
use http::header::CACHE_CONTROL;
use tower_tracks::{
    Assignment, Assignments, MultiTrackSet, SimpleTrackSet, TracksLayer,
    control::{Controls, MemoryLog},
};

use super::{Service, ask_with, behind, counted, delay, first, key_in, made, three};
use crate::support::{body_text, send};

/// Passes the choice of a key in `delay` to a service, which reads it.
async fn pass(to: TracksLayer, from: &MultiTrackSet, key: &str) -> (String, Vec<String>) {
    let next = Service::new(to).reads(&["delay"]);
    let service = Service::new(first(from.clone())).asks(&["delay"], &next);
    let answer = service.get_as(key).await;
    let theirs = answer.split_once(" > ").unwrap().1;
    let theirs = theirs.strip_suffix(" []").unwrap().to_owned();
    (theirs, counted(&next.observed))
}

#[tokio::test]
async fn another_definition_keeps_the_track_and_is_not_counted() {
    let key = key_in(&delay(), "long");
    for (what, set) in [
        ("phase", three("delay").phase(2)),
        ("salt", three("delay").salt("other")),
        ("weights", three("delay").track_weight("long", 3)),
        ("tracks", three("delay").track("longer", 3000)),
    ] {
        let layer = behind(set.build().unwrap());
        let (answer, exposures) = pass(layer, &delay(), &key).await;
        assert_eq!(answer, "delay/long []", "{what}");
        assert!(exposures.is_empty(), "{what}: {exposures:?}");
    }
}

#[tokio::test]
async fn a_track_that_is_missing_is_the_code_path_of_control() {
    let key = key_in(&delay(), "long");
    let set = SimpleTrackSet::new("delay").track("short", 500);
    let (answer, exposures) = pass(behind(set.build().unwrap()), &delay(), &key).await;
    assert_eq!((&*answer, exposures.len()), ("(ineligible) []", 0));
}

#[tokio::test]
async fn eligibility_and_share_are_those_of_the_first_service() {
    let key = key_in(&delay(), "long");
    let closed = three("delay").eligible(|(): &()| false);
    for set in [three("delay").share(0.0).build(), closed.build()] {
        let (answer, exposures) = pass(behind(set.unwrap()), &delay(), &key).await;
        assert_eq!(answer, "delay/long [delay=long]");
        assert_eq!(exposures, [format!("delay/long {key}")]);
    }
    let outside = three("delay").share(0.0).build().unwrap();
    let (answer, exposures) = pass(behind(delay()), &outside, &key).await;
    assert_eq!((&*answer, exposures.len()), ("delay (outside-share) []", 0));
    let closed = three("delay").eligible(|(): &()| false).build().unwrap();
    let (answer, exposures) = pass(behind(delay()), &closed, &key).await;
    assert_eq!((&*answer, exposures.len()), ("(ineligible) []", 0));
}

#[tokio::test]
async fn a_renamed_set_is_the_same_set() {
    let key = key_in(&delay(), "long");
    let renamed = || {
        let set = three("page-delay").formerly("delay");
        set.build().unwrap()
    };
    let next = Service::new(behind(renamed())).reads(&["page-delay"]);
    for sets in [delay(), renamed()] {
        let service = Service::new(first(sets)).asks(&["delay"], &next);
        let answer = service.get_as(&key).await;
        assert!(
            answer.ends_with("page-delay/long [page-delay=long] []"),
            "{answer}"
        );
        assert_eq!(counted(&next.observed), [format!("page-delay/long {key}")]);
    }
}

#[tokio::test]
async fn a_pause_of_any_service_applies() {
    let key = key_in(&delay(), "long");
    let layer = behind(delay());
    layer.pauses().pause("delay").unwrap();
    let (answer, exposures) = pass(layer, &delay(), &key).await;
    assert_eq!((&*answer, exposures.len()), ("delay (paused) []", 0));

    let next = Service::new(behind(delay())).reads(&["delay"]);
    let layer = first(delay());
    layer.pauses().pause("delay").unwrap();
    let service = Service::new(layer).asks(&["delay"], &next);
    let expected = "delay (paused) > delay (paused) [] []";
    assert_eq!(service.get_as(&key).await, expected);
    assert!(counted(&next.observed).is_empty());
}

#[tokio::test]
async fn a_pin_of_a_test_applies() {
    let layer = behind(delay()).pin("delay", "short").unwrap();
    let (answer, _) = pass(layer, &delay(), &key_in(&delay(), "long")).await;
    assert_eq!(answer, "delay/short [delay=short]");
}

#[tokio::test]
async fn a_track_that_is_shipped_here_waits_for_the_first_service() {
    let controls = Controls::builder(MemoryLog::default()).every(Duration::from_millis(10));
    let controls = controls.start().unwrap();
    let layer = behind(delay()).controls(&controls);
    let set = controls.set("delay").unwrap();
    set.ship("short", "alice", "it won").unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while set.state().shipped.is_none() {
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let key = key_in(&delay(), "long");
    let (answer, exposures) = pass(layer.clone(), &delay(), &key).await;
    assert_eq!(answer, "delay/long [delay=long]");
    assert_eq!(exposures.len(), 1);

    // A request without a header gets the shipped track, and a shipped track is passed.
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let service = Service::new(layer).asks(&["delay"], &next);
    let answer = service.get_as(&key).await;
    assert_eq!(answer, "delay/short > delay/short [] []");
    assert!(counted(&next.observed).is_empty());
}

#[tokio::test]
async fn coin_and_segment_are_passed() {
    let set = || {
        let set = three("delay").segment("device", |parts: &http::request::Parts| {
            if parts.headers.contains_key("x-mobile") {
                "mobile"
            } else {
                "desktop"
            }
        });
        set.build().unwrap()
    };
    let shown = async |delay: Assignment| {
        let choice = delay.peek();
        let has_digest = choice.digest().is_some();
        format!("{:?} {:?} {has_digest}", choice.coin(), choice.segment())
    };
    let next = Router::new().route("/", on_get(shown)).layer(behind(set()));
    for number in 0..20 {
        let cookie = format!("id=visitor-{number}");
        let coin = delay().assign(format!("visitor-{number}"), &()).coin();
        for (header, segment) in [("x-mobile", "mobile"), ("x-other", "desktop")] {
            let headers = [("cookie", &*cookie), (header, "1")];
            let value = made(first(set()), &headers, &["delay"]).await;
            let response = ask_with(next.clone(), &value).await;
            let expected = format!("{coin:?} {:?} false", Some(segment));
            assert_eq!(body_text(response).await, expected);
        }
    }
}

/// The group chooses one of its sets, and the next service has only one of them, or both.
#[tokio::test]
async fn a_set_that_a_group_did_not_choose_is_not_chosen_behind_it() {
    let group = || {
        let group = MultiTrackSet::builder().name("group");
        let group = group.add(three("delay")).add(three("banner"));
        group.build().unwrap()
    };
    let mut seen = [0, 0];
    for number in 0..20 {
        let key = format!("visitor-{number}");
        let choice = group().assign(key.as_str(), &()).to_string();
        let is_delay = choice.starts_with("delay");
        seen[usize::from(is_delay)] += 1;

        let next = Service::new(behind(delay())).reads(&["delay"]);
        let service = Service::new(first(group())).asks(&["delay"], &next);
        let answer = service.get_as(&key).await;
        let theirs = if is_delay { &*choice } else { "(ineligible)" };
        assert!(
            answer.starts_with(&format!("{choice} > {theirs} [")),
            "{answer}"
        );
        assert_eq!(counted(&next.observed).len(), usize::from(is_delay));

        let asks: [&'static [&'static str]; 3] = [&["delay"], &["delay", "banner"], &["banner"]];
        for asks in asks {
            let next = Service::new(behind(group())).reads(&["group"]);
            let service = Service::new(first(group())).asks(asks, &next);
            let answer = service.get_as(&key).await;
            assert!(
                answer.starts_with(&format!("{choice} > {choice} [")),
                "{answer}"
            );
            assert_eq!(counted(&next.observed), [format!("{choice} {key}")]);
        }
    }
    assert!(seen.iter().all(|seen| *seen > 0));
}

#[tokio::test]
async fn a_page_of_a_passed_choice_is_never_shared() {
    let page = async |delay: Assignment| ([(CACHE_CONTROL, "public")], delay.to_string());
    let layer = behind(delay()).key(tower_tracks::KeySource::cookie("id"));
    let next = Router::new().route("/", on_get(page)).layer(layer);
    let value = made(first(delay()), &[("cookie", "id=a")], &["delay"]).await;
    let response = ask_with(next.clone(), &value).await;
    assert_eq!(response.headers()[CACHE_CONTROL], "private");
    // Nor one without the header, which a cache would serve to a request with it.
    let response = send(next, "GET", "/", &[("cookie", "id=a")]).await;
    assert_eq!(response.headers()[CACHE_CONTROL], "private");
}

#[tokio::test]
async fn nested_layers_pass_their_sets_together() {
    let banner = || three("banner").build().unwrap();
    let last = Service::new(behind(delay()).and(banner()).unwrap());
    let last = last.reads(&["delay", "banner"]);
    let router = last.router();
    let handler =
        async move |tracks: Assignments| super::ask(router, &tracks, &["delay", "banner"]).await;
    let inner = tower_tracks::TracksLayer::new(delay()).key(tower_tracks::KeySource::cookie("id"));
    let app = Router::new()
        .route("/", on_get(handler))
        .layer(inner)
        .layer(first(banner()));
    let response = send(app, "GET", "/", &[("cookie", "id=a")]).await;
    let [delay, banner] = [delay(), banner()].map(|set| set.assign("a", &()).to_string());
    assert!(
        body_text(response)
            .await
            .starts_with(&format!("{delay} {banner} ["))
    );
    assert_eq!(
        counted(&last.observed),
        [format!("{delay} a"), format!("{banner} a")]
    );
}
