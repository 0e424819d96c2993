//! Every error, and that it names the set, the value and the rule.

use tower_tracks::{
    DefinitionError as E, MultiTrackSet, SimpleTrackSet,
    assign::{MultiTrackSetBuilder, TypedTrack, TypedTrackSet},
};

use super::{Colour, delay, named};

const ABOVE: u64 = (1 << 32) + 1;
const SET_RULE: &str =
    "1 to 64 of a-z, 0-9, `_`, `-`, `.` and `*`, the first of them a letter or `*`";
const TRACK_RULE: &str = "1 to 64 of A-Z, a-z, 0-9, `_`, `-`, `.` and `*`";

#[track_caller]
fn check(group: MultiTrackSetBuilder, expected: E, text: &str) {
    let error = group.build().map(|_| ()).unwrap_err();
    // In `Debug` form, because a NaN share does not equal itself.
    assert_eq!(format!("{error:?}"), format!("{expected:?}"));
    assert_eq!(error.to_string(), text);
    assert!(std::error::Error::source(&error).is_none());
}

fn group() -> MultiTrackSetBuilder {
    MultiTrackSet::builder()
}

fn owned(text: &str) -> String {
    text.to_owned()
}

#[test]
fn names_of_sets() {
    let too_long = "x".repeat(65);
    for name in [
        "", "Pricing", "1st", "-a", "_a", ".a", "a b", "größe", "a/b", "a@2", &too_long,
    ] {
        check(
            group().add(named(name)),
            E::SetName { set: owned(name) },
            &format!("set {name:?}: a set's name is {SET_RULE}"),
        );
    }
}

#[test]
fn former_names() {
    let set = || owned("page-delay");
    let former = || owned("delay");
    let renamed = || named("page-delay").formerly("delay");
    check(
        group().add(named("page-delay").formerly("The delay")),
        E::FormerName {
            set: set(),
            former: owned("The delay"),
        },
        &format!("set \"page-delay\", former name \"The delay\": a set's name is {SET_RULE}"),
    );
    check(
        group().add(named("page-delay").formerly("page-delay")),
        E::FormerNameIsName { set: set() },
        "set \"page-delay\": its name cannot be its former name; remove `formerly(\"page-delay\")`",
    );
    check(
        group().add(renamed().formerly("delay")),
        E::DuplicateFormerName {
            set: set(),
            other: set(),
            former: former(),
        },
        "set \"page-delay\": the former name \"delay\" is given twice",
    );
    check(
        group().add(renamed()).add(named("wait").formerly("delay")),
        E::DuplicateFormerName {
            set: owned("wait"),
            other: set(),
            former: former(),
        },
        "set \"wait\": its former name \"delay\" is also one of set \"page-delay\"; keep \
         `formerly(\"delay\")` on one of them",
    );
    for group in [
        group().add(renamed()).add(delay()),
        group().add(delay()).add(renamed().salt("another")),
    ] {
        check(
            group,
            E::FormerNameInUse {
                set: set(),
                former: former(),
            },
            "set \"page-delay\": its former name \"delay\" is the name of another set; rename that \
             set, or remove `formerly(\"delay\")`",
        );
    }
}

#[test]
fn names_of_tracks() {
    let too_long = "x".repeat(65);
    for name in ["", "a b", "größe", "a/b", "a=b", "a\"", "a\n", &too_long] {
        check(
            group().add(delay().track(name, 1)),
            E::TrackName {
                set: owned("delay"),
                track: owned(name),
            },
            &format!("set \"delay\", track {name:?}: a track's name is {TRACK_RULE}"),
        );
    }
}

#[test]
fn names_of_units() {
    for name in ["", "User", "7", "a b"] {
        check(
            group().add(delay().unit_kind(name)),
            E::UnitName {
                set: owned("delay"),
                unit: owned(name),
            },
            &format!("set \"delay\", unit {name:?}: a unit's name is {SET_RULE}"),
        );
    }
}

