use tower_tracks::{
    Key, Units,
    store::{Memory, Store, Timestamp},
    unit::Unit,
};

use super::{reported::check_report, said::said};

/// 2026-01-05, when the facts begin, and the time of the questions.
const START: i64 = 1_767_571_200_000_000;
pub(super) const AS_OF: i64 = 1_768_824_000_000_000;
const HOUR: i64 = 3_600_000_000;

/// Fails unless a store that was migrated answers as it did before, and has the new facts.
#[track_caller]
pub(super) fn is_as_before(store: &dyn Store) {
    answers(store);
    plans(store);
    assert!(store.readouts("plan").unwrap().is_empty());
    migration_adds_no_facts(store);
    check_report(store);
    let merged = Memory::default();
    merged.merge(store).unwrap();
    plans(&merged);
}

#[track_caller]
fn answers(store: &dyn Store) {
    let expected = include_str!("../../../fixtures/v1/said.txt").lines();
    let expected: Vec<&str> = expected.collect();
    let said = said(store, Timestamp::from_micros(AS_OF), &units());
    let only = said.iter().filter(|line| !expected.contains(&&***line));
    let missing = expected
        .iter()
        .filter(|line| !said.iter().any(|said| said == *line));
    let (only, missing): (Vec<_>, Vec<_>) = (only.take(5).collect(), missing.take(5).collect());
    assert!(
        said == expected,
        "said now: {only:#?}\nsaid before: {missing:#?}"
    );
}

/// The units whose histories are compared.
fn units() -> Vec<Unit> {
    let unit = |kind: &str, key: &str| Units::raw().unit(kind, &Key::from(key));
    vec![
        unit("visitor", "visitor 3"),
        unit("user", "user 3"),
        unit("visitor", "visitor 7"),
        unit("visitor", "visitor 13"),
    ]
}

/// The read-outs of plans became the log.
#[track_caller]
fn plans(store: &dyn Store) {
    let phases = store.phases().unwrap().into_iter();
    let plans = phases.flat_map(|phase| {
        let plans = phase.plans.into_iter();
        plans.map(move |plan| (phase.name.to_string(), plan.first_at.as_micros(), plan.json))
    });
    let plans: Vec<_> = plans.collect();
    let [(delay, at, json), (pricing, start, hypothesis)] = &plans[..] else {
        panic!("{plans:?}");
    };
    assert_eq!((delay.as_str(), *at), ("delay", START + HOUR));
    assert_eq!((pricing.as_str(), *start), ("pricing", START));
    assert!(json.contains("300") && hypothesis.contains("a coconut that costs less"));
}

/// What is not known of an exposure stays unknown, so that it does not depend on when stores merge.
#[track_caller]
fn migration_adds_no_facts(store: &dyn Store) {
    let mut exposures = 0;
    let dump = store.dump(&mut |batch| {
        exposures += batch.exposures.len();
        let mut rows = batch.exposures.iter();
        assert!(rows.all(|row| row.definition.is_none() && row.segment.is_none()));
        Ok(())
    });
    dump.unwrap();
    assert_eq!(exposures, 844);
}
