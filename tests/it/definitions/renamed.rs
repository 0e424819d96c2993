//! Sets that were renamed, which assign as before.

use proptest::prelude::*;
use tower_tracks::{
    DefinitionError, MultiTrackSet, SimpleTrackSet, TrackSet, TracksLayer,
    assign::{Bucketing, StoredSets},
};

use super::{Colour, named};
use crate::properties::config;

/// Two sets that exclude each other, the first of which may have another name.
fn prices(
    rename: impl FnOnce(SimpleTrackSet<u32>) -> SimpleTrackSet<u32>,
    phase: u32,
) -> MultiTrackSet {
    let prices = MultiTrackSet::builder().name("prices");
    let first = rename(named("cheaper")).phase(phase).share(0.7);
    prices.add(first).add(named("dearer")).build().unwrap()
}

fn renamed(_: SimpleTrackSet<u32>) -> SimpleTrackSet<u32> {
    named("lower").formerly("cheaper")
}

fn renamed_twice(_: SimpleTrackSet<u32>) -> SimpleTrackSet<u32> {
    // The order of the calls is that of the names, and a later setting changes nothing.
    named("discount").formerly("cheaper").formerly("lower")
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn a_rename_moves_no_key(key: String, phase in 1..4_u32) {
        let before = prices(|set| set, phase);
        for after in [prices(renamed, phase), prices(renamed_twice, phase)] {
            let [before, after] = [&before, &after].map(|group| group.assign(&key, &()));
            prop_assert_eq!(before.track(), after.track());
            prop_assert_eq!(before.reason(), after.reason());
            prop_assert_eq!(before.digest(), after.digest());
            prop_assert_eq!(before.set() == Some("dearer"), after.set() == Some("dearer"));
        }
    }

    #[test]
    fn a_rename_moves_no_key_of_the_python_scheme(key: String) {
        let group = |first: SimpleTrackSet<u32>| {
            let group = MultiTrackSet::builder().add(first).add(named("dearer"));
            group.bucketing(Bucketing::Python).build().unwrap()
        };
        let (before, after) = (group(named("cheaper")), group(renamed(named("cheaper"))));
        let [before, after] = [&before, &after].map(|group| group.assign(&key, &()));
        prop_assert_eq!(before.track(), after.track());
        prop_assert_eq!(before.set() == Some("dearer"), after.set() == Some("dearer"));
    }
}

#[test]
fn the_salt_is_the_oldest_name_unless_another_is_set() {
    let salt = |set: SimpleTrackSet<u32>| {
        let group = set.build().unwrap();
        group.sets().next().unwrap().salt().to_owned()
    };
    assert_eq!(salt(named("c").formerly("a").formerly("b")), "a");
    assert_eq!(salt(named("c").formerly("a").salt("s")), "s");
    assert_eq!(salt(named("c").salt("s").formerly("a")), "s");
}

#[test]
fn the_fingerprint_is_that_of_before() {
    let fingerprint = |group: &MultiTrackSet| group.sets().next().unwrap().fingerprint();
    assert_eq!(
        fingerprint(&prices(|set| set, 2)),
        fingerprint(&prices(renamed_twice, 2))
    );
}

#[test]
fn the_json_has_the_former_names_after_all_else() {
    let set = |rename: fn(SimpleTrackSet<u32>) -> SimpleTrackSet<u32>| {
        let group = prices(rename, 1);
        serde_json::to_string(group.sets().next().unwrap()).unwrap()
    };
    let (before, after) = (set(|set| set), set(renamed_twice));
    assert!(!before.contains("formerly"));
    assert!(
        after.ends_with(r#","formerly":["cheaper","lower"]}"#),
        "{after}"
    );

    let json = serde_json::to_string(&prices(renamed_twice, 1)).unwrap();
    let stored: StoredSets = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&stored).unwrap(), json);
    assert_eq!(
        stored.sets().next().unwrap().former_names(),
        ["cheaper", "lower"]
    );

    let own =
        r#"{"name": "a", "sets": [{"name": "a", "formerly": ["a"], "tracks": [{"name": "b"}]}]}"#;
    let error = serde_json::from_str::<StoredSets>(own).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("its name cannot be its former name"),
        "{error}"
    );
}

#[test]
fn two_groups_of_a_layer_cannot_claim_one_name() {
    let layer = || TracksLayer::new(named("lower").formerly("cheaper").build().unwrap());
    let in_use = layer().and(named("cheaper").build().unwrap()).unwrap_err();
    assert!(matches!(in_use, DefinitionError::FormerNameInUse { .. }));
    let twice = named("discount").formerly("cheaper").build().unwrap();
    let twice = layer().and(twice).unwrap_err();
    assert!(matches!(twice, DefinitionError::DuplicateFormerName { .. }));
}

#[test]
fn typed_sets_are_renamed_by_method_and_attribute() {
    #[derive(Clone, TrackSet)]
    #[track_set(name = "pricing", formerly = "cost", formerly = "prices")]
    enum Pricing {
        #[track(control)]
        Control,
        Cheap,
    }

    let names = |group: &MultiTrackSet| group.sets().next().unwrap().former_names().to_vec();
    let by_attribute = Pricing::track_set().build().unwrap();
    assert_eq!(names(&by_attribute), ["cost", "prices"]);
    assert_eq!(by_attribute.sets().next().unwrap().salt(), "cost");
    let by_method = Colour::track_set().formerly("color").build().unwrap();
    assert_eq!(names(&by_method), ["color"]);
    let (control, cheap) = (Pricing::Control, Pricing::Cheap);
    assert!(matches!(
        (control, cheap),
        (Pricing::Control, Pricing::Cheap)
    ));
}
