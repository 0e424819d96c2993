//! What a unit's conversions sum up to.

use std::time::Duration;

use crate::assign::Sum;
use crate::store::{
    AskedGoal, Cell, I256, Measure, Store,
    conformance::fixtures::{DAY, SECOND, goals},
};

use super::facts::{exposed, only_cell, purchase, reached, value};

/// A cap limits the total of a unit, up and down, not each conversion. A total equal to the cap is not
/// capped.
pub fn a_cap_limits_the_total_of_a_unit(store: &dyn Store) {
    let of = |unit, offset, value| reached(&purchase(), unit, offset, value);
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 0),
        exposed(2, "a", 0),
        exposed(3, "a", 0),
        exposed(4, "a", 0),
        of(0, 1, 6),
        of(0, 2, 5),
        of(1, 1, 10),
        of(2, 1, 15),
        of(2, 2, -20),
        of(3, 1, -10),
        of(4, 1, -11),
    ];
    let capped = value().cap(10);
    let expected = Cell {
        units: 5,
        converters: 3,
        sum: 10 + 10 - 5 - 10 - 10,
        sum_sq: I256::from(100 + 100 + 25 + 100 + 100),
        sum_abs: 10 + 10 + 5 + 10 + 10,
        largest: 10,
        capped: 2,
        ..Cell::default()
    };
    assert_eq!(only_cell(store, &facts, capped), expected);
}

/// Both sums of a ratio are over the same unit. The cap applies to the numerator.
pub fn ratios_sum_both_goals_of_a_unit(store: &dyn Store) {
    let visit = &goals()[1];
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 0),
        reached(&purchase(), 0, 1, 7),
        reached(&purchase(), 0, 2, 5),
        reached(visit, 0, 3, 100),
        reached(visit, 0, 4, 100),
        reached(visit, 1, 5, 100),
    ];
    let ratio = Measure::Ratio {
        numerator: Sum::Value,
        goal: visit.clone(),
        denominator: Sum::Count,
    };
    let asked = AskedGoal::new(purchase(), ratio).cap(11);
    let expected = Cell {
        units: 2,
        converters: 1,
        sum: 11,
        sum_sq: I256::from(121),
        sum_abs: 11,
        largest: 11,
        capped: 1,
        second: 3,
        second_sq: I256::from(5),
        cross: I256::from(22),
        with_second: 2,
    };
    assert_eq!(only_cell(store, &facts, asked), expected);
}

/// A lookback sums what a unit did before its exposure, less the skew. Its beginning belongs to it, its end does
/// not, and it has the same cap.
pub fn totals_before_the_exposure_are_summed(store: &dyn Store) {
    let of = |unit, offset, value| reached(&purchase(), unit, offset, value);
    let facts = [
        exposed(0, "a", 10 * DAY),
        exposed(1, "a", 10 * DAY),
        exposed(2, "a", 10 * DAY),
        of(0, 3 * DAY - 1, 1000),
        of(0, 3 * DAY, 3),
        of(0, 10 * DAY - 2 * SECOND - 1, 5),
        of(0, 10 * DAY - 2 * SECOND, 7),
        // It did not come back, so it has no total but one of before.
        of(1, 9 * DAY, -30),
        of(2, 11 * DAY, 2),
    ];
    let week = Duration::from_secs(7 * 86_400);
    let expected = Cell {
        units: 3,
        converters: 2,
        sum: 9,
        sum_sq: I256::from(49 + 4),
        sum_abs: 9,
        largest: 7,
        second: 8 - 10,
        second_sq: I256::from(64 + 100),
        cross: I256::from(56),
        with_second: 2,
        ..Cell::default()
    };
    let asked = value().lookback(week).cap(10);
    assert_eq!(only_cell(store, &facts, asked), expected);
    // A rate has no second value.
    let rate = AskedGoal::new(purchase(), Measure::Rate).lookback(week);
    assert_eq!(only_cell(store, &facts, rate).with_second, 0);
}

/// Values at both ends of 64 bits are summed. A unit counts at most `i64::MAX`, up and down.
pub fn totals_are_limited_to_64_bits(store: &dyn Store) {
    let (most, visit) = (i128::from(i64::MAX), &goals()[1]);
    let facts = [
        exposed(0, "a", 0),
        exposed(1, "a", 0),
        exposed(2, "a", 0),
        reached(&purchase(), 0, 1, i64::MAX),
        // Together with the value before it, this is beyond 64 bits.
        reached(&purchase(), 0, 2, i64::MAX),
        reached(&purchase(), 1, 1, i64::MIN),
        reached(&purchase(), 2, 1, i64::MAX),
        reached(visit, 0, 3, i64::MIN),
        reached(visit, 0, 4, i64::MIN),
    ];
    let square = I256::product(most, most);
    let of_values = Cell {
        units: 3,
        converters: 2,
        sum: most,
        sum_sq: square.checked_mul(3).unwrap(),
        sum_abs: 3 * most,
        largest: most,
        capped: 2,
        ..Cell::default()
    };
    assert_eq!(only_cell(store, &facts, value()), of_values);
    let ratio = Measure::Ratio {
        numerator: Sum::Value,
        goal: visit.clone(),
        denominator: Sum::Value,
    };
    let of_ratio = Cell {
        second: -most,
        second_sq: square,
        cross: I256::product(most, -most),
        with_second: 1,
        ..of_values
    };
    let asked = AskedGoal::new(purchase(), ratio);
    assert_eq!(only_cell(store, &facts, asked), of_ratio);
    for cap in [i64::MAX, i64::MIN] {
        assert_eq!(only_cell(store, &facts, value().cap(cap)), of_values);
    }
}
