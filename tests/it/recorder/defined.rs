//! Definitions and plans of sets: they are stored with the first exposures under them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::{Duration, SystemTime},
};

use tower::Layer;
use tower_tracks::{
    Key, Metric, MultiTrackSet, Observe, Plan, SimpleTrackSet, TracksLayer,
    assign::Set,
    record::Recorder,
    store::{
        Batch, Memory, Phase, PlanEntry, PlanRow, Store, StoreError, StoreErrorKind, Timestamp,
    },
};

use super::{builder, delay, exposure_at, faulty::Faulty, phase_of_delay};

/// Returns the time so many seconds after 2026-03-11, 09:26:53.
fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_221_213 + seconds)
}

/// Returns the set of a group of one.
fn only(sets: &MultiTrackSet) -> &Set {
    sets.sets().next().unwrap()
}

fn weighted(long: u64) -> MultiTrackSet {
    let set = SimpleTrackSet::new("delay").track("long", ());
    set.track_weight("long", long).build().unwrap()
}

fn planned(goal: &'static str) -> MultiTrackSet {
    let plan = Plan::default().primary(Metric::rate(goal));
    let set = SimpleTrackSet::new("delay").track("long", ());
    set.plan(plan).build().unwrap()
}

/// Exposes keys at times, in one batch.
fn expose(recorder: &Recorder, sets: &MultiTrackSet, exposures: &[(u64, u64)]) {
    for (key, seconds) in exposures {
        recorder.observe(&exposure_at(sets, *key, at(*seconds)));
    }
    recorder.flush().wait().unwrap();
}

/// Has a program of its own expose keys, and end.
fn run(store: &Arc<Memory>, sets: &MultiTrackSet, exposures: &[(u64, u64)]) {
    let recorder = builder().age(super::LONG).store(store.clone());
    expose(&recorder.start().unwrap(), sets, exposures);
}

fn phase(store: &dyn Store) -> Phase {
    let mut phases = store.phases().unwrap();
    assert_eq!(phases.len(), 1, "{phases:?}");
    phases.remove(0)
}

/// Returns which definition each exposed unit has, by the exposures' order of time.
fn under(store: &dyn Store) -> Vec<[u8; 32]> {
    let mut rows = Vec::new();
    let dump = store.dump(&mut |batch: Batch| {
        rows.extend(batch.exposures.iter().map(|row| {
            let name = &batch.definition_names()[row.definition.unwrap() as usize];
            assert_eq!(name.phase, phase_of_delay());
            (row.first_at, name.fingerprint)
        }));
        Ok(())
    });
    dump.unwrap();
    rows.sort();
    rows.into_iter()
        .map(|(_, fingerprint)| fingerprint)
        .collect()
}

fn entry(seconds: u64, sets: &MultiTrackSet) -> PlanEntry {
    let json = serde_json::to_string(only(sets).plan().unwrap()).unwrap();
    PlanEntry::new(Timestamp::from(at(seconds)), json.into())
}

#[test]
fn a_set_without_an_exposure_is_not_stored() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let _ = TracksLayer::new(planned("visit"))
        .observe(recorder.clone())
        .layer(());
    recorder.flush().wait().unwrap();
    assert!(store.phases().unwrap().is_empty());
    drop(recorder.shutdown(super::LONG).wait());
    assert!(store.phases().unwrap().is_empty());
}

#[test]
fn a_set_is_stored_with_its_first_exposures() {
    let store = Arc::new(Memory::default());
    let sets = delay();
    run(&store, &sets, &[(1, 20), (2, 10), (3, 30)]);
    let phase = phase(&*store);
    assert_eq!(phase.name, phase_of_delay());
    let tracks: Vec<&str> = phase.tracks.iter().map(|track| &*track.track).collect();
    assert_eq!(tracks, ["control", "long", "short"]);
    let [definition] = &phase.definitions[..] else {
        panic!("{phase:?}");
    };
    assert_eq!(definition.first_at, Timestamp::from(at(10)));
    assert_eq!(
        &definition.fingerprint,
        only(&sets).fingerprint().as_bytes()
    );
    let json: serde_json::Value = serde_json::from_str(&definition.json).unwrap();
    assert_eq!(json, serde_json::to_value(only(&sets)).unwrap());
    assert!(phase.plans.is_empty());
}

