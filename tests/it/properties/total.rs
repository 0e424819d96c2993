//! Whatever builds assigns every key, and the same key always alike.

use proptest::{collection::vec, option, prelude::*};
use tower_tracks::{Choice, Key, MultiTrackSet, Reason, SimpleTrackSet};

use super::{
    config,
    plan::{build, group, share},
    text::{key, keys},
};

/// Fails when the parts of a choice do not go together.
fn check_consistent(choice: &Choice<'_>) -> Result<(), TestCaseError> {
    let answers = (
        choice.set().is_some(),
        choice.track().is_some(),
        choice.coin().is_some(),
        choice.digest().is_some(),
    );
    let expected = match choice.reason() {
        Reason::Bucketed => (true, true, true, true),
        Reason::OutsideShare => (true, false, false, true),
        _ => (false, false, false, false),
    };
    prop_assert_eq!(answers, expected, "{}", choice);
    if let (Some(set), Some(track)) = (choice.definition(), choice.track()) {
        let mut tracks = set.tracks().iter();
        let track = tracks.find(|known| known.name() == track).unwrap();
        prop_assert!(set.weight() > 0 && set.share() > 0.0 && track.weight() > 0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn every_key_is_assigned(plans in group(), keys in keys()) {
        let group = build(&plans).unwrap();
        for key in &keys {
            check_consistent(&group.assign(key, &()))?;
        }
    }

    /// The same key in another form, a clone of the group, and a group built again.
    #[test]
    fn the_same_key_is_assigned_alike(plans in group(), key in key()) {
        let [first, again] = [build(&plans).unwrap(), build(&plans).unwrap()];
        let choice = first.assign(&key, &());
        let others = [
            first.assign(&key, &()),
            first.assign(key.clone(), &()),
            first.assign(Key::from(&key).into_owned(), &()),
            first.assign(Key::display(&key), &()),
            first.assign(Key::parts([&key]), &()),
        ];
        let clone = first.clone();
        for other in others.iter().chain([&clone.assign(&key, &()), &again.assign(&key, &())]) {
            prop_assert_eq!(other.to_string(), choice.to_string());
            prop_assert_eq!(other.digest(), choice.digest());
            prop_assert_eq!(other.coin(), choice.coin());
        }
    }

    /// Settings of which some break a rule: they are refused, or they assign.
    #[test]
    fn any_settings_are_refused_or_assign(
        (name, salt, unit) in (text(), option::of(text()), option::of(text())),
        (phase, weight, share) in (0..3_u32, number(), prop_oneof![share(), any::<f64>()]),
        tracks in vec((text(), number()), 0..4),
        key in key(),
    ) {
        let mut set = SimpleTrackSet::new(name).phase(phase).weight(weight).share(share);
        for (track, weight) in tracks {
            set = set.track(&track, ()).track_weight(track, weight);
        }
        let set = salt.into_iter().fold(set, SimpleTrackSet::salt);
        let set = unit.into_iter().fold(set, SimpleTrackSet::unit_kind);
        match set.build() {
            Ok(group) => check_consistent(&group.assign(&key, &()))?,
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

/// Returns text that is a name more often than not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![9 => "[a-z]{1,8}", 1 => any::<String>()]
}

/// Returns a number that is a weight more often than not.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![9 => 0..=1_u64 << 32, 1 => any::<u64>()]
}

/// The numbers at the ends of their ranges, in every combination that builds.
#[test]
fn the_ends_of_the_ranges() {
    let mut built = 0;
    for weight in [0, 1, 1 << 32, (1 << 32) + 1, u64::MAX] {
        for share in [
            0.0,
            -0.0,
            f64::MIN_POSITIVE,
            5e-324,
            1.0 - f64::EPSILON,
            1.0,
            f64::NAN,
        ] {
            for phase in [0, 1, 2, u32::MAX] {
                let set = SimpleTrackSet::new("delay")
                    .track("on", ())
                    .track_weight("on", weight);
                let set = set.weight(weight).share(share).phase(phase);
                let other = SimpleTrackSet::new("banner").track("on", ());
                let group = MultiTrackSet::builder().add(set).add(other).build();
                let Ok(group) = group else { continue };
                built += 1;
                for key in 0..20 {
                    check_consistent(&group.assign(key, &())).unwrap();
                }
            }
        }
    }
    assert_eq!(built, 3 * 6 * 3);
}
