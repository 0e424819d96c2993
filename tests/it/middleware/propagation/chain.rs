//! One assignment, and one exposure, whoever reads.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use axum::{Router, routing::get};
use http::Method;
use tower_tracks::{
    Assignments, Consent, Exclusion, Exposure, Goals, Holdout, Key, KeySource, Observe, Reason,
    TracksLayer,
    event::Alias,
    middleware::{Override, Propagation},
    testing::Exposures,
    unit::Subject,
};

use super::{Service, behind, counted, delay, first, key_in, propagation, three};
use crate::{
    log::Log,
    support::{BROWSER, body_text, cookies, send},
};

const BOTH: [&[&str]; 2] = [&[], &["delay"]];

#[tokio::test]
async fn each_request_has_one_assignment_and_is_counted_once() {
    for (first_reads, next_reads) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let next = Service::new(behind(delay())).reads(BOTH[next_reads]);
        let service = Service::new(first(delay())).reads(BOTH[first_reads]);
        let service = service.asks(&["delay"], &next);
        for number in 0..30 {
            let key = format!("visitor-{number}");
            let choice = delay().assign(key.as_str(), &()).to_string();
            let header = choice.replace('/', "=");
            let [ours, theirs] = match (first_reads, next_reads) {
                (1, _) => [&*header, ""],
                (0, 1) => ["", &*header],
                _ => ["", ""],
            };
            let expected = format!("{choice} > {choice} [{theirs}] [{ours}]");
            assert_eq!(service.get_as(&key).await, expected);
            let exposure = format!("{choice} {key}");
            let told = |header: &str| match header {
                "" => vec![],
                _ => vec![exposure.clone()],
            };
            assert_eq!(counted(&service.observed), told(ours));
            assert_eq!(counted(&next.observed), told(theirs));
        }
    }
}

#[tokio::test]
async fn a_service_in_between_passes_on_what_it_does_not_define() {
    let banner = || three("banner").build().unwrap();
    let last = Service::new(behind(banner()).and(delay()).unwrap()).reads(&["banner", "delay"]);
    let middle = Service::new(behind(delay())).reads(&["delay"]);
    let middle = middle.asks(&["banner", "delay"], &last);
    let service = Service::new(first(delay()).and(banner()).unwrap());
    let service = service.asks(&["delay", "banner"], &middle);
    for number in 0..20 {
        let key = format!("visitor-{number}");
        let [delay, banner] =
            [delay(), banner()].map(|set| set.assign(key.as_str(), &()).to_string());
        let [in_delay, in_banner] = [&delay, &banner].map(|choice| choice.replace('/', "="));
        let expected =
            format!("{delay} {banner} > {delay} > {banner} {delay} [{in_banner}] [{in_delay}] []");
        assert_eq!(service.get_as(&key).await, expected);
        assert!(counted(&service.observed).is_empty());
        assert_eq!(counted(&middle.observed), [format!("{delay} {key}")]);
        assert_eq!(counted(&last.observed), [format!("{banner} {key}")]);
    }
}

#[tokio::test]
async fn a_reading_that_is_not_counted_leaves_the_exposure_to_the_next_service() {
    let other = three("delay").phase(2).build().unwrap();
    let last = Service::new(behind(delay())).reads(&["delay"]);
    let middle = Service::new(behind(other)).reads(&["delay"]);
    let middle = middle.asks(&["delay"], &last);
    let service = Service::new(first(delay())).asks(&["delay"], &middle);
    for number in 0..20 {
        let key = format!("visitor-{number}");
        let delay = delay().assign(key.as_str(), &()).to_string();
        service.get_as(&key).await;
        assert!(counted(&middle.observed).is_empty());
        assert_eq!(counted(&last.observed), [format!("{delay} {key}")]);
    }
}

#[tokio::test]
async fn a_new_visitor_gets_the_cookie_of_the_key_that_is_counted() {
    let layer = TracksLayer::new(delay()).propagate(propagation());
    let sets: [&'static [&'static str]; 2] = [&["delay"], &[]];
    for asks in sets {
        let next = Service::new(behind(delay())).reads(&["delay"]);
        let service = Service::new(layer.clone()).asks(asks, &next);
        let response = send(service.router(), "GET", "/", &[]).await;
        let set = cookies(response.headers()).concat();
        assert_eq!(response.headers()["cache-control"], "private");
        let exposures = counted(&next.observed);
        let [exposure] = &*exposures else {
            panic!("{exposures:?}");
        };
        let key = exposure.split(' ').nth(1).unwrap();
        assert!(set.starts_with(&format!("__Host-tracks={key}")), "{set}");
    }
}

