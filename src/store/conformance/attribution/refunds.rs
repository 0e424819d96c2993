//! Conversions of a negative value.

use crate::assign::Sum;
use crate::store::{
    AskedGoal, Measure, Question, Store,
    conformance::fixtures::{DAY, batch},
};

use super::facts::{HOUR, ask, at, count, delay, exposed, key, purchase, reached, value};

/// A conversion of a negative value is subtracted, and its unit did not reach the goal by it. This
/// applies to closed and open units.
pub fn refunds_are_subtracted_and_convert_nobody(store: &dyn Store) {
    let refund = |unit, offset, value| reached(&purchase(), unit, offset, value);
    let facts = [
        // An order, and the refund of it under a key of its own.
        exposed(0, "a", 0),
        refund(0, HOUR, 50),
        refund(0, 2 * HOUR, -50),
        // The refund of an order before the test.
        exposed(1, "a", 0),
        refund(1, -HOUR, 30),
        refund(1, HOUR, -30),
        // Nothing but a refund.
        exposed(2, "a", 0),
        refund(2, HOUR, -7),
        // An order that is more than refunded.
        exposed(4, "a", 0),
        refund(4, HOUR, 10),
        refund(4, 2 * HOUR, -25),
        // A refund under the key of its order is a repetition of the order.
        exposed(3, "a", 0),
        refund(3, HOUR, 40),
        refund(3, HOUR, -40).with_conversion(|conversion| conversion.at = at(2 * HOUR)),
    ];
    store.write(&batch(&facts)).unwrap();
    let rate = AskedGoal::new(purchase(), Measure::Rate);
    let per_order = Measure::Ratio {
        numerator: Sum::Value,
        goal: purchase(),
        denominator: Sum::Count,
    };
    let per_order = AskedGoal::new(purchase(), per_order);
    for (as_of, is_closed) in [(30 * DAY, true), (DAY, false)] {
        let goals = [rate.clone(), count(), value(), per_order.clone()];
        let question = Question::new(delay(), at(as_of));
        let answer = ask(store, &goals.into_iter().fold(question, Question::goal));
        let cells = answer.goals.iter().map(|goal| {
            let cells = goal.cells[&key("a", Some(true), 0)];
            if is_closed { cells.closed } else { cells.open }
        });
        let numbers = cells.map(|cell| {
            let converters = cell.converters;
            (cell.units, converters, cell.sum, cell.second)
        });
        let numbers: Vec<_> = numbers.collect();
        let worth = -30 - 7 - 15 + 40;
        let expected = [
            (5, 3, 3, 0),
            (5, 3, 3, 0),
            (5, 3, worth, 0),
            (5, 3, worth, 3),
        ];
        assert_eq!(numbers, expected, "closed: {is_closed}");
    }
}
