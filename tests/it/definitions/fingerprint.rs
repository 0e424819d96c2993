//! What a fingerprint covers.

use tower_tracks::{SimpleTrackSet, assign::Fingerprint};

fn pricing() -> SimpleTrackSet<i32> {
    SimpleTrackSet::new("pricing")
        .track("cheap", -1)
        .track("expensive", 1)
        .track_weight("cheap", 2)
        .track_weight("expensive", 3)
        .salt("coconut prices")
        .phase(3)
}

fn fingerprint(definition: SimpleTrackSet<i32>) -> Fingerprint {
    let group = definition.build().unwrap();
    group.sets().next().unwrap().fingerprint()
}

/// The expected digits are computed by Python, independently of this crate:
///
/// ```python
/// netstring = lambda s: f"{len(s.encode())}:{s},"
/// parts = ["v1", "coconut prices@3", "control", "1", "cheap", "2", "expensive", "3"]
/// hashlib.sha256("".join(map(netstring, parts)).encode()).hexdigest()
/// ```
#[test]
fn it_is_as_documented() {
    let fingerprint = fingerprint(pricing());
    let hex = "5bab9df8180dede5d72bf7646bd1434869d0138bea10944dd20d30050330f0b0";
    assert_eq!(fingerprint.to_string(), hex);
    assert_eq!(format!("{fingerprint:?}"), format!("Fingerprint({hex})"));
    assert_eq!(fingerprint.as_bytes()[..4], [0x5b, 0xab, 0x9d, 0xf8]);
}

#[test]
fn settings_that_move_no_key_keep_the_fingerprint() {
    let renamed = SimpleTrackSet::new("renamed")
        .track("cheap", 1)
        .track("expensive", 2)
        .track_weight("expensive", 3)
        .track_weight("cheap", 2)
        .salt("coconut prices")
        .phase(3);
    for (definition, change) in [
        (pricing().share(0.5), "share"),
        (pricing().weight(1), "weight"),
        (pricing().unit_kind("user"), "unit"),
        (
            pricing().control("control").track("control", 0),
            "control by name",
        ),
        (renamed, "name"),
    ] {
        assert_eq!(fingerprint(definition), fingerprint(pricing()), "{change}");
    }
}

#[test]
fn settings_that_move_keys_change_the_fingerprint() {
    let swapped = SimpleTrackSet::new("pricing")
        .track("expensive", 1)
        .track("cheap", -1)
        .track_weight("cheap", 2)
        .track_weight("expensive", 3)
        .salt("coconut prices")
        .phase(3);
    for (definition, change) in [
        (pricing().salt("else"), "salt"),
        (pricing().phase(1), "first phase"),
        (pricing().phase(4), "phase"),
        (pricing().track("more", 2), "one more track"),
        (pricing().without_control(), "one track less"),
        (pricing().track_weight("control", 2), "a track's weight"),
        (pricing().track_weight("cheap", 0), "a track's weight of 0"),
        (swapped, "order"),
        (pricing().control("expensive"), "another control"),
    ] {
        assert_ne!(fingerprint(definition), fingerprint(pricing()), "{change}");
    }
}

#[test]
fn another_bucketing_changes_it() {
    use tower_tracks::{MultiTrackSet, assign::Bucketing};

    use super::delay;

    let of = |bucketing| {
        let group = MultiTrackSet::builder().bucketing(bucketing);
        let group = group.add(delay().control("long")).build().unwrap();
        group.sets().next().unwrap().fingerprint()
    };
    assert_ne!(of(Bucketing::Python), of(Bucketing::V1));
}