#[tokio::test]
async fn keys_alone_are_passed_for_sets_of_the_next_service() {
    let banner = three("banner").unit_kind("user").build().unwrap();
    let next = Service::new(behind(banner.clone())).reads(&["banner"]);
    let layer = first(delay()).key_of("user", KeySource::cookie("user"));
    let service = Service::new(layer).asks(&[], &next);
    let choice = banner.assign("bob", &()).to_string();
    // The layer of the next service has no source of this kind.
    service.get(&[("cookie", "id=a; user=bob")]).await;
    assert_eq!(counted(&next.observed), [format!("{choice} bob")]);
    // Nor has the first one always a user.
    service.get_as("a").await;
    assert!(counted(&next.observed).is_empty());
    let layer = behind(banner.clone()).key_of("user", KeySource::cookie("user"));
    let next = Service::new(layer).reads(&["banner"]);
    let service = Service::new(service.layer).asks(&[], &next);
    service.get(&[("cookie", "id=a; user=bob")]).await;
    assert_eq!(counted(&next.observed), [format!("{choice} bob")]);
}

#[tokio::test]
async fn a_bot_is_a_bot_in_all_services() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let counts = next.layer.counts();
    let service = Service::new(first(delay())).reads(&["delay"]);
    let service = service.asks(&["delay"], &next);
    let headers = [("cookie", "id=a"), ("user-agent", "Googlebot/2.1")];
    assert_eq!(service.get(&headers).await, "(bot) > (bot) [] []");
    assert!(counted(&service.observed).is_empty() && counted(&next.observed).is_empty());
    assert_eq!(counts.excluded(Reason::Bot), 1);
    // A service without a user agent is no bot, if its visitor is none.
    service.get_as("a").await;
    assert_eq!(counts.excluded(Reason::Bot), 1);
    assert_eq!((counts.requests(), counts.refused_propagations()), (2, 0));
}

#[tokio::test]
async fn consent_of_the_first_service_applies_to_all() {
    let key = key_in(&delay(), "long");
    let cookie = format!("id={key}");
    for (consent, expected) in [
        (Consent::Ephemeral, "delay/long > delay/long [] []"),
        (Consent::Denied, "(no-consent) > (no-consent) [] []"),
    ] {
        let next = Service::new(behind(delay())).reads(&["delay"]);
        let layer = first(delay()).consent(move |_| consent);
        let service = Service::new(layer)
            .reads(&["delay"])
            .asks(&["delay"], &next);
        assert_eq!(service.get(&[("cookie", &cookie)]).await, expected);
        assert!(counted(&service.observed).is_empty() && counted(&next.observed).is_empty());
    }
}

/// The key of an ephemeral visitor is drawn anew in each service, but the choice is not.
#[tokio::test]
async fn an_ephemeral_visitor_is_in_one_track() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let service = Service::new(TracksLayer::new(delay()).propagate(propagation()));
    let service = service.asks(&["delay"], &next);
    for _ in 0..20 {
        let answer = service.get(&[("sec-gpc", "1")]).await;
        let (ours, theirs) = answer.trim_end_matches(" [] []").split_once(" > ").unwrap();
        assert_eq!(ours, theirs);
    }
    assert!(counted(&next.observed).is_empty());
}

/// Its exposures have no key, as in the first service.
#[tokio::test]
async fn a_random_key_is_not_passed() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let layer = TracksLayer::new(delay()).key(KeySource::random());
    let service = Service::new(layer.propagate(propagation())).asks(&["delay"], &next);
    for _ in 0..20 {
        let answer = service.get(&[]).await;
        let choice = answer.split(' ').next().unwrap();
        assert!(answer.starts_with(&format!("{choice} > {choice} [")));
        assert_eq!(counted(&next.observed), [format!("{choice} -")]);
    }
}

#[tokio::test]
async fn what_follows_from_a_head_is_not_counted() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let service = Service::new(first(delay())).asks(&[], &next);
    send(
        service.router(),
        Method::HEAD.as_str(),
        "/",
        &[("cookie", "id=a")],
    )
    .await;
    assert!(counted(&next.observed).is_empty());
}

