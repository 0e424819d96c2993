//! What a unit's conversions sum up to.

use crate::assign::Sum;
use crate::store::{AskedGoal, Cell, I256, Measure, Store, conformance::fixtures::goals};

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
        denominator: 3,
        denominator_sq: I256::from(5),
        cross: I256::from(22),
    };
    assert_eq!(only_cell(store, &facts, asked), expected);
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
        denominator: -most,
        denominator_sq: square,
        cross: I256::product(most, -most),
        ..of_values
    };
    let asked = AskedGoal::new(purchase(), ratio);
    assert_eq!(only_cell(store, &facts, asked), of_ratio);
    for cap in [i64::MAX, i64::MIN] {
        assert_eq!(only_cell(store, &facts, value().cap(cap)), of_values);
    }
}
