use crate::store::{
    PhaseName, Question, Store,
    conformance::fixtures::{DAY, Fact, batch, phase},
};

use super::facts::{HOUR, ask, at, bought, count, delay, exposed, exposed_in, key, sum};

/// The phase of `delay` before its set was renamed, and again before that.
fn former() -> [PhaseName; 2] {
    [phase("wait", 1, "visitor"), phase("pause", 1, "visitor")]
}

fn question() -> Question {
    let question = Question::new(delay(), at(30 * DAY)).goal(count());
    former().into_iter().fold(question, Question::formerly)
}

/// A unit that was exposed under several names of a set counts once, by its first exposure. It was in two
/// tracks only if the tracks differ.
pub fn units_under_former_names_count_once(store: &dyn Store) {
    let [wait, pause] = former();
    let facts = [
        exposed_in(&wait, 0, "short", 0),
        exposed(0, "short", DAY),
        exposed_in(&pause, 1, "short", HOUR),
        exposed_in(&wait, 2, "long", 0),
        exposed(2, "short", DAY),
        exposed_in(&pause, 2, "long", 2 * DAY),
        exposed(3, "long", 0),
        bought(0, 2 * HOUR),
        bought(1, HOUR / 2),
        bought(1, 2 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &question());
    let expected = [
        (key("long", Some(true), 0), 1),
        (key("long", Some(true), 0).crossed_on(at(DAY).day()), 1),
        (key("short", Some(true), 0), 2),
    ];
    assert_eq!(answer.units.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(answer.exposed, Some((at(0), at(HOUR))));
    // The purchase before the exposure does not count.
    assert_eq!(sum(&ask(store, &question()), "short"), 2);
    // Without the former names, the store knows those of the present one.
    let present = ask(store, &Question::new(delay(), at(30 * DAY)));
    assert_eq!(present.units.values().sum::<u64>(), 3);
}

/// A definition that is known under several names is one, from its first exposure on.
pub fn definitions_under_former_names_are_one(store: &dyn Store) {
    let [wait, _] = former();
    let defined =
        |fact: Fact, byte| fact.with_exposure(|exposure| exposure.definition = Some(byte));
    let facts = [
        Fact::definition(wait.clone(), 1, at(0), "{}"),
        Fact::definition(delay(), 1, at(DAY), r#"{"formerly":["wait"]}"#),
        Fact::definition(delay(), 2, at(HOUR), "{}"),
        defined(exposed_in(&wait, 0, "short", 0), 1),
        defined(exposed(1, "short", DAY), 1),
        defined(exposed(2, "short", HOUR), 2),
        // No definition is named, so the one in force at its time is taken.
        exposed_in(&wait, 3, "short", 2 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &question());
    let fingerprints: Vec<u8> = answer
        .definitions
        .iter()
        .map(|one| one.fingerprint[0])
        .collect();
    assert_eq!(fingerprints, [1, 2]);
    assert_eq!(answer.definitions[0].served, Some((at(0), at(DAY))));
    assert_eq!(answer.definitions[1].served, Some((at(HOUR), at(2 * HOUR))));
}

/// A phase that the store knows only under a former name is known.
pub fn a_phase_is_known_by_a_former_name(store: &dyn Store) {
    let [wait, _] = former();
    let facts = [exposed_in(&wait, 0, "short", 0)];
    store.write(&batch(&facts)).unwrap();
    let mut question = question();
    question.phase = phase("never-recorded", 1, "visitor");
    assert_eq!(ask(store, &question).units.values().sum::<u64>(), 1);
}