#[tokio::test]
async fn holdouts_are_those_of_the_first_service() {
    let held = |layer: TracksLayer, share| layer.holdout(Holdout::new("q4", share)).unwrap();
    for (share, expected) in [
        (1.0, ["delay (held-out) q4/held-out", "q4/held-out"]),
        (
            0.0,
            ["delay/long q4/taking-part", "q4/taking-part, delay/long"],
        ),
    ] {
        let key = key_in(&delay(), "long");
        // The holdout of the next service would decide otherwise.
        let next = Service::new(held(behind(delay()), 1.0 - share)).reads(&["delay"]);
        let service = Service::new(held(first(delay()), share)).asks(&["delay"], &next);
        let answer = service.get_as(&key).await;
        assert!(
            answer.starts_with(&format!("{0} > {0} [", expected[0])),
            "{answer}"
        );
        // Its weights differ, so its definition does, and it is not counted there.
        let exposures = counted(&next.observed);
        let mut told = expected[1].split(", ").filter(|one| !one.starts_with("q4"));
        assert_eq!(
            exposures,
            told.next()
                .map(|one| format!("{one} {key}"))
                .into_iter()
                .collect::<Vec<_>>()
        );

        let next = Service::new(held(behind(delay()), share)).reads(&["delay"]);
        let middle = Service::new(behind(three("other").build().unwrap()));
        let middle = middle.asks(&["delay"], &next);
        let service = Service::new(held(first(delay()), share)).asks(&["delay"], &middle);
        service.get_as(&key).await;
        let mut exposures = counted(&next.observed);
        exposures.sort();
        let mut told: Vec<_> = expected[1]
            .split(", ")
            .map(|one| format!("{one} {key}"))
            .collect();
        told.sort();
        assert_eq!(exposures, told);
    }
}

#[tokio::test]
async fn a_holdout_that_was_read_is_not_counted_again() {
    let held = |layer: TracksLayer| layer.holdout(Holdout::new("q4", 0.0)).unwrap();
    let next = Service::new(held(behind(delay()))).reads(&["delay"]);
    let banner = three("banner").build().unwrap();
    let layer = held(first(delay()).and(banner).unwrap());
    let service = Service::new(layer).reads(&["banner"]);
    let service = service.asks(&["delay"], &next);
    service.get_as("a").await;
    assert_eq!(counted(&service.observed).len(), 2);
    let choice = delay().assign("a", &()).to_string();
    assert_eq!(counted(&next.observed), [format!("{choice} a")]);
}

/// A holdout of the next service has decided nothing about the set, so it is not exposed.
#[tokio::test]
async fn a_holdout_of_the_next_service_alone_changes_nothing() {
    let layer = behind(delay()).holdout(Holdout::new("q4", 1.0)).unwrap();
    let next = Service::new(layer).reads(&["delay"]);
    let service = Service::new(first(delay())).asks(&["delay"], &next);
    let choice = delay().assign("a", &()).to_string();
    let answer = service.get_as("a").await;
    assert!(answer.starts_with(&format!("{choice} > {choice} q4/held-out [")));
    assert_eq!(counted(&next.observed), [format!("{choice} a")]);
}

#[tokio::test]
async fn a_forced_track_is_forced_in_all_services() {
    let next = Service::new(behind(delay())).reads(&["delay"]);
    let layer = first(delay()).overrides(Override::new(super::SECRET).unwrap());
    let layer = layer.overrides_when(|_| true);
    let service = Service::new(layer).asks(&["delay"], &next);
    for track in ["control", "short", "long"] {
        let path = format!("/?tracks=delay~{track}");
        let response = send(service.router(), "GET", &path, &[("cookie", "id=a")]).await;
        let expected = format!("delay/{track} > delay/{track} []");
        assert_eq!(body_text(response).await, expected);
        assert!(counted(&next.observed).is_empty());
    }
}

#[tokio::test]
async fn a_first_service_ignores_headers() {
    let service = Service::new(first(delay())).reads(&["delay"]);
    let value = super::made(first(delay()), &[("cookie", "id=b")], &["delay"]).await;
    for number in 0..10 {
        let key = format!("visitor-{number}");
        let cookie = format!("id={key}");
        let expected = service.get_as(&key).await;
        let headers = [
            ("cookie", &*cookie),
            ("tracks-propagation", value.to_str().unwrap()),
        ];
        assert_eq!(service.get(&headers).await, expected);
        assert_eq!(counted(&service.observed).len(), 2);
    }
    assert_eq!(service.layer.counts().refused_propagations(), 0);
}

