//! To which cohort a unit belongs.

use crate::store::{
    Cell, Cohort, Question, ServedDefinition, Store,
    conformance::fixtures::{DAY, Fact, batch},
};

use super::facts::{HOUR, ask, at, bought, count, delay, exposed, key};

/// A unit that was exposed to two tracks is in a cohort of its own, with its first track. Before the
/// second exposure, it is in the cohort of the first.
pub fn units_in_two_tracks_have_a_cohort_of_their_own(store: &dyn Store) {
    let facts = [
        exposed(0, "b", 0),
        exposed(0, "a", HOUR),
        exposed(1, "a", 0),
        bought(0, 2 * HOUR),
        bought(1, 2 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let question = |offset| Question::new(delay(), at(offset)).goal(count());
    let late = ask(store, &question(DAY));
    assert_eq!((late.crossed(), late.units.len()), (1, 2));
    let sum = |key: &Cohort| late.goals[0].cells[key].open.sum;
    let crossed = key("b", Some(true), 0).crossed_on(at(HOUR).day());
    assert_eq!(
        [key("a", Some(true), 0), crossed].map(|key| sum(&key)),
        [1, 1]
    );
    let early = ask(store, &question(HOUR));
    assert_eq!((early.crossed(), early.units.len()), (0, 2));
}

/// An exposure belongs to the definition that it names; otherwise to the definition that was in force;
/// otherwise to the earliest one.
pub fn exposures_belong_to_their_definition(store: &dyn Store) {
    let definition = |fingerprint, offset| Fact::definition(delay(), fingerprint, at(offset), "{}");
    let under = |fingerprint, fact: Fact| {
        fact.with_exposure(|exposure| exposure.definition = Some(fingerprint))
    };
    let facts = [
        definition(9, 0),
        definition(5, DAY),
        definition(7, 9 * DAY),
        // Before any definition: then the earliest counts.
        exposed(0, "a", -1),
        exposed(1, "a", DAY - 1),
        exposed(2, "a", DAY),
        under(9, exposed(3, "a", 3 * DAY)),
        under(5, exposed(4, "a", 2 * HOUR)),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &Question::new(delay(), at(30 * DAY)));
    let served = |fingerprint: u8, served: Option<(i64, i64)>| ServedDefinition {
        fingerprint: [fingerprint; 32],
        served: served.map(|(first, last)| (at(first), at(last))),
    };
    let expected = [
        served(9, Some((-1, 3 * DAY))),
        served(5, Some((2 * HOUR, DAY))),
        served(7, None),
    ];
    assert_eq!(answer.definitions, expected);
    let of = |definition: u32| {
        let mut units = answer.units.iter();
        let of = units
            .by_ref()
            .filter(|(cohort, _)| cohort.definition == Some(definition));
        of.map(|(_, n)| n).sum::<u64>()
    };
    assert_eq!([of(0), of(1), of(2)], [3, 2, 0]);
}

/// Each side of the coin has a cohort, and so have units without a coin.
pub fn each_side_of_the_coin_has_a_cohort(store: &dyn Store) {
    let coins = [None, Some(false), Some(true), None];
    for (unit, coin) in coins.into_iter().enumerate() {
        let fact = exposed(unit, "a", 0).with_exposure(|exposure| exposure.coin = coin);
        store.write(&batch(&[fact])).unwrap();
    }
    let answer = ask(store, &Question::new(delay(), at(DAY)));
    let units = [None, Some(false), Some(true)].map(|coin| answer.units[&key("a", coin, 0)]);
    assert_eq!(units, [2, 1, 1]);
}

/// An unknown phase has no attribution.
pub fn an_unknown_phase_has_no_attribution(store: &dyn Store) {
    let question = Question::new(delay(), at(DAY)).goal(count());
    assert_eq!(store.attribute(&question).unwrap(), None);
}

/// A goal without conversions has cells with units and zeros.
pub fn a_goal_without_conversions_has_zeros(store: &dyn Store) {
    store.write(&batch(&[exposed(0, "a", 0)])).unwrap();
    let question = Question::new(delay(), at(DAY)).goal(count());
    let cells = ask(store, &question).goals[0].cells[&key("a", Some(true), 0)];
    assert_eq!((cells.open.units, cells.open.converters), (1, 0));
    assert_eq!(cells.closed, Cell::default());
}
