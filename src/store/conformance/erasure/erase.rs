//! Facts of erased units.

use crate::store::{
    Rows, Store,
    conformance::{
        dumped,
        fixtures::{Fact, at, batch, raw_unit, units},
    },
};

use super::facts::{alias, erased, exposed, reached, set_aside};

/// An erasure deletes facts up to and at its time, with the key if no facts remain. Other units stay.
pub fn an_erasure_deletes_up_to_its_time(store: &dyn Store) {
    let [one, two, three, ..] = units()[..] else {
        return;
    };
    let facts = [
        exposed("delay", one, 5),
        exposed("delay.x", one, 6),
        exposed("delay", two, 5),
        reached(one, 5),
        reached(two, 5),
        alias(one, two, 5),
        alias(three, one, 5),
        alias(two, three, 5),
        set_aside(one, 5),
        set_aside(two, 5),
        Fact::Raw(raw_unit(one)),
    ];
    store.write(&batch(&facts)).unwrap();
    // An exposure, a conversion, two aliases and an event. The key stays for the later exposure.
    assert_eq!(store.erase(erased(one, 5)).unwrap(), 5);
    let history = store.history(one).unwrap();
    assert_eq!(history.exposures.len(), 1);
    assert!(history.conversions.is_empty() && history.aliases.is_empty());
    assert!(history.raw.is_some() && history.erased_at == Some(at(5)));
    // The last exposure, and the key that is of no use without it.
    assert_eq!(store.erase(erased(one, 6)).unwrap(), 2);
    assert_eq!(store.history(one).unwrap().raw, None);
    let other = store.history(two).unwrap();
    let numbers = (
        other.exposures.len(),
        other.conversions.len(),
        other.aliases.len(),
    );
    assert_eq!(numbers, (1, 1, 1));
}

/// Later facts can be written, earlier ones cannot. The latest erasure stays.
pub fn erased_facts_cannot_be_written_again(store: &dyn Store) {
    let [one, two, ..] = units()[..] else { return };
    store.erase(erased(one, 5)).unwrap();
    store.erase(erased(one, 4)).unwrap();
    let facts = [
        exposed("delay", one, 5),
        exposed("delay", one, 6),
        reached(one, 5),
        alias(one, two, 5),
        alias(two, one, 5),
        alias(two, one, 6),
    ];
    let written = store.write(&batch(&facts)).unwrap();
    let rows = |new, erased| Rows {
        new,
        known: 0,
        erased,
    };
    assert_eq!(written.exposures, rows(1, 1));
    assert_eq!(written.conversions, rows(0, 1));
    // The erasure of either side is enough.
    assert_eq!(written.aliases, rows(1, 2));
    assert_eq!(store.history(one).unwrap().erased_at, Some(at(5)));
}

/// Events of an erased unit that were set aside are deleted, and do not return.
pub fn erased_events_cannot_be_set_aside_again(store: &dyn Store) {
    let unit = units()[0];
    let facts = [set_aside(unit, 5), set_aside(unit, 6)];
    store.write(&batch(&facts)).unwrap();
    store.erase(erased(unit, 5)).unwrap();
    store.write(&batch(&facts)).unwrap();
    let rows = dumped(store);
    assert_eq!(
        rows.iter()
            .filter(|row| row.starts_with("AsideRow"))
            .count(),
        1
    );
}

/// The key of an erased unit can be written again together with facts alone.
pub fn the_key_of_an_erased_unit_needs_facts(store: &dyn Store) {
    let unit = units()[0];
    store.erase(erased(unit, 5)).unwrap();
    store.write(&batch(&[Fact::Raw(raw_unit(unit))])).unwrap();
    assert_eq!(store.history(unit).unwrap().raw, None);
    let facts = [Fact::Raw(raw_unit(unit)), reached(unit, 6)];
    store.write(&batch(&facts)).unwrap();
    assert!(store.history(unit).unwrap().raw.is_some());
}
