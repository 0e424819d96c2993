//! Names of phases, tracks and goals.

use std::sync::Arc;

use crate::{
    event::Goal,
    store::{
        ErasedRow, Store, StoreErrorKind,
        conformance::{
            dumped,
            fixtures::{Fact, at, batch, goals, loss, phases, track, units, writer},
        },
    },
};

use super::facts::{exposed, long, reached};

/// Names without a row are known, and sorted by bytes, control first.
pub fn names_without_rows_are_listed(store: &dyn Store) {
    let names = ["a", "B", "control", "a_1"];
    let facts = phases()
        .into_iter()
        .rev()
        .flat_map(|phase| names.map(|name| Fact::Track(track(&phase, name))));
    store.write(&batch(&facts.collect::<Vec<_>>())).unwrap();
    let known = store.phases().unwrap();
    let phases: Vec<String> = known.iter().map(|phase| phase.name.to_string()).collect();
    assert_eq!(phases, ["*delay@10", "delay", "delay@2", "delay.x"]);
    let tracks: Vec<Arc<str>> = known[0]
        .tracks
        .iter()
        .map(|name| name.track.clone())
        .collect();
    assert_eq!(tracks.concat(), "controlBaa_1");
}

/// The first kind of a phase and the first control of a track stay.
pub fn the_first_kind_of_a_phase_stays(store: &dyn Store) {
    let fact = exposed(units()[0], 5, None);
    store.write(&batch(std::slice::from_ref(&fact))).unwrap();
    store.write(&batch(&[fact.mistaken()])).unwrap();
    let phases = store.phases().unwrap();
    assert_eq!((phases.len(), &phases[0].name), (1, &long().phase));
    assert_eq!(phases[0].tracks, [long()]);
    assert_eq!(store.history(units()[0]).unwrap().exposures.len(), 1);
}

/// A row that refers to an unlisted item is refused, and so is the rest of its batch.
pub fn a_row_with_an_unlisted_goal_is_refused(store: &dyn Store) {
    let mut torn = batch(&[exposed(units()[0], 5, None), reached(units()[0], 5, 1)]);
    // The batch lists one goal, whose index is 0.
    torn.conversions[0].goal = 1;
    let error = store.write(&torn).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert!(dumped(store).is_empty());
}

/// Goals with a conversion are returned, sorted by bytes.
pub fn goals_are_sorted(store: &dyn Store) {
    assert!(store.goals().unwrap().is_empty());
    let facts = goals().into_iter();
    let facts = facts.map(|goal| Fact::reached(goal, units()[0], at(5), 1));
    store.write(&batch(&facts.collect::<Vec<_>>())).unwrap();
    let known = store.goals().unwrap();
    let names: Vec<&str> = known.iter().map(Goal::as_str).collect();
    assert_eq!(names, ["b-1", "b_1", "purchase"]);
}

/// A goal that a batch only lists is not returned, nor is one whose conversions were deleted. A lost
/// conversion is enough.
pub fn goals_have_conversions_or_losses(store: &dyn Store) {
    let [purchase, refund, visit] = goals().try_into().unwrap();
    let unit = units()[0];
    let facts = [
        Fact::reached(purchase.clone(), unit, at(5), 1),
        Fact::Loss(
            None,
            Some(refund.clone()),
            writer(0),
            loss("lines", "full", 1),
        ),
        Fact::Goal(visit),
    ];
    store.write(&batch(&facts)).unwrap();
    assert_eq!(store.goals().unwrap(), [refund.clone(), purchase]);
    store.erase(ErasedRow::new(unit, at(5))).unwrap();
    assert_eq!(store.goals().unwrap(), [refund]);
}

/// Rows that this crate allows are not counted as invalid, and the store counts no replacement.
pub fn valid_rows_are_not_invalid(store: &dyn Store) {
    let unit = units()[0];
    store
        .write(&batch(&[exposed(unit, 5, None), reached(unit, 5, 1)]))
        .unwrap();
    assert!(store.invalid_rows().unwrap().is_empty());
    assert_eq!(store.replacements().unwrap(), 0);
}
