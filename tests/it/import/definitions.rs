//! The definitions of the given sets come into the store with the exposures of a log.

use tower_tracks::{
    MultiTrackSet, SimpleTrackSet,
    files::{AccessLog, Import, Imported},
    report::{RatioState, Reporter},
    store::{Memory, Phase, Store, Timestamp},
};

use super::{
    super::sinks::{at, builder, expose, units},
    check_bad, twice,
};

const SECOND: i64 = 1_773_221_213;

fn sets(weight: u64) -> MultiTrackSet {
    let delay = SimpleTrackSet::new("delay").track("2s", 2000);
    delay.weight(weight).build().unwrap()
}

/// Returns lines of as many units, the last of which are the earliest.
fn log(units: i64, track: impl Fn(i64) -> &'static str) -> String {
    let line = |n: i64| {
        let (at, track) = (SECOND + units - n, track(n));
        format!("a - - [{at}] \"GET /\" 200 2 \"delay={track};unit=\"{n:032x}\"\"\n")
    };
    (0..units).map(line).collect()
}

fn import(store: &Memory, text: &str, sets: &[&MultiTrackSet]) -> Imported {
    let imported = twice(store, || {
        let import = Import::access_log(text.as_bytes(), AccessLog::combined());
        import.sets(sets.iter().flat_map(|sets| sets.sets()))
    });
    check_bad(&imported, &[]);
    imported
}

fn phase(store: &Memory) -> Phase {
    store.phases().unwrap().remove(0)
}

fn half(n: i64) -> &'static str {
    ["control", "\"2s\""][(n % 2) as usize]
}

#[test]
fn the_sample_ratio_of_imported_exposures_is_checked() {
    let few = |n: i64| ["control", "\"2s\""][usize::from(n % 10 == 0)];
    for (track, expected) in [
        (half as fn(i64) -> &'static str, RatioState::Fine),
        (few, RatioState::Mismatch),
    ] {
        let store = Memory::default();
        let imported = import(&store, &log(6_000, track), &[&sets(1)]);
        assert_eq!(imported.written.exposures.new, 6_000);
        let as_of = Timestamp::from_micros((SECOND + 90_000) * 1_000_000);
        let report = Reporter::new(&store, as_of).compute().unwrap();
        let ratio = report.phases[0].health.sample_ratio.known().unwrap();
        assert_eq!(ratio.state, expected);
    }
}

#[test]
fn a_definition_is_stored_with_its_first_exposure() {
    let store = Memory::default();
    import(&store, &log(6_000, half), &[&sets(1)]);
    let [definition] = &phase(&store).definitions[..] else {
        panic!("{:?}", phase(&store))
    };
    assert_eq!(definition.first_at.as_micros(), (SECOND + 1) * 1_000_000);
    let set = sets(1);
    let set = set.sets().next().unwrap();
    assert_eq!(definition.fingerprint, *set.fingerprint().as_bytes());
    assert_eq!(*definition.json, serde_json::to_string(set).unwrap());
    // A log of an earlier time is under the same definition.
    let earlier = log(1, half).replace(&(SECOND + 1).to_string(), &(SECOND - 9).to_string());
    import(&store, &earlier, &[&sets(1)]);
    let first_at = phase(&store).definitions[0].first_at;
    assert_eq!(first_at.as_micros(), (SECOND - 9) * 1_000_000);
}

#[test]
fn sets_without_exposures_are_not_stored() {
    let store = Memory::default();
    import(&store, "", &[&sets(1)]);
    assert_eq!(store.phases().unwrap(), []);
}

/// Which of them was in force at the time of a line is in no log.
#[test]
fn a_definition_is_not_stored_beside_another_one_of_its_phase() {
    let other = SimpleTrackSet::new("delay").track("2s", 2000).salt("other");
    let other = other.build().unwrap();
    let store = Memory::default();
    import(&store, &log(10, half), &[&sets(1), &other, &other]);
    assert!(phase(&store).definitions.is_empty());

    let store = std::sync::Arc::new(Memory::default());
    let recorder = builder(units()).store(store.clone()).start();
    let recorder = recorder.unwrap();
    expose(&recorder, &other, "alice", at(0));
    recorder.flush().wait().unwrap();
    import(&store, &log(10, half), &[&sets(1)]);
    let [definition] = &phase(&store).definitions[..] else {
        panic!("{:?}", phase(&store))
    };
    let set = other.sets().next().unwrap();
    assert_eq!(definition.fingerprint, *set.fingerprint().as_bytes());
}