/// A key that was exposed before keeps the definition of then.
#[test]
fn exposures_have_the_definition_that_assigned_them() {
    let store = Arc::new(Memory::default());
    let (before, after) = (weighted(1), weighted(3));
    run(&store, &before, &[(1, 10)]);
    let moved = (0..).find(|key: &u64| {
        let track = |sets: &MultiTrackSet| sets.assign(*key, &()).track().map(str::to_owned);
        *key > 1 && track(&before) == track(&after)
    });
    run(&store, &after, &[(moved.unwrap(), 20)]);
    run(&store, &before, &[(moved.unwrap(), 30)]);
    let prints = [&before, &after].map(|sets| *only(sets).fingerprint().as_bytes());
    assert_eq!(under(&*store), prints);
    let definitions = phase(&*store).definitions;
    let held = definitions.iter().map(|definition| definition.fingerprint);
    assert_eq!(held.collect::<Vec<_>>(), prints);
}

#[test]
fn plans_are_a_log_of_programs_that_exposed() {
    let store = Arc::new(Memory::default());
    let (visits, purchases) = (planned("visit"), planned("purchase"));
    run(&store, &visits, &[(1, 10), (2, 5)]);
    // Started again, nothing has changed.
    run(&store, &planned("visit"), &[(3, 20)]);
    run(&store, &purchases, &[(4, 30)]);
    run(&store, &visits, &[(5, 40)]);
    // A delayed queue of the first program.
    run(&store, &visits, &[(6, 25)]);
    let expected = [entry(5, &visits), entry(30, &purchases), entry(40, &visits)];
    assert_eq!(phase(&*store).plans, expected);
    // A plan that began earlier than any other that is known.
    run(&store, &visits, &[(7, 1)]);
    assert_eq!(phase(&*store).plans[0], entry(1, &visits));
}

#[test]
fn a_plan_is_compared_by_meaning() {
    let store = Arc::new(Memory::default());
    let visits = planned("visit");
    run(&store, &visits, &[(1, 10)]);
    let mut batch = Batch::default();
    let plan = entry(20, &visits);
    let json = plan
        .json
        .replacen('{', "{\"written_by_a_later_version\": 1,", 1);
    let phase_index = batch.phase(&phase_of_delay());
    let row = PlanRow::new(phase_index, plan.first_at, json.into());
    batch.plans.push(row);
    store.write(&batch).unwrap();
    run(&store, &visits, &[(2, 30)]);
    assert_eq!(phase(&*store).plans.len(), 2);
}

/// One program may have several.
#[test]
fn each_set_of_one_program_is_stored() {
    let store = Arc::new(Memory::default());
    let recorder = builder().store(store.clone()).start().unwrap();
    let (visits, purchases) = (planned("visit"), planned("purchase"));
    expose(&recorder, &visits, &[(1, 10)]);
    expose(&recorder, &purchases, &[(2, 20)]);
    expose(&recorder, &planned("visit"), &[(3, 30)]);
    let plans = phase(&*store).plans;
    let expected = [
        entry(10, &visits),
        entry(20, &purchases),
        entry(30, &visits),
    ];
    assert_eq!(plans, expected);
    assert_eq!(phase(&*store).definitions.len(), 1);
}

#[test]
fn a_write_that_fails_takes_the_definition_along_when_it_is_tried_again() {
    let fails = AtomicBool::new(true);
    let store = Faulty::new(move |batch| match batch.exposures.is_empty() {
        false if fails.swap(false, SeqCst) => Err(StoreError::new(
            StoreErrorKind::Busy,
            "another program writes",
        )),
        _ => Ok(()),
    });
    let recorder = builder().store(store.clone()).start().unwrap();
    let visits = planned("visit");
    recorder.observe(&exposure_at(&visits, 1, at(10)));
    let begin = std::time::Instant::now();
    while recorder.flush().wait().is_err() {
        assert!(begin.elapsed() < super::LONG);
    }
    let phase = phase(&store);
    assert_eq!(phase.definitions.len(), 1);
    assert_eq!(phase.plans, [entry(10, &visits)]);
}

/// Of the refused exposure nothing is written, but of the other all.
#[test]
fn a_refused_exposure_leaves_its_definition_to_the_next() {
    let refused = super::units().unit("visitor", &Key::from(1_u64));
    let store = Faulty::new(move |batch: &Batch| {
        match batch.exposures.iter().any(|row| row.unit == refused) {
            true => Err(StoreError::new(StoreErrorKind::Refused, "not this one")),
            false => Ok(()),
        }
    });
    let recorder = builder().store(store.clone()).start().unwrap();
    let visits = planned("visit");
    expose(&recorder, &visits, &[(1, 10)]);
    assert!(
        store
            .phases()
            .unwrap()
            .iter()
            .all(|phase| phase.definitions.is_empty())
    );
    expose(&recorder, &visits, &[(2, 20)]);
    let phase = phase(&store);
    assert_eq!(phase.definitions[0].first_at, Timestamp::from(at(20)));
    assert_eq!(phase.plans, [entry(20, &visits)]);
}
