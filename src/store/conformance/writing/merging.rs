//! Which of several rows with one name stays.

use crate::store::{
    AsideRow, Store,
    conformance::{
        dumped,
        fixtures::{Fact, at, batch, units},
        promised::promised_rows,
    },
};

use super::facts::{alias, exposed, reached, rows};

/// Repetitions count as known, within a batch and across batches.
pub fn repetitions_count_as_known(store: &dyn Store) {
    let [one, two, ..] = units()[..] else { return };
    let facts = [
        exposed(one, 5, None),
        exposed(one, 4, None),
        exposed(two, 5, None),
        reached(one, 5, 1),
        alias(one, two, 5),
        alias(one, two, 5),
        alias(two, one, 5),
    ];
    let rows = |new, known| promised_rows(store.promises(), rows(new, known));
    let written = store.write(&batch(&facts)).unwrap();
    assert_eq!(written.exposures, rows(2, 1));
    assert_eq!(written.conversions, rows(1, 0));
    assert_eq!(written.aliases, rows(2, 1));
    let again = store.write(&batch(&facts)).unwrap();
    assert_eq!((again.total(), again.exposures), (rows(0, 7), rows(0, 3)));
}

/// The earliest exposure stays; of two at one time, the one with the smaller coin.
pub fn the_earliest_exposure_stays(store: &dyn Store) {
    let unit = units()[0];
    let held = |facts: &[Fact]| {
        store.write(&batch(facts)).unwrap();
        let (at, _, coin) = store.history(unit).unwrap().exposures.remove(0);
        (at.as_micros(), coin)
    };
    assert_eq!(held(&[exposed(unit, 5, Some(true))]), (5, Some(true)));
    assert_eq!(held(&[exposed(unit, 6, None)]), (5, Some(true)));
    assert_eq!(held(&[exposed(unit, 5, Some(false))]), (5, Some(false)));
    // No coin is less than any, which is the order of `Option`.
    assert_eq!(held(&[exposed(unit, 5, None)]), (5, None));
    assert_eq!(held(&[exposed(unit, 5, Some(true))]), (5, None));
    assert_eq!(held(&[exposed(unit, -1, Some(true))]), (-1, Some(true)));
}

/// Of two conversions with one id, the earlier stays, then the one with the smaller value.
pub fn the_earliest_conversion_stays(store: &dyn Store) {
    let unit = units()[4];
    let held = |facts: &[Fact]| {
        store.write(&batch(facts)).unwrap();
        let (at, _, value) = store.history(unit).unwrap().conversions.remove(0);
        (at.as_micros(), value)
    };
    assert_eq!(held(&[reached(unit, 5, 1), reached(unit, 5, 2)]), (5, 1));
    assert_eq!(held(&[reached(unit, 5, i64::MIN)]), (5, i64::MIN));
    assert_eq!(held(&[reached(unit, 4, i64::MAX)]), (4, i64::MAX));
    assert_eq!(held(&[reached(unit, 5, 0)]), (4, i64::MAX));
}

/// The same event, set aside again, is kept once.
pub fn an_event_that_was_set_aside_is_kept_once(store: &dyn Store) {
    let row = |micros| AsideRow::new(at(micros), "late".into(), "{}".into());
    let facts = [1, 2, 1].map(|micros| Fact::Aside(row(micros)));
    store.write(&batch(&facts)).unwrap();
    store.write(&batch(&facts)).unwrap();
    assert_eq!(dumped(store).len(), 2);
}
