//! How things are shown, and what the compiler knows of them.

use std::rc::Rc;

use tower_tracks::{
    Choice, DefinitionError, Key, MultiTrackSet, ParamTrackSet, Reason, SimpleTrackSet,
    assign::{
        Bucketing, Fingerprint, MultiTrackSetBuilder, RunId, Set, Track, TypedTrack, TypedTrackSet,
    },
};

use super::{Colour, delay, named};

#[test]
fn choices_say_set_and_track_or_why_there_is_none() {
    let waits = delay().build().unwrap();
    assert_eq!(waits.assign("alice", &()).to_string(), "delay/short");
    let outside = delay().share(0.0).build().unwrap();
    assert_eq!(
        outside.assign("alice", &()).to_string(),
        "delay (outside-share)"
    );
    let nobody = delay().eligible(|(): &()| false).build().unwrap();
    assert_eq!(nobody.assign("alice", &()).to_string(), "(ineligible)");
}

#[test]
fn reasons_are_as_they_are_recorded() {
    for (reason, text) in [
        (Reason::Bucketed, "bucketed"),
        (Reason::OutsideShare, "outside-share"),
        (Reason::Ineligible, "ineligible"),
        (Reason::Paused, "paused"),
        (Reason::NoKey, "no-key"),
    ] {
        assert_eq!((reason.as_str(), reason.to_string().as_str()), (text, text));
    }
}

#[test]
fn a_key_outside_the_share_has_a_digest_and_no_coin() {
    let outside = delay().share(0.0).build().unwrap();
    let choice = outside.assign("alice", &());
    assert!(choice.digest().is_some() && choice.coin().is_none());
    assert!(!choice.is_control(), "not enrolled is not control");
    assert_eq!(choice.value::<u32>(), None);
}

#[test]
fn debug_never_shows_the_key() {
    let group = delay().build().unwrap();
    let long = "secret-".repeat(20);
    for key in [
        Key::from("secret"),
        Key::from("secret".to_owned()),
        Key::from(&long),
        Key::from(long.clone()),
        Key::from(4_815_162_342_u64),
        Key::parts(["secret", "42"]),
    ] {
        assert_eq!(format!("{key:?}"), "Key(..)");
        let choice = group.assign(&key, &());
        for debug in [format!("{choice:?}"), format!("{choice:#?}")] {
            assert!(
                !debug.contains("secret") && !debug.contains("4815162342"),
                "{debug}"
            );
        }
    }
    assert_eq!(
        format!("{:?}", group.assign("alice", &())),
        r#"Choice { group: "delay", set: Some("delay"), track: Some("short"), reason: Bucketed, .. }"#,
    );
}

#[test]
fn definitions_and_groups_debug() {
    let definition = format!("{:?}", delay());
    assert!(definition.starts_with("SimpleTrackSet(") && definition.contains("\"short\""));
    let params = ParamTrackSet::new("pricing", [1], |n| format!("by_{n}"));
    assert!(format!("{params:?}").starts_with("ParamTrackSet("));
    assert!(format!("{:?}", Colour::named("colour")).starts_with("TypedTrackSet("));
    let builder = MultiTrackSet::builder().add(delay()).add(named("banner"));
    assert!(format!("{builder:?}").starts_with("MultiTrackSetBuilder"));
    let group = format!("{:?}", builder.build().unwrap());
    assert!(
        group.starts_with("MultiTrackSet(") && group.contains("delay/banner"),
        "{group}"
    );
}

