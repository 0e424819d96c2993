//! Who is in which set, and what the track carries.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tower_tracks::{MultiTrackSet, Reason, SimpleTrackSet, TrackSet};

use super::{Colour, delay, named};

struct Customer {
    country: &'static str,
    is_vip: bool,
}

fn customer(country: &'static str, is_vip: bool) -> Customer {
    Customer { country, is_vip }
}

#[test]
fn every_condition_must_hold() {
    let group = delay()
        .eligible(|customer: &Customer| !customer.is_vip)
        .eligible(|customer| customer.country == "hu")
        .eligible(|customer| customer.country.len() == 2)
        .build()
        .unwrap();
    for (country, is_vip, reason) in [
        ("hu", false, Reason::Bucketed),
        ("hu", true, Reason::Ineligible),
        ("de", false, Reason::Ineligible),
        ("de", true, Reason::Ineligible),
    ] {
        let choice = group.assign("alice", &customer(country, is_vip));
        assert_eq!(choice.reason(), reason, "{country}, {is_vip}");
    }
}

#[test]
fn sets_are_added_in_a_loop() {
    let mut group = MultiTrackSet::builder().context::<Customer>();
    for country in ["hu", "de"] {
        let set = named(&format!("banner-{country}"));
        group = group.add(set.eligible(move |customer: &Customer| customer.country == country));
    }
    let group = group.add(named("unrestricted").weight(0)).build().unwrap();
    assert_eq!(group.name(), "banner-hu/banner-de/unrestricted");
    for (country, set) in [
        ("hu", Some("banner-hu")),
        ("de", Some("banner-de")),
        ("at", None),
    ] {
        assert_eq!(group.assign("alice", &customer(country, false)).set(), set);
    }
}

#[test]
fn sets_without_context_go_with_any() {
    let restricted = || named("restricted").eligible(|customer: &Customer| !customer.is_vip);
    let before = MultiTrackSet::builder().add(delay()).add(restricted());
    let after = MultiTrackSet::builder().add(restricted()).add(delay());
    for group in [before.build().unwrap(), after.build().unwrap()] {
        for key in 0..100 {
            assert_eq!(
                group.assign(key, &customer("hu", true)).set(),
                Some("delay")
            );
        }
        let chosen: BTreeSet<_> = (0..100)
            .map(|key| group.assign(key, &customer("hu", false)).set())
            .collect();
        assert_eq!(chosen.len(), 2);
    }
}

#[test]
fn each_set_is_asked_at_most_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let mut group = MultiTrackSet::builder().context::<()>();
    for index in 0..5 {
        let asked = Arc::clone(&asked);
        group = group.add(named(&format!("set-{index}")).eligible(move |(): &()| {
            asked.fetch_add(1, Ordering::Relaxed);
            true
        }));
    }
    let group = group.build().unwrap();
    assert!(group.assign("alice", &()).is_enrolled());
    assert_eq!(asked.load(Ordering::Relaxed), 5);
}

#[test]
fn the_order_of_sets_does_not_matter() {
    let forth = MultiTrackSet::builder()
        .add(delay())
        .add(named("banner"))
        .build()
        .unwrap();
    let back = MultiTrackSet::builder()
        .add(named("banner"))
        .add(delay())
        .build()
        .unwrap();
    for key in 0..1000 {
        let (forth, back) = (forth.assign(key, &()), back.assign(key, &()));
        assert_eq!(forth.to_string(), back.to_string());
        assert_eq!((forth.digest(), forth.coin()), (back.digest(), back.coin()));
    }
}

#[test]
fn a_growing_share_moves_nobody() {
    let group = |share| {
        let group = MultiTrackSet::builder().add(delay().share(share));
        group.add(named("banner")).build().unwrap()
    };
    let (none, some, all) = (group(0.0), group(0.3), group(1.0));
    let mut enrolled = 0;
    for key in 0..1000 {
        let (none, some, all) = (
            none.assign(key, &()),
            some.assign(key, &()),
            all.assign(key, &()),
        );
        assert_eq!((none.set(), some.set()), (all.set(), all.set()));
        assert!(all.is_enrolled());
        assert_eq!(none.is_enrolled(), none.set() == Some("banner"));
        if some.is_enrolled() {
            assert_eq!(some.track(), all.track());
            enrolled += usize::from(some.set() == Some("delay"));
        }
    }
    // 500 keys choose the set, 30% of them are within its share.
    assert!((110..190).contains(&enrolled), "{enrolled}");
}

#[test]
fn values_of_one_type_are_those_of_the_chosen_set() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Price(i32);

    let group = MultiTrackSet::builder()
        .add(
            SimpleTrackSet::new("small")
                .track("on", Price(1))
                .without_control(),
        )
        .add(
            SimpleTrackSet::new("large")
                .track("on", Price(1000))
                .without_control(),
        )
        .build()
        .unwrap();
    let mut seen = BTreeSet::new();
    for key in 0..100 {
        let choice = group.assign(key, &());
        let expected = match choice.set().unwrap() {
            "small" => Price(1),
            _ => Price(1000),
        };
        assert_eq!(choice.value(), Some(&expected));
        assert_eq!(choice.value::<i32>(), None);
        assert!(
            group
                .sets()
                .all(|set| set.carries::<Price>() && !set.carries::<i32>())
        );
        seen.insert(choice.set());
    }
    assert_eq!(seen.len(), 2);
}

#[test]
fn a_typed_set_carries_its_control_too() {
    let group = Colour::track_set().build().unwrap();
    let definition = group.sets().next().unwrap();
    let tracks = definition.tracks();
    let tracks = tracks
        .iter()
        .map(|track| (track.name(), track.weight(), track.is_control()));
    let expected = [("grey", 1, true), ("red", 3, false)];
    assert_eq!(tracks.collect::<Vec<_>>(), expected, "control comes first");
    assert!(definition.carries::<Colour>());
    let mut red = 0;
    for key in 0..1000 {
        let choice = group.assign(key, &());
        let colour = *choice.value::<Colour>().unwrap();
        assert_eq!(choice.is_control(), colour == Colour::control());
        red += usize::from(colour == Colour::Red);
    }
    assert!((700..800).contains(&red), "{red}");
}

#[test]
fn a_control_by_name_comes_first_and_carries() {
    let group = delay().control("long").build().unwrap();
    let definition = group.sets().next().unwrap();
    let names: Vec<_> = definition
        .tracks()
        .iter()
        .map(|track| track.name())
        .collect();
    assert_eq!(names, ["long", "short"]);
    for key in 0..100 {
        let choice = group.assign(key, &());
        assert_eq!(choice.is_control(), choice.value::<u32>() == Some(&2000));
    }
}
