//! To which cohort a unit belongs.

use std::sync::Arc;

use crate::store::{
    Cell, Cohort, Question, ServedDefinition, Store, Timestamp,
    conformance::fixtures::{DAY, Fact, batch, phase},
};

use super::facts::{HOUR, ask, at, bought, count, delay, exposed, exposed_in, key};

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

/// Each segment has a cohort. Units without one, or with one of an empty name, have a cohort without a segment.
pub fn each_segment_has_a_cohort(store: &dyn Store) {
    let segments = [
        None,
        Some("mobile"),
        Some(""),
        Some("desktop"),
        Some("mobile"),
    ];
    for (unit, segment) in segments.into_iter().enumerate() {
        let fact = exposed(unit, "a", 0);
        let fact = fact.with_exposure(|exposure| exposure.segment = segment.map(Into::into));
        store.write(&batch(&[fact, bought(unit, HOUR)])).unwrap();
    }
    // Of two exposures, the first decides.
    let late = exposed(1, "a", HOUR);
    let late = late.with_exposure(|exposure| exposure.segment = Some("desktop".into()));
    store.write(&batch(&[late])).unwrap();
    let question = Question::new(delay(), at(DAY)).goal(count());
    let cohort = key("a", Some(true), 0);
    let answer = ask(store, &question);
    let of = |segment: Option<&str>| {
        let cohort = cohort.clone().segment(segment.map(Arc::from));
        (
            answer.units[&cohort],
            answer.goals[0].cells[&cohort].open.sum,
        )
    };
    let found = [None, Some("mobile"), Some("desktop")].map(of);
    assert_eq!(found, [(2, 2), (2, 2), (1, 1)]);
}

/// Of two phases, the units of both count, from the later of their exposures on. Their segment is their track in
/// the other phase. Who saw several tracks of one of them is left out.
pub fn units_of_two_phases_have_the_track_of_the_other(store: &dyn Store) {
    let other = phase("banner", 1, "visitor");
    let beside = |unit, name, offset| exposed_in(&other, unit, name, offset);
    let facts = [
        exposed(0, "a", 0),
        beside(0, "x", 2 * HOUR),
        bought(0, HOUR),
        bought(0, 3 * HOUR),
        exposed(1, "a", HOUR),
        beside(1, "y", 0),
        bought(1, 3 * HOUR),
        exposed(2, "b", 0),
        // Only in one of them.
        beside(3, "x", 0),
        exposed(4, "a", 0),
        beside(4, "x", 0),
        beside(4, "y", HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let question = Question::new(delay(), at(30 * DAY))
        .goal(count())
        .beside(other);
    let answer = ask(store, &question);
    // By the first exposure in each of them.
    let mut left_out = question.clone();
    left_out.excluded.push(at(0)..at(1));
    assert_eq!(ask(store, &left_out).units.values().sum::<u64>(), 1);
    let mut left_out = question;
    left_out.beside_left_out.push(at(HOUR)..Timestamp::MAX);
    assert_eq!(ask(store, &left_out).units.values().sum::<u64>(), 1);
    let cohort = |track: &str| key("a", None, 0).segment(Some(Arc::from(track)));
    let units: Vec<_> = answer.units.clone().into_iter().collect();
    assert_eq!(units, [(cohort("x"), 1), (cohort("y"), 1)]);
    let sums = ["x", "y"].map(|track| answer.goals[0].cells[&cohort(track)].closed.sum);
    assert_eq!(sums, [1, 1]);
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
