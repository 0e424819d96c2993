//! A set whose unit changes within its phase.

use std::sync::Arc;

use tower_tracks::{
    MultiTrackSet, Observe, SimpleTrackSet,
    record::{Recorder, Tally},
    store::{LostReason, Memory, Store},
};

use super::{LONG, builder, exposure};

fn delay_of(unit: &str) -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay").track("long", 2000_u64);
    set.unit_kind(unit).build().unwrap()
}

fn start(store: &Arc<Memory>) -> Recorder {
    let recorder = builder().store(store.clone());
    recorder.start().unwrap()
}

/// Exposes 500 keys in a program of its own, and returns what became of that.
fn run(store: &Arc<Memory>, unit: &str) -> Tally {
    let (recorder, sets) = (start(store), delay_of(unit));
    for key in 0..500_u64 {
        recorder.observe(&exposure(&sets, key));
    }
    let tally = recorder.shutdown(LONG).wait().get("store").unwrap();
    let of_unit = |lost: &tower_tracks::record::Lost| lost.reason == LostReason::OtherUnit;
    let lost: u64 = recorder
        .losses()
        .iter()
        .filter(|lost| of_unit(lost))
        .map(|lost| lost.n)
        .sum();
    assert_eq!((lost, tally.waiting()), (tally.dropped, 0));
    tally
}

fn kinds(store: &Memory) -> Vec<String> {
    let phases = store.phases().unwrap();
    phases
        .iter()
        .map(|phase| phase.name.kind.to_string())
        .collect()
}

#[test]
fn a_phase_keeps_to_its_unit() {
    let store = Arc::new(Memory::default());
    for (unit, written) in [("visitor", 500), ("user", 0), ("visitor", 0), ("user", 0)] {
        let tally = run(&store, unit);
        assert_eq!(tally.written, written, "{unit}: {tally}");
        assert_eq!(
            tally.dropped,
            if unit == "user" { 500 } else { 0 },
            "{tally}"
        );
    }
    assert_eq!(kinds(&store), ["visitor"]);
    let losses = store.losses().unwrap();
    assert!(losses.iter().all(|loss| &*loss.reason == "other-unit"));
    assert_eq!(losses.iter().map(|loss| loss.n).sum::<u64>(), 1000);
}

/// Also where the store knows nothing yet.
#[test]
fn of_two_units_in_one_program_the_first_stays() {
    let store = Arc::new(Memory::default());
    let (recorder, users, visitors) = (start(&store), delay_of("user"), delay_of("visitor"));
    for key in 0..20_u64 {
        recorder.observe(&exposure(&users, key));
        recorder.observe(&exposure(&visitors, key));
    }
    let tally = recorder.shutdown(LONG).wait().get("store").unwrap();
    assert_eq!((tally.written, tally.dropped), (20, 20), "{tally}");
    assert_eq!(kinds(&store), ["user"]);
}

#[test]
fn stores_whose_phases_differ_are_not_merged() {
    let stores = ["visitor", "user"].map(|unit| {
        let store = Arc::new(Memory::default());
        run(&store, unit);
        store
    });
    let error = stores[0].merge(&*stores[1]).unwrap_err();
    let expected = "phase 1 of set \"delay\" is about the unit \"visitor\", and not \"user\"; the \
                    stores cannot be merged";
    assert_eq!(error.to_string(), expected);
    assert_eq!(kinds(&stores[0]), ["visitor"]);
}
