use crate::store::{
    Question, Store,
    conformance::fixtures::{DAY, batch},
};

use super::facts::{HOUR, ask, at, bought, count, delay, exposed, sum};

/// Units that are first exposed at the close of the enrolment or later are left out, whatever they do.
/// Conversions of the others keep counting.
pub fn units_after_the_close_are_left_out(store: &dyn Store) {
    let facts = [
        exposed(0, "short", 0),
        exposed(1, "short", HOUR - 1),
        exposed(2, "short", HOUR),
        exposed(3, "long", 2 * HOUR),
        bought(0, 3 * HOUR),
        bought(2, 3 * HOUR),
        bought(3, 3 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let mut question = Question::new(delay(), at(30 * DAY)).goal(count());
    assert_eq!(ask(store, &question).after_close, 0);
    question.closed_at = Some(at(HOUR));
    let answer = ask(store, &question);
    assert_eq!((answer.after_close, answer.excluded), (2, 0));
    assert_eq!(answer.units.values().sum::<u64>(), 2);
    assert_eq!(sum(&answer, "short"), 1);
    assert_eq!(answer.exposed, Some((at(0), at(HOUR - 1))));
}

/// Units that are first exposed in an excluded span are left out in every track. The end of a span does
/// not belong to it, and the first exposure decides, not a later one.
pub fn units_of_excluded_spans_are_left_out(store: &dyn Store) {
    let facts = [
        exposed(0, "short", 0),
        exposed(0, "long", HOUR),
        exposed(1, "short", HOUR),
        exposed(2, "long", 2 * HOUR - 1),
        exposed(3, "short", 2 * HOUR),
        exposed(4, "short", 5 * HOUR),
        bought(1, 3 * HOUR),
        bought(3, 3 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let mut question = Question::new(delay(), at(30 * DAY)).goal(count());
    question.excluded = vec![at(HOUR)..at(2 * HOUR), at(5 * HOUR)..at(6 * HOUR)];
    let answer = ask(store, &question);
    assert_eq!((answer.after_close, answer.excluded), (0, 3));
    assert_eq!(answer.units.values().sum::<u64>(), 2);
    assert_eq!(sum(&answer, "short"), 1);
}
