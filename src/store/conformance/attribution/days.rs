//! To which day a unit belongs.

use crate::store::{
    Calendar, Question, Store,
    conformance::fixtures::{DAY, batch},
};

use super::facts::{HOUR, ask, at, delay, exposed, key};

/// A unit belongs to the day of its first exposure, in UTC.
pub fn units_belong_to_the_utc_day_of_their_first_exposure(store: &dyn Store) {
    let facts = [
        exposed(0, "a", -1),
        exposed(1, "a", 0),
        exposed(2, "a", DAY - 1),
        exposed(2, "a", DAY + 1),
        exposed(3, "a", DAY),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &Question::new(delay(), at(30 * DAY)));
    let units = [-1, 0, DAY].map(|offset| answer.units[&key("a", Some(true), offset)]);
    assert_eq!((units, answer.units.len()), ([1, 2, 1], 3));
}

/// By the calendar of a question, days may begin at another time than in UTC, and have another length.
pub fn days_begin_by_the_calendar_of_the_question(store: &dyn Store) {
    let facts = [
        exposed(0, "a", 5 * HOUR - 1),
        exposed(1, "a", 5 * HOUR),
        exposed(2, "a", DAY + 4 * HOUR - 1),
        exposed(3, "a", DAY + 4 * HOUR),
        exposed(3, "b", 2 * DAY + 4 * HOUR - 1),
    ];
    store.write(&batch(&facts)).unwrap();
    let mut question = Question::new(delay(), at(30 * DAY));
    // Five hours behind UTC, and four from noon on: the first of these days is an hour shorter.
    question.calendar = Calendar::new(-5 * 3600, [(at(12 * HOUR), -4 * 3600)]);
    let answer = ask(store, &question);
    let first = at(0).day();
    let days: Vec<_> = answer
        .units
        .iter()
        .map(|(cohort, units)| {
            (
                cohort.day - first,
                cohort.crossed_on.map(|day| day - first),
                *units,
            )
        })
        .collect();
    assert_eq!(days, [(-1, None, 1), (0, None, 2), (1, Some(1), 1)]);
}