#[tokio::test]
async fn a_key_alone_can_be_a_source() {
    let value = super::made(first(delay()), &[("cookie", "id=bob")], &["delay"]).await;
    let banner = three("banner").build().unwrap();
    let other = Propagation::new("another secret of bytes").unwrap();
    for (propagation, kind, expected) in [
        (propagation(), "visitor", "bob"),
        (propagation(), "user", "carol"),
        (other, "visitor", "carol"),
    ] {
        let sources = [
            KeySource::propagated(propagation, kind),
            KeySource::cookie("id"),
        ];
        let layer = TracksLayer::new(banner.clone()).key(sources);
        let service = Service::new(layer.exclude(Exclusion::none())).reads(&["banner"]);
        let headers = [
            ("cookie", "id=carol"),
            ("tracks-propagation", value.to_str().unwrap()),
            ("user-agent", BROWSER),
        ];
        let response = send(service.router(), "GET", "/", &headers).await;
        assert_eq!(response.headers()["cache-control"], "private");
        let choice = banner.assign(expected, &()).to_string();
        assert_eq!(counted(&service.observed), [format!("{choice} {expected}")]);
    }
}

/// Counts the links of visitors with users.
#[derive(Clone, Default)]
struct Aliases(Arc<AtomicUsize>);

impl Observe for Aliases {
    fn observe(&self, _: &Exposure) {}

    fn alias(&self, _: &Alias) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// It alone knows whether the visitor is new.
#[tokio::test]
async fn only_the_first_service_links_a_visitor_with_a_user() {
    let [ours, theirs] = [(); 2].map(|()| Aliases::default());
    let users = |layer: TracksLayer| layer.key_of("user", KeySource::cookie("user"));
    let next = Service::new(users(behind(delay())).observe(theirs.clone())).reads(&["delay"]);
    let service = Service::new(users(first(delay())).observe(ours.clone()));
    let service = service.asks(&["delay"], &next);
    service.get(&[("cookie", "id=a; user=bob")]).await;
    assert_eq!(counted(&next.observed).len(), 1);
    assert_eq!((ours.0.load(Relaxed), theirs.0.load(Relaxed)), (1, 0));
}

#[tokio::test]
async fn conversions_belong_to_the_passed_keys() {
    let observed = Exposures::default();
    let handler = async |goals: Goals| {
        goals.reached("purchase").every_time().unwrap();
    };
    let next = Router::new()
        .route("/", get(handler))
        .layer(behind(delay()).observe(observed.clone()));
    let forcing = first(delay()).pin("delay", "long").unwrap();
    for (layer, agent, subjects) in [
        (first(delay()), BROWSER, 1),
        (first(delay()), "Googlebot/2.1", 0),
        (first(delay()).overrides_when(|_| true), BROWSER, 0),
        (forcing, BROWSER, 1),
    ] {
        let headers = [
            ("cookie", "id=a; __Host-tracks-override=delay~long"),
            ("user-agent", agent),
        ];
        let value = super::made(layer, &headers, &["delay"]).await;
        super::ask_with(next.clone(), &value).await;
        let conversions = observed.take_conversions();
        assert_eq!(conversions.len(), subjects);
        for conversion in conversions {
            assert_eq!(conversion.subject(), &Subject::from(&Key::from("a")));
        }
    }
}

#[tokio::test]
async fn mistakes_of_the_set_up_are_logged_once() {
    let log = Log::start();
    let next = Service::new(behind(delay()));
    let service = Service::new(first(delay())).asks(&["delays"], &next);
    let unable = TracksLayer::new(delay()).key(KeySource::cookie("id"));
    let handler = async |tracks: Assignments| assert_eq!(tracks.propagated([]), None);
    let unable = Router::new().route("/", get(handler)).layer(unable);
    for _ in 0..3 {
        service.get_as("a").await;
        send(unable.clone(), "GET", "/", &[]).await;
    }
    assert_eq!(log.count("passes the set \"delays\""), 1);
    assert_eq!(log.count(".propagate(Propagation::new(secret)?)"), 1);
}