#[test]
fn two_of_one_name() {
    check(
        group()
            .add(delay())
            .add(named("other"))
            .add(delay().salt("else")),
        E::DuplicateSet {
            set: owned("delay"),
        },
        "set \"delay\": two sets have this name",
    );
    for track in ["short", "control"] {
        check(
            group().add(delay().track(track, 1)),
            E::DuplicateTrack {
                set: owned("delay"),
                track: owned(track),
            },
            &format!("set \"delay\", track {track:?}: two tracks have this name"),
        );
    }
    // Groups meet in a layer; that it is refused there is tested there.
    let groups = E::DuplicateGroup {
        group: owned("a/b"),
    };
    assert_eq!(
        groups.to_string(),
        "group \"a/b\": two groups have this name"
    );
}

#[test]
fn two_of_one_enum() {
    check(
        group()
            .add(Colour::named("first"))
            .add(Colour::named("second")),
        E::DuplicateType {
            set: owned("second"),
            other: owned("first"),
        },
        "set \"second\": its enum is that of set \"first\"; a layer holds each enum once",
    );
}

#[test]
fn no_tracks() {
    let typed: [TypedTrack<Colour>; 0] = [];
    let none = || E::NoTracks {
        set: owned("empty"),
    };
    let text = "set \"empty\": a set needs a track";
    check(
        group().add(SimpleTrackSet::<u8>::new("empty").without_control()),
        none(),
        text,
    );
    check(
        group().add(TypedTrackSet::new("empty", typed)),
        none(),
        text,
    );
}

#[test]
fn two_controls() {
    let both = || E::TwoControls {
        set: owned("delay"),
        first: owned("short"),
        second: owned("long"),
    };
    let text =
        "set \"delay\": tracks \"short\" and \"long\" are both control; a set has at most one";
    check(
        group().add(delay().control("long").control("short")),
        both(),
        text,
    );
    let typed = [
        TypedTrack::new("short", Colour::Grey).control(),
        TypedTrack::new("long", Colour::Red).control(),
    ];
    check(
        group().add(TypedTrackSet::new("delay", typed)),
        both(),
        text,
    );
}

#[test]
fn unknown_tracks() {
    for definition in [
        delay().track_weight("medium", 1),
        delay().control("medium"),
        delay().track_weight("medium", 0).track("Medium", 1),
    ] {
        check(
            group().add(definition),
            E::UnknownTrack {
                set: owned("delay"),
                track: owned("medium"),
            },
            "set \"delay\", track \"medium\": the set has no such track",
        );
    }
    check(
        group().add(delay().without_control().track_weight("control", 1)),
        E::UnknownTrack {
            set: owned("delay"),
            track: owned("control"),
        },
        "set \"delay\", track \"control\": the set has no such track",
    );
}

#[test]
fn weights() {
    check(
        group().add(delay().weight(ABOVE)),
        E::Weight {
            set: owned("delay"),
            weight: ABOVE,
        },
        "set \"delay\": the weight 4294967297 is above 2^32",
    );
    check(
        group().add(delay().track_weight("long", u64::MAX)),
        E::TrackWeight {
            set: owned("delay"),
            track: owned("long"),
            weight: u64::MAX,
        },
        "set \"delay\", track \"long\": the weight 18446744073709551615 is above 2^32",
    );
    let weightless = ["control", "short", "long"]
        .into_iter()
        .fold(delay(), |delay, track| delay.track_weight(track, 0));
    check(
        group().add(weightless),
        E::NoTrackWeight {
            set: owned("delay"),
        },
        "set \"delay\": all its tracks have the weight 0; one must be above",
    );
}

