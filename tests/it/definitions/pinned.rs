//! Keys and contexts that are always in one track.

use std::{borrow::Cow, time::SystemTime};

use tower_tracks::{
    DefinitionError, Exposure, Key, MultiTrackSet, ParamTrackSet, Reason, SimpleTrackSet, TrackSet,
    assign::{Track, TypedTrack, TypedTrackSet},
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Button {
    Grey,
    Green,
    Red,
}

/// As the macro writes it.
impl TrackSet for Button {
    const NAME: &'static str = "button";

    fn track_set() -> TypedTrackSet<Self> {
        let track = TypedTrack::new;
        let tracks = [
            track("grey", Self::Grey).control(),
            track("green", Self::Green),
            track("10-red", Self::Red),
        ];
        TypedTrackSet::new(Self::NAME, tracks)
    }

    fn control() -> Self {
        Self::Grey
    }
}

fn pricing() -> SimpleTrackSet<i64> {
    let pricing = SimpleTrackSet::new("pricing").track("cheap", -1_i64);
    pricing.track("dear", 1)
}

#[track_caller]
fn check(sets: &MultiTrackSet, key: &str, expected: &str) {
    let choice = sets.assign(key, &());
    let found = format!("{choice} {}", choice.reason());
    assert_eq!(found, expected, "{key}");
}

#[test]
fn a_pinned_key_is_in_its_track_and_never_counted() {
    // No other key takes part.
    let pins = [("tester-7", "dear"), ("tester-8", "control")];
    let pricing = pricing().share(0.0).weight(0).pin_keys(pins);
    let pricing = pricing.pin_keys([(9, "cheap")]).build().unwrap();
    check(&pricing, "tester-7", "pricing/dear pinned");
    check(&pricing, "tester-8", "pricing/control pinned");
    check(&pricing, "9", "pricing/cheap pinned");
    check(&pricing, "tester-70", "(ineligible) ineligible");
    let choice = pricing.assign("tester-7", &());
    assert_eq!(choice.value(), Some(&1_i64));
    assert_eq!((choice.coin(), choice.digest()), (None, None));
    assert!(choice.reason().is_forced());
    let exposure = Exposure::new(choice, Key::from("tester-7"), SystemTime::now());
    assert!(exposure.is_none());
}

#[test]
fn all_kinds_of_definitions_pin() {
    let param = ParamTrackSet::new("delta", -1..=1, |delta: &i32| format!("by_{delta}"));
    let param = param.pin_keys([("tester", "by_1")]).build().unwrap();
    check(&param, "tester", "delta/by_1 pinned");
    let typed = Button::track_set().pin_keys([("tester", Button::Red), ("other", Button::Grey)]);
    let typed = typed.build().unwrap();
    check(&typed, "tester", "button/10-red pinned");
    check(&typed, "other", "button/grey pinned");
    let named = Button::track_set().pin_keys([("tester", "green")]);
    check(&named.build().unwrap(), "tester", "button/green pinned");
}

struct Client {
    is_api: bool,
    is_vip: bool,
}

#[test]
fn a_context_is_pinned_by_a_predicate() {
    let button = Button::track_set()
        .eligible(|client: &Client| !client.is_vip)
        .pin_when(Button::Green, |client| client.is_api)
        .pin_when("grey", |client| client.is_vip)
        .pin_keys([("tester", Button::Red)])
        .build()
        .unwrap();
    for (key, is_api, is_vip, expected) in [
        ("alice", true, false, "button/green"),
        ("alice", true, true, "button/green"),
        ("alice", false, true, "button/grey"),
        ("tester", true, true, "button/10-red"),
    ] {
        let choice = button.assign(key, &Client { is_api, is_vip });
        assert_eq!(choice.to_string(), expected);
        assert_eq!(choice.reason(), Reason::Pinned);
    }
    let (is_api, is_vip) = (false, false);
    let choice = button.assign("alice", &Client { is_api, is_vip });
    assert_eq!(choice.reason(), Reason::Bucketed);
    // A predicate may be the first to set the context.
    let first = pricing().pin_when("dear", |client: &Client| client.is_api);
    let first = first.build().unwrap();
    let choice = first.assign(
        "alice",
        &Client {
            is_api: true,
            is_vip,
        },
    );
    assert_eq!(choice.to_string(), "pricing/dear");
}

#[test]
fn a_pin_comes_before_the_draw_among_sets() {
    let delay = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .weight(1_000);
    let delay = delay.pin_keys([("both", "long")]);
    let pins = [("tester", "cheap"), ("both", "cheap")];
    let group = MultiTrackSet::builder().add(delay);
    let group = group
        .add(pricing().weight(1).pin_keys(pins))
        .build()
        .unwrap();
    check(&group, "tester", "pricing/cheap pinned");
    check(&group, "both", "delay/long pinned");
}

#[test]
fn pins_are_checked_when_the_set_is_built() {
    let set = || "pricing".to_owned();
    let refused = |pins: &[(&'static str, &'static str)]| {
        pricing()
            .pin_keys(pins.iter().copied())
            .build()
            .unwrap_err()
    };
    let track = "gratis".to_owned();
    assert_eq!(
        refused(&[("a", "gratis")]),
        DefinitionError::UnknownTrack { set: set(), track }
    );
    let error = refused(&[("a", "cheap"), ("", "cheap")]);
    assert_eq!(
        error,
        DefinitionError::PinnedKey {
            set: set(),
            number: 2
        }
    );
    assert_eq!(
        error.to_string(),
        "set \"pricing\": the key of pin 2 is not 1 to 1024 bytes long, and not only of empty parts"
    );
    let error = refused(&[
        ("secret-name", "cheap"),
        ("b", "dear"),
        ("secret-name", "dear"),
    ]);
    assert_eq!(
        error.to_string(),
        "set \"pricing\": one key is pinned to the tracks \"cheap\" and \"dear\""
    );
    let twice = [("a", "cheap"), ("a", "cheap")];
    assert!(pricing().pin_keys(twice).build().is_ok());
}

/// Keys may identify persons, and a pin changes no other key's track.
#[test]
fn pins_are_in_neither_fingerprint_nor_json() {
    let plain = pricing().build().unwrap();
    let pinned = pricing()
        .pin_keys([("secret-name", "cheap")])
        .build()
        .unwrap();
    let of = |sets: &MultiTrackSet| sets.sets().next().unwrap().fingerprint();
    assert_eq!(of(&plain), of(&pinned));
    let json = serde_json::to_string(&pinned).unwrap();
    assert_eq!(serde_json::to_string(&plain).unwrap(), json);
    assert!(!format!("{pinned:?} {json}").contains("secret-name"));
    for n in 0..1_000 {
        let texts = [&plain, &pinned].map(|sets| sets.assign(n, &()).to_string());
        assert_eq!(texts[0], texts[1]);
    }
}

#[test]
fn a_track_is_named_by_its_name_or_its_member() {
    let weights = |set: TypedTrackSet<Button>| -> Vec<u64> {
        let set = set.build().unwrap();
        let tracks = set.sets().next().unwrap().tracks();
        tracks.iter().map(Track::weight).collect()
    };
    let set = || Button::track_set();
    assert_eq!(weights(set().track_weight(Button::Red, 7)), [1, 1, 7]);
    assert_eq!(weights(set().track_weight(Button::Grey, 0)), [0, 1, 1]);
    let green = "green".to_owned();
    for named in [
        set().track_weight("green", 3),
        set().track_weight(&green, 3),
        set().track_weight(green, 3),
        set().track_weight(Cow::from("green"), 3),
        set().track_weight(Box::<str>::from("green"), 3),
    ] {
        assert_eq!(weights(named), [1, 3, 1]);
    }
    // A set that was built without this variant does not have the track.
    let without = TypedTrackSet::new("button", [TypedTrack::new("grey", Button::Grey).control()]);
    assert!(without.track_weight(Button::Red, 2).build().is_err());
}
