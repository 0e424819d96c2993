//! To which visitor the conversions of a user belong.

use crate::store::{
    I256, Question, Store,
    conformance::fixtures::{DAY, batch, phase},
};

use super::facts::{
    alias, ask, at, bought, count, delay, exposed, exposed_in, only_cell, purchase, reached, sum,
    value,
};

/// A conversion of a user counts for the visitor of the latest alias that is not after it. Of several,
/// it is the smallest unit.
pub fn conversions_of_a_user_count_for_the_latest_visitor(store: &dyn Store) {
    const USER: usize = 4;
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "b", 0),
        exposed(2, "c", 0),
        exposed(3, "d", 0),
        alias(0, USER, 10),
        alias(2, USER, 20),
        alias(1, USER, 20),
        alias(3, USER, 30),
        bought(USER, 9),
        bought(USER, 10),
        bought(USER, 19),
        bought(USER, 20),
        bought(USER, 25),
        bought(USER, 29),
        bought(USER, 31),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &Question::new(delay(), at(DAY)).goal(count()));
    let sums = ["a", "b", "c", "d"].map(|name| sum(&answer, name));
    // The purchase at 9 comes before all aliases. From 20 on the lesser of two visitors counts.
    assert_eq!(sums, [2, 3, 0, 1]);
}

/// In a set by another kind than `visitor`, aliases change nothing.
pub fn aliases_apply_to_sets_by_visitor_alone(store: &dyn Store) {
    let by_user = phase("delay.x", 1, "user");
    let facts = [
        exposed_in(&by_user, 0, "a", 0),
        exposed_in(&by_user, 1, "b", 0),
        alias(0, 1, 1),
        bought(1, 2),
    ];
    store.write(&batch(&facts)).unwrap();
    let answer = ask(store, &Question::new(by_user, at(DAY)).goal(count()));
    let sums = ["a", "b"].map(|name| sum(&answer, name));
    // The user is a unit of the set, and buys only for itself.
    assert_eq!(sums, [0, 1]);
}

/// The same conversion by visitor and by user counts once, with the earlier time.
pub fn a_conversion_of_visitor_and_user_counts_once(store: &dyn Store) {
    let with_key = |unit: usize, offset, value| {
        let fact = reached(&purchase(), unit, offset, value);
        fact.with_conversion(|conversion| conversion.idem = [7; 16])
    };
    let facts = [
        exposed(0, "a", 0),
        alias(0, 1, 0),
        with_key(0, 20, 4),
        with_key(1, 10, 3),
        with_key(1, 10, 5),
        with_key(1, 11, 1),
    ];
    let cell = only_cell(store, &facts, value());
    assert_eq!((cell.sum, cell.sum_sq), (3, I256::from(9)));
}