#[test]
fn a_built_set_can_be_read() {
    let set = delay()
        .weight(7)
        .salt("Größe")
        .phase(3)
        .share(0.25)
        .unit_kind("user");
    let group = MultiTrackSet::builder()
        .name("waiting")
        .add(set)
        .build()
        .unwrap();
    assert_eq!(group.name(), "waiting");
    let set = group.sets().next().unwrap();
    assert_eq!((set.name(), set.salt()), ("delay", "Größe"));
    assert_eq!((set.phase(), set.effective_salt().as_str()), (3, "Größe@3"));
    assert_eq!(
        (set.weight(), set.share(), set.unit_kind()),
        (7, 0.25, "user")
    );
    assert_eq!(
        (set.bucketing(), set.bucketing().as_str()),
        (Bucketing::V1, "v1")
    );

    let defaults = delay().build().unwrap();
    let set = defaults.sets().next().unwrap();
    assert_eq!((set.salt(), set.phase(), set.weight()), ("delay", 1, 100));
    assert_eq!((set.share(), set.unit_kind()), (1.0, "visitor"));
    assert!(set.tracks().iter().all(|track| track.weight() == 1));
}

/// The fingerprint is computed by Python's hashlib, see `fingerprint`.
#[test]
fn a_definition_as_json() {
    let group = SimpleTrackSet::new("pricing")
        .track("cheap", -1)
        .track("expensive", 1)
        .track_weight("cheap", 2)
        .track_weight("expensive", 3)
        .phase(2)
        .share(0.5)
        .weight(1000)
        .unit_kind("user")
        .build()
        .unwrap();
    let json = serde_json::to_string(group.sets().next().unwrap()).unwrap();
    let expected = concat!(
        r#"{"name":"pricing","bucketing":"v1","salt":"pricing","phase":2,"unit":"user","#,
        r#""weight":1000,"share":0.5,"tracks":[{"name":"control","weight":1,"control":true},"#,
        r#"{"name":"cheap","weight":2,"control":false},"#,
        r#"{"name":"expensive","weight":3,"control":false}],"#,
        r#""fingerprint":"e20d83009f8b4fce40c6795a44a0dc6939b7c2b77c878515c3ddcb4b02f043d3"}"#,
    );
    assert_eq!(json, expected);
}

#[test]
fn the_python_scheme_as_json() {
    let group = MultiTrackSet::builder()
        .bucketing(Bucketing::Python)
        .add(delay());
    let group = group.build().unwrap();
    let json = serde_json::to_value(group.sets().next().unwrap()).unwrap();
    assert_eq!(json["bucketing"], "python");
    assert_eq!(json["tracks"][1]["name"], "long");
}

/// The context need be neither, since a group holds none.
#[test]
fn types_go_between_threads() {
    fn is_send_sync<T: Send + Sync + 'static>() {}
    fn is_clone<T: Clone>() {}
    fn is_send<T: Send>(_: &T) {}

    is_send_sync::<Bucketing>();
    is_send_sync::<Choice<'static>>();
    is_send_sync::<DefinitionError>();
    is_send_sync::<Fingerprint>();
    is_send_sync::<Key<'static>>();
    is_send_sync::<MultiTrackSet<Rc<()>>>();
    is_send_sync::<MultiTrackSetBuilder>();
    is_send_sync::<ParamTrackSet<u8>>();
    is_send_sync::<Reason>();
    is_send_sync::<RunId>();
    is_send_sync::<Set>();
    is_send_sync::<SimpleTrackSet<u8>>();
    is_send_sync::<Track>();
    is_send_sync::<TypedTrack<Colour>>();
    is_send_sync::<TypedTrackSet<Colour>>();

    is_clone::<Bucketing>();
    is_clone::<Choice<'static>>();
    is_clone::<DefinitionError>();
    is_clone::<Fingerprint>();
    is_clone::<Key<'static>>();
    is_clone::<MultiTrackSet<Rc<()>>>();
    is_clone::<Reason>();
    is_clone::<RunId>();
    is_clone::<Track>();
    is_clone::<TypedTrack<Colour>>();

    let group = delay().build().unwrap();
    let choice = group.assign("alice", &());
    is_send(&choice.run_async(&mut 50));
}

#[test]
fn clones_choose_alike() {
    let group = delay().build().unwrap();
    let clone = group.clone();
    drop(group);
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let group = clone.clone();
            std::thread::spawn(move || group.assign("alice", &()).to_string())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), "delay/short");
    }
}
