//! Which conversions count, by their time.

use std::time::Duration;

use crate::store::{
    Attribution, GoalCells, I256, Question, Store,
    conformance::fixtures::{DAY, SECOND, batch},
};

use super::facts::{HOUR, ask, at, bought, count, delay, exposed, key, only_cell};

/// A window begins at the first exposure less the skew, and its end does not belong to it.
pub fn conversions_count_from_the_skew_to_the_end_of_the_window(store: &dyn Store) {
    let facts = [
        exposed(0, "a", 12 * HOUR),
        // On both sides of each limit a microsecond decides.
        bought(0, 12 * HOUR - 2 * SECOND - 1),
        bought(0, 12 * HOUR - 2 * SECOND),
        bought(0, 12 * HOUR),
        bought(0, 13 * HOUR - 1),
        bought(0, 13 * HOUR),
    ];
    let asked = count().window(Duration::from_secs(3600));
    let cell = only_cell(store, &facts, asked.clone());
    assert_eq!(
        (cell.sum, cell.sum_sq, cell.converters),
        (3, I256::from(9), 1)
    );
    let question = Question::new(delay(), at(30 * DAY)).goal(asked);
    let question = question.skew(Duration::ZERO);
    let cells = ask(store, &question).goals.remove(0).cells;
    assert_eq!(cells[&key("a", Some(true), 0)].closed.sum, 2);
}

/// A window that begins later has no skew; its end is counted from the exposure.
pub fn later_windows_have_no_skew(store: &dyn Store) {
    let facts = [
        exposed(0, "a", 0),
        bought(0, 7 * DAY - 1),
        bought(0, 7 * DAY),
        bought(0, 14 * DAY - 1),
        bought(0, 14 * DAY),
    ];
    let days = |days: u64| Duration::from_secs(days * 86_400);
    let asked = count().window_from(days(7)).window(days(14));
    let cell = only_cell(store, &facts, asked);
    assert_eq!((cell.sum, cell.converters), (2, 1));
}

/// Conversions less than a minute before the exposure are counted, and so are those that matched.
pub fn conversions_shortly_before_are_counted_apart(store: &dyn Store) {
    let facts = [
        exposed(0, "a", HOUR),
        bought(0, HOUR - 60 * SECOND - 1),
        bought(0, HOUR - 60 * SECOND),
        bought(0, HOUR - 2 * SECOND - 1),
        bought(0, HOUR - 2 * SECOND),
        // Long after its window, and nevertheless after the exposure.
        bought(0, 20 * DAY),
        bought(0, 30 * DAY),
        bought(1, HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &Question::new(delay(), at(30 * DAY)).goal(count()));
    let goal = &answer.goals[0];
    assert_eq!((goal.matched, goal.shortly_before), (2, 2));
    assert_eq!(answer.exposed, Some((at(HOUR), at(HOUR))));
}

/// Facts at or after the time of the question do not count. A window that ends later is open.
pub fn facts_at_the_time_of_the_question_do_not_count(store: &dyn Store) {
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 12 * HOUR),
        bought(0, 12 * HOUR - 1),
        bought(0, 12 * HOUR),
    ];
    store.write(&batch(&facts)).unwrap();
    let half_a_day = count().window(Duration::from_secs(12 * 3600));
    let question = |offset| Question::new(delay(), at(offset)).goal(half_a_day.clone());
    let key = key("a", Some(true), 0);
    let cells = |offset| ask(store, &question(offset)).goals[0].cells[&key];
    let numbers = |cells: GoalCells| {
        let all = cells.all().unwrap();
        (all.units, all.sum, cells.open.units)
    };
    assert_eq!(numbers(cells(12 * HOUR - 1)), (1, 0, 1));
    assert_eq!(numbers(cells(12 * HOUR)), (1, 1, 0));
    assert_eq!(numbers(cells(12 * HOUR + 1)), (2, 1, 1));
    assert_eq!(
        ask(store, &question(0)),
        Attribution {
            goals: vec![Default::default()],
            ..Attribution::default()
        }
    );
}
