//! What is large, small or empty, and allowed.
//!
//! The expected choices are computed by Python's hashlib and math, from the formula in the
//! documentation of `Bucketing::V1`.

use std::collections::BTreeSet;

use tower_tracks::{Key, MultiTrackSet, ParamTrackSet, Reason, SimpleTrackSet};

use super::{delay, named};

const HEAVIEST: u64 = 1 << 32;

#[test]
fn a_thousand_sets() {
    let mut group = MultiTrackSet::builder();
    for index in 0..1000 {
        let set = SimpleTrackSet::new(format!("set-{index}")).track("on", index);
        let set = set.track_weight("control", HEAVIEST);
        group = group.add(set.track_weight("on", HEAVIEST).weight(HEAVIEST));
    }
    let group = group.build().unwrap();
    assert_eq!(group.sets().len(), 1000);
    for (key, choice) in [
        ("alice", "set-353/control"),
        ("bob", "set-757/on"),
        ("carol", "set-695/control"),
    ] {
        assert_eq!(group.assign(key, &()).to_string(), choice);
    }
    let chosen: BTreeSet<_> = (0..100).map(|key| group.assign(key, &()).set()).collect();
    assert!(chosen.len() > 80, "{}", chosen.len());
}

#[test]
fn ten_thousand_tracks() {
    let name_of = |index: &u32| format!("track-{index}");
    let mut wide = ParamTrackSet::new("wide", 0..10_000, name_of).without_control();
    for index in 0..10_000 {
        wide = wide.track_weight(name_of(&index), HEAVIEST);
    }
    let wide = wide.build().unwrap();
    for (key, track) in [("alice", 5041), ("bob", 8212), ("carol", 9441)] {
        assert_eq!(wide.assign(key, &()).value::<u32>(), Some(&track));
    }
}

#[test]
fn the_python_scheme_takes_the_heaviest_weights() {
    use tower_tracks::assign::Bucketing;

    let mut group = MultiTrackSet::builder().bucketing(Bucketing::Python);
    for index in 0..1000 {
        group = group.add(named(&format!("set-{index}")).weight(HEAVIEST));
    }
    let group = group.build().unwrap();
    // Of as many keys as sets, about 632 sets are chosen by one or more.
    let chosen: BTreeSet<_> = (0..1000).map(|key| group.assign(key, &()).set()).collect();
    assert!((550..700).contains(&chosen.len()), "{}", chosen.len());
}

#[test]
fn names_of_64_bytes() {
    let longest = "x".repeat(64);
    let set = SimpleTrackSet::new(&longest)
        .track(&longest, 1)
        .unit_kind(&longest);
    let group = set.without_control().build().unwrap();
    let choice = group.assign("alice", &());
    assert_eq!(choice.to_string(), format!("{longest}/{longest}"));
    assert_eq!(choice.definition().unwrap().unit_kind(), longest);
}

#[test]
fn every_byte_that_names_may_have() {
    let set = SimpleTrackSet::new("*az09_-.*").track("09AZaz_-.*", 1);
    let group = set.without_control().build().unwrap();
    assert_eq!(
        group.assign("alice", &()).to_string(),
        "*az09_-.*/09AZaz_-.*"
    );
}

#[test]
fn long_and_empty_keys() {
    let delay = delay().build().unwrap();
    for (key, track, digest) in [
        ("x".repeat(1 << 20), "short", [0xf5, 0x03, 0x0e, 0x07]),
        (String::new(), "long", [0x79, 0x9b, 0x13, 0x21]),
    ] {
        let key = Key::from(key);
        let choice = delay.assign(&key, &());
        assert_eq!(choice.track(), Some(track));
        assert_eq!(choice.digest().unwrap()[..4], digest);
        assert_eq!(delay.assign(key.into_owned(), &()).track(), Some(track));
    }
}

#[test]
fn shares_of_none_and_all() {
    for (share, reason) in [
        (0.0, Reason::OutsideShare),
        (f64::MIN_POSITIVE, Reason::OutsideShare),
        (1.0, Reason::Bucketed),
    ] {
        let delay = delay().share(share).build().unwrap();
        for key in 0..1000 {
            let choice = delay.assign(key, &());
            assert_eq!((choice.set(), choice.reason()), (Some("delay"), reason));
            assert_eq!(choice.is_enrolled(), reason == Reason::Bucketed);
        }
    }
}

#[test]
fn a_weight_of_zero_is_never_chosen() {
    let group = MultiTrackSet::builder()
        .add(named("never").weight(0))
        .add(delay().weight(1).track_weight("short", 0))
        .build()
        .unwrap();
    for key in 0..1000 {
        let choice = group.assign(key, &());
        assert_eq!(choice.set(), Some("delay"));
        assert_ne!(choice.track(), Some("short"));
    }
    let never = named("never").weight(0).build().unwrap();
    assert_eq!(never.assign("alice", &()).reason(), Reason::Ineligible);
}

#[test]
fn an_empty_group_chooses_nothing() {
    let group = MultiTrackSet::builder().build().unwrap();
    assert_eq!((group.name(), group.sets().len()), ("", 0));
    let choice = group.assign("alice", &());
    assert_eq!(choice.to_string(), "(ineligible)");
    assert_eq!(
        (choice.set(), choice.track(), choice.phase()),
        (None, None, None)
    );
    assert_eq!((choice.coin(), choice.digest()), (None, None));
    assert!(choice.definition().is_none() && !choice.is_enrolled() && !choice.is_control());

    let named = MultiTrackSet::builder()
        .name("nothing-yet")
        .build()
        .unwrap();
    assert_eq!(named.assign("alice", &()).group(), "nothing-yet");
}

#[test]
fn the_last_phase() {
    let delay = delay().phase(u32::MAX).build().unwrap();
    let definition = delay.sets().next().unwrap();
    assert_eq!(definition.effective_salt(), "delay@4294967295");
    assert_eq!(delay.assign("alice", &()).phase(), Some(u32::MAX));
}

#[test]
fn control_alone_is_a_track() {
    let lonely = SimpleTrackSet::<u8>::new("lonely").build().unwrap();
    let choice = lonely.assign("alice", &());
    assert_eq!(choice.to_string(), "lonely/control");
    assert!(choice.is_control() && choice.value::<u8>().is_none());
}
