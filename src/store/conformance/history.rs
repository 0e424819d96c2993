//! The facts of one unit.

use crate::store::{
    History, Store,
    conformance::fixtures::{Fact, at, batch, goals, phases, raw_unit, track, units},
};

/// A unit without facts has an empty history.
pub fn a_unit_without_facts_has_an_empty_history(store: &dyn Store) {
    assert_eq!(store.history(units()[0]).unwrap(), History::default());
    store.write(&batch(&[exposed(1, 0, 5)])).unwrap();
    assert_eq!(store.history(units()[0]).unwrap(), History::default());
}

/// The exposures of a unit are sorted by time, then by track; conversions by time, then by goal; linked
/// units by time.
pub fn the_history_of_a_unit_is_sorted(store: &dyn Store) {
    store.write(&batch(&facts())).unwrap();
    let history = store.history(units()[0]).unwrap();
    let exposures = history.exposures.iter();
    let exposures = exposures.map(|(at, track, _)| (at.as_micros(), track.to_string()));
    let expected = [
        (4, "delay.x/a"),
        (5, "*delay@10/a"),
        (5, "delay/a"),
        (5, "delay@2/a"),
    ];
    assert!(exposures.eq(expected.map(|(at, track)| (at, track.to_owned()))));
    let conversions = history.conversions.iter();
    let conversions = conversions.map(|(at, goal, value)| (at.as_micros(), goal.as_str(), *value));
    assert!(conversions.eq([(4, "b-1", 2), (5, "b_1", 1), (5, "purchase", 0)]));
    let linked = [(at(5), units()[2]), (at(6), units()[1])];
    assert_eq!(history.aliases, linked);
    let raw = raw_unit(units()[0]);
    assert_eq!(history.raw, Some((raw.kind, raw.key)));
    assert_eq!(history.erased_at, None);
}

/// A part of a history begins after the skipped facts of each kind, and has at most its limit.
pub fn a_part_of_a_history_has_at_most_its_limit(store: &dyn Store) {
    store.write(&batch(&facts())).unwrap();
    let all = store.history(units()[0]).unwrap();
    for (from, limit) in [(0, 1), (1, 2), (2, 2), (3, usize::MAX), (usize::MAX, 1)] {
        let part = store.history_part(units()[0], from, limit).unwrap();
        assert_eq!(part, all.clone().part(from, limit), "{from} {limit}");
    }
}

/// A unit is exposed if it has an exposure; conversions and aliases do not count.
pub fn only_an_exposure_makes_a_unit_exposed(store: &dyn Store) {
    let [one, two, ..] = units()[..] else { return };
    store
        .write(&batch(&[reached(0, 5), alias(0, 1, 5)]))
        .unwrap();
    assert!(!store.is_exposed(one).unwrap());
    store.write(&batch(&[exposed(0, 0, 5)])).unwrap();
    assert!(store.is_exposed(one).unwrap() && !store.is_exposed(two).unwrap());
}

fn facts() -> Vec<Fact> {
    let mut facts = vec![
        exposed(0, 0, 5),
        exposed(0, 1, 5),
        exposed(0, 2, 4),
        exposed(0, 3, 5),
        exposed(1, 0, 1),
        reached(0, 5),
        reached(1, 5),
        reached(2, 4),
        alias(0, 1, 6),
        alias(2, 0, 5),
        alias(1, 2, 5),
        Fact::Raw(raw_unit(units()[0])),
    ];
    // So that no order of the answer is the order of writing.
    facts.reverse();
    facts
}

fn exposed(unit: usize, phase: usize, micros: i64) -> Fact {
    Fact::exposed(track(&phases()[phase], "a"), units()[unit], at(micros))
}

/// Returns a conversion of the first unit, whose value is the index of the goal.
fn reached(goal: usize, micros: i64) -> Fact {
    Fact::reached(
        goals().swap_remove(goal),
        units()[0],
        at(micros),
        goal as i64,
    )
}

fn alias(visitor: usize, user: usize, micros: i64) -> Fact {
    Fact::alias(units()[visitor], units()[user], at(micros))
}
