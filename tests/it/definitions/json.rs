//! Definitions are read as they were written.

use serde_json::{Value, json};
use tower_tracks::{MultiTrackSet, ParamTrackSet, SimpleTrackSet, assign::StoredSets};

fn read(json: &Value) -> Result<StoredSets, serde_json::Error> {
    serde_json::from_str(&json.to_string())
}

fn group() -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay")
        .track("short", 500)
        .track("long", 2000);
    let pricing = ParamTrackSet::new("pricing", -2..=2_i64, |delta| format!("by_{delta}"));
    MultiTrackSet::builder()
        .name("catalog")
        .add(
            delay
                .salt("Größe")
                .phase(3)
                .share(0.25)
                .track_weight("long", 1 << 32),
        )
        .add(pricing.control("by_0").weight(7))
        .build()
        .unwrap()
}

#[test]
fn definitions_read_from_json_assign_alike() {
    let written = group();
    let read = read(&serde_json::to_value(&written).unwrap()).unwrap();
    assert_eq!(format!("{read:?}"), format!("StoredSets({written:?})"));
    for key in 0..1000 {
        let (one, other) = (written.assign(key, &()), read.assign(key, |_| true));
        assert_eq!(one.to_string(), other.to_string());
        assert_eq!(
            (one.digest(), one.is_control()),
            (other.digest(), other.is_control())
        );
    }
}

#[test]
fn the_order_of_the_python_scheme_is_kept() {
    // By their methods' names, `up_a` comes before `up`.
    let set = || SimpleTrackSet::new("delay").track("up", 1).track("up_a", 2);
    let params = ParamTrackSet::new("pricing", [2, 1], |delta| format!("by_{delta}"));
    let written = MultiTrackSet::builder()
        .bucketing(tower_tracks::assign::Bucketing::Python)
        .add(set())
        .add(params)
        .build()
        .unwrap();
    let read = read(&serde_json::to_value(&written).unwrap()).unwrap();
    for key in 0..1000 {
        let (one, other) = (written.assign(key, &()), read.assign(key, |_| true));
        assert_eq!(one.to_string(), other.to_string());
    }
}

/// The dimension is written, and the closure that finds a segment is code.
#[test]
fn the_dimension_of_segments_is_read() {
    let set = SimpleTrackSet::new("delay").track("long", 2000);
    let set = set.segment("device", |device: &String| device);
    let written = set.build().unwrap();
    let json = serde_json::to_value(&written).unwrap();
    assert_eq!(json["sets"][0]["segment"], "device");
    let read = read(&json).unwrap();
    let dimension = read
        .sets()
        .next()
        .and_then(|set| set.segment().map(str::to_owned));
    assert_eq!(dimension.as_deref(), Some("device"));
    let device = "mobile".to_owned();
    for key in 0..100 {
        let (one, other) = (written.assign(key, &device), read.assign(key, |_| true));
        assert_eq!(one.to_string(), other.to_string());
        assert_eq!((one.segment(), other.segment()), (Some("mobile"), None));
    }
}

#[test]
fn an_empty_group_is_read_as_well() {
    let written = MultiTrackSet::builder().build().unwrap();
    let read = read(&serde_json::to_value(&written).unwrap()).unwrap();
    assert_eq!(read.assign("alice", |_| true).to_string(), "(ineligible)");
}

#[test]
fn fields_with_defaults_may_be_omitted() {
    let read = read(&json!({"name": "g", "sets": [{"name": "s", "tracks": [{"name": "a"}]}]}));
    let set = SimpleTrackSet::new("s").without_control().track("a", ());
    let built = MultiTrackSet::builder().name("g").add(set).build().unwrap();
    assert_eq!(
        format!("{:?}", read.unwrap()),
        format!("StoredSets({built:?})")
    );
}

/// Eligibility is not in the JSON; the caller passes it.
#[test]
fn eligibility_is_said_by_the_caller() {
    let written = group();
    let read = read(&serde_json::to_value(&written).unwrap()).unwrap();
    let choice = read.assign("alice", |set| set.name() == "pricing");
    assert_eq!(choice.set(), Some("pricing"));
    assert_eq!(read.assign("alice", |_| false).to_string(), "(ineligible)");
}

#[track_caller]
fn check_refused(set: Value, expected: &str) {
    let error = read(&json!({"name": "g", "sets": [set]}))
        .unwrap_err()
        .to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn invalid_definitions_are_refused() {
    let tracks = json!([{"name": "a"}]);
    check_refused(json!({"name": "Ä", "tracks": tracks}), "a set's name is");
    check_refused(json!({"name": "s", "tracks": []}), "a set needs a track");
    check_refused(json!({"name": "s"}), "missing field `tracks`");
    check_refused(
        json!({"name": "s", "tracks": tracks, "share": 2}),
        "not from 0 to 1",
    );
    check_refused(json!({"name": "s", "tracks": tracks, "phase": -1}), "-1");
    check_refused(
        json!({"name": "s", "tracks": tracks, "bucketing": "v9"}),
        "\"v9\" is not known",
    );
    let controls = json!([{"name": "a", "control": true}, {"name": "b", "control": true}]);
    check_refused(json!({"name": "s", "tracks": controls}), "both control");
    check_refused(
        json!({"name": "s", "tracks": tracks, "fingerprint": "00"}),
        "its fingerprint is",
    );
}

#[test]
fn a_set_is_of_its_groups_bucketing() {
    let set = json!({"name": "s", "bucketing": "python", "tracks": [{"name": "a"}]});
    check_refused(set, "its bucketing is not that of its group");
}
