//! Units in several parts of a store, and conversions by day.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    event::Goal,
    store::{
        Overlap, PhaseName, Store, Timestamp,
        conformance::fixtures::{DAY, Fact, START, batch, goals, phase, track, units},
    },
};

pub(super) fn at(offset: i64) -> Timestamp {
    Timestamp::from_micros(START + offset)
}

pub(super) fn search(number: u32) -> PhaseName {
    phase("search", number, "visitor")
}

pub(super) fn exposed(number: u32, unit: usize, name: &str, offset: i64) -> Fact {
    Fact::exposed(track(&search(number), name), units()[unit], at(offset))
}

fn reached(goal: &Goal, unit: usize, at: Timestamp) -> Fact {
    Fact::reached(goal.clone(), units()[unit], at, 0)
}

/// A window is counted from the first exposure in the previous phase, and its end does not belong to it.
pub fn units_of_the_previous_phase_are_counted(store: &dyn Store) {
    let facts = [
        exposed(1, 0, "a", 0),
        // The window is counted from the first exposure, and not from this one.
        exposed(1, 0, "b", 5 * DAY),
        exposed(1, 1, "a", 1),
        exposed(1, 2, "a", 0),
        exposed(1, 3, "a", 0),
        exposed(2, 0, "b", 7 * DAY - 1),
        exposed(2, 0, "a", 8 * DAY),
        exposed(2, 1, "a", 7 * DAY),
        exposed(2, 2, "a", 7 * DAY),
        exposed(2, 4, "a", DAY),
    ];
    store.write(&batch(&facts)).unwrap();
    let week = Duration::from_secs(7 * 86_400);
    let previous = |as_of| {
        let previous = search(1);
        let overlap = store.overlap(&search(2), Some((&previous, week)), at(as_of));
        overlap.unwrap().of_previous_phase
    };
    assert_eq!(previous(30 * DAY), 2);
    assert_eq!(previous(7 * DAY), 1, "the second had not come");
    assert_eq!(previous(0), 0);
    let none = store.overlap(&search(2), None, at(30 * DAY)).unwrap();
    assert_eq!(none, Overlap::default());
    let nobody = phase("nobody-knows", 1, "visitor");
    let unknown = store
        .overlap(&nobody, Some((&search(1), week)), at(DAY))
        .unwrap();
    assert_eq!(unknown, Overlap::default());
    let unknown = store
        .overlap(&search(2), Some((&nobody, week)), at(DAY))
        .unwrap();
    assert_eq!(unknown, Overlap::default());
}

/// Users who were exposed to two tracks through two visitors are counted.
pub fn users_in_several_tracks_are_counted(store: &dyn Store) {
    let alias = |visitor: usize, user: usize, offset| {
        Fact::alias(units()[visitor], units()[user], at(offset))
    };
    let facts = [
        exposed(1, 0, "a", 0),
        exposed(1, 1, "b", 0),
        exposed(1, 3, "a", 0),
        exposed(1, 3, "b", 1),
        alias(0, 4, 0),
        alias(3, 2, 0),
    ];
    store.write(&batch(&facts)).unwrap();
    let users = |as_of| {
        let overlap = store.overlap(&search(1), None, at(as_of)).unwrap();
        overlap.users_in_several_tracks
    };
    assert_eq!(users(DAY), 0);
    store.write(&batch(&[alias(1, 4, 10)])).unwrap();
    assert_eq!((users(10), users(11)), (0, 1));
}

/// Conversions are counted by goal and day of UTC, before a time.
pub fn conversions_are_counted_by_utc_day(store: &dyn Store) {
    let [purchase, refund, _] = goals().try_into().unwrap();
    let reached = |goal: &Goal, unit: usize, offset: i64| reached(goal, unit, at(offset));
    let facts = [
        reached(&purchase, 0, -1),
        reached(&purchase, 1, 0),
        reached(&purchase, 2, DAY - 1),
        reached(&refund, 2, DAY),
        reached(&purchase, 3, 3 * DAY),
    ];
    store.write(&batch(&facts)).unwrap();
    let day = |offset| at(offset).day();
    let expected = [
        ((purchase.clone(), day(-1)), 1),
        ((purchase, day(0)), 2),
        ((refund, day(DAY)), 1),
    ];
    let days = store.conversions_by_day(at(3 * DAY)).unwrap();
    assert_eq!(days, BTreeMap::from(expected));
}

/// Times from 4714 BC, where PostgreSQL begins, to the last one but one are compared, and have days.
pub fn far_times_are_compared_and_have_days(store: &dyn Store) {
    // PostgreSQL begins in 4714 BC.
    let [first, last] = [-210_866_803_200_000_000, i64::MAX - 1].map(Timestamp::from_micros);
    let exposed = |number, unit: usize, first_at| {
        Fact::exposed(track(&search(number), "a"), units()[unit], first_at)
    };
    let reached = |unit: usize, at| reached(&goals()[0], unit, at);
    let facts = [
        exposed(1, 0, first),
        exposed(2, 0, last),
        exposed(1, 1, last),
        exposed(2, 1, first),
        reached(0, first),
        reached(1, last),
    ];
    store.write(&batch(&facts)).unwrap();
    let within = |window| {
        let previous = (&search(1), Duration::from_micros(window));
        let overlap = store.overlap(&search(2), Some(previous), Timestamp::MAX);
        overlap.unwrap().of_previous_phase
    };
    // What came before the previous phase is within any time of it.
    assert_eq!((within(1), within(9_000_000_000_000_000_000)), (1, 1));
    let days = store.conversions_by_day(Timestamp::MAX).unwrap();
    let expected = [first, last].map(|at| ((goals()[0].clone(), at.day()), 1));
    assert_eq!(days, BTreeMap::from(expected));
}