#[test]
fn shares() {
    for (share, text) in [
        (f64::NAN, "NaN"),
        (-0.1, "-0.1"),
        (1.1, "1.1"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (-f64::MIN_POSITIVE, &(-f64::MIN_POSITIVE).to_string()),
        (1.0 + f64::EPSILON, "1.0000000000000002"),
    ] {
        check(
            group().add(delay().share(share)),
            E::Share {
                set: owned("delay"),
                share,
            },
            &format!("set \"delay\": the share {text} is not from 0 to 1"),
        );
    }
}

#[test]
fn phases() {
    check(
        group().add(delay().phase(0)),
        E::PhaseZero {
            set: owned("delay"),
        },
        "set \"delay\": the phase is 0; the first phase is 1",
    );
}

#[test]
fn salts_like_those_of_phases() {
    for salt in ["delay@2", "@0", "a@b@007", "größe@1"] {
        check(
            group().add(delay().salt(salt)),
            E::SaltLikePhase {
                set: owned("delay"),
                salt: owned(salt),
            },
            &format!(
                "set \"delay\": the salt {salt:?} ends in `@` and digits, as the salts of later \
                 phases do; use `phase` for a new phase"
            ),
        );
    }
    for salt in [
        "",
        "@",
        "delay@",
        "@2b",
        "2",
        "delay@2 ",
        "a@٢",
        "Größe\0\u{1f965}",
    ] {
        assert!(delay().salt(salt).build().is_ok(), "{salt:?}");
    }
}

#[test]
fn equal_salts() {
    #[track_caller]
    fn check_equal(second: SimpleTrackSet<u32>, first: SimpleTrackSet<u32>, salt: &str) {
        check(
            group().add(named("between")).add(first).add(second),
            E::EqualSalts {
                set: owned("second"),
                other: owned("first"),
                salt: owned(salt),
            },
            &format!(
                "set \"second\": its salt {salt:?} is that of set \"first\", so their tracks \
                 would always go together"
            ),
        );
    }

    let (first, second) = (|| named("first"), || named("second"));
    check_equal(second().salt("first"), first(), "first");
    check_equal(second(), first().salt("second"), "second");
    check_equal(second().salt(""), first().salt(""), "");
    check_equal(
        second().salt("x").phase(2),
        first().salt("x").phase(2),
        "x@2",
    );

    for (second, first) in [
        (second(), first()),
        (second().phase(2), first().phase(2)),
        (second().salt("first").phase(2), first()),
        (second().salt("first").phase(2), first().phase(3)),
        (second().salt("first"), first().salt("second")),
        (second().salt("First"), first()),
    ] {
        assert!(group().add(first).add(second).build().is_ok());
    }
}

#[test]
fn mixed_units() {
    check(
        group()
            .add(delay().unit_kind("user"))
            .add(named("banner").unit_kind("user"))
            .add(named("pricing")),
        E::MixedUnits {
            set: owned("pricing"),
            unit: owned("visitor"),
            group_unit: owned("user"),
        },
        "set \"pricing\": its unit \"visitor\" is not \"user\", the unit of its group; a group \
         has one key and so one unit",
    );
}

#[test]
fn settings_that_the_python_scheme_does_not_support() {
    use tower_tracks::assign::Bucketing;

    for (definition, setting) in [
        (delay().share(0.5), "share"),
        (delay().phase(2), "phase"),
        (delay().track_weight("long", 2), "weights of tracks"),
        (delay().track_weight("long", 0), "weights of tracks"),
    ] {
        check(
            group().bucketing(Bucketing::Python).add(definition),
            E::Unsupported {
                set: owned("delay"),
                setting,
                bucketing: "python",
            },
            &format!("set \"delay\": the bucketing \"python\" knows no {setting}"),
        );
    }
    let explicit = delay()
        .share(1.0)
        .phase(1)
        .track_weight("long", 1)
        .weight(7);
    assert!(
        group()
            .add(explicit)
            .bucketing(Bucketing::Python)
            .build()
            .is_ok()
    );
}

#[test]
fn the_set_at_fault_is_named() {
    check(
        group()
            .add(delay())
            .add(named("banner"))
            .add(named("pricing").phase(0)),
        E::PhaseZero {
            set: owned("pricing"),
        },
        "set \"pricing\": the phase is 0; the first phase is 1",
    );
}

#[test]
fn a_typed_set_without_control() {
    let tracks = [TypedTrack::new("red", Colour::Red)];
    check(
        group().add(TypedTrackSet::new("colour", tracks)),
        E::NoControl {
            set: owned("colour"),
        },
        "set \"colour\": a typed set needs a control",
    );
}

#[test]
fn names_of_groups() {
    for name in ["", "Catalog", "delay/", "/", "a b"] {
        check(
            group().name(name).add(delay()),
            E::GroupName { group: owned(name) },
            &format!(
                "group {name:?}: a group's name is of names of sets, joined by `/`; each is {SET_RULE}"
            ),
        );
    }
}
