//! Erased facts do not return; facts that are no longer needed are deleted.

use tower_tracks::{
    store::{AliasRow, AsideRow, ErasedRow, Memory, Rows, Store, Timestamp},
    unit::Unit,
};

use super::{
    Fresh, Open,
    dumped::dumped,
    facts::{Conversion, Exposure, Fact, batch},
    pools::{goals, phase, raw_unit, track, units, writer},
};

pub(in crate::record) fn erasure(open: Open<'_>) {
    let cases = [
        erases,
        keeps_out,
        aside,
        raw,
        merges,
        retains,
        retains_aliased,
    ];
    for case in cases {
        if let Some(store) = open() {
            case(store);
        }
    }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn exposed(set: &str, unit: Unit, micros: i64) -> Fact {
    Fact::Exposure(Exposure {
        track: track(&phase(set, 1, "visitor"), "long"),
        unit,
        first_at: at(micros),
        coin: None,
        definition: None,
        segment: None,
        writer: writer(0),
    })
}

fn reached(unit: Unit, micros: i64) -> Fact {
    Fact::Conversion(Conversion {
        goal: goals().swap_remove(0),
        unit,
        idem: [1; 16],
        at: at(micros),
        value: micros,
        writer: writer(1),
    })
}

fn alias(visitor: Unit, user: Unit, micros: i64) -> Fact {
    Fact::Alias(AliasRow {
        visitor,
        user,
        first_at: at(micros),
    })
}

fn set_aside(unit: Unit, micros: i64) -> Fact {
    Fact::Aside(AsideRow {
        at: at(micros),
        reason: "late".into(),
        payload: format!(r#"{{"unit":"{unit}"}}"#).into(),
    })
}

fn erased(unit: Unit, micros: i64) -> ErasedRow {
    ErasedRow {
        unit,
        at: at(micros),
    }
}

/// Up to and with the time; the other unit stays.
fn erases(store: Fresh) {
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
    assert_eq!(store.erase(erased(one, 5)).unwrap(), 5);
    let history = store.history(one).unwrap();
    assert_eq!(history.exposures.len(), 1);
    assert!(history.conversions.is_empty() && history.aliases.is_empty());
    assert!(history.raw.is_some() && history.erased_at == Some(at(5)));
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

/// Later facts come in, earlier ones do not; the latest erasure stays.
fn keeps_out(store: Fresh) {
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
    assert_eq!(written.aliases, rows(1, 2));
    assert_eq!(store.history(one).unwrap().erased_at, Some(at(5)));
}

/// What was set aside of a unit does not come back either.
fn aside(store: Fresh) {
    let unit = units()[0];
    let facts = [set_aside(unit, 5), set_aside(unit, 6)];
    store.write(&batch(&facts)).unwrap();
    store.erase(erased(unit, 5)).unwrap();
    store.write(&batch(&facts)).unwrap();
    let rows = dumped(&*store);
    assert_eq!(
        rows.iter()
            .filter(|row| row.starts_with("AsideRow"))
            .count(),
        1
    );
}

/// The key of an erased unit comes in again with facts alone.
fn raw(store: Fresh) {
    let unit = units()[0];
    store.erase(erased(unit, 5)).unwrap();
    store.write(&batch(&[Fact::Raw(raw_unit(unit))])).unwrap();
    assert_eq!(store.history(unit).unwrap().raw, None);
    let facts = [Fact::Raw(raw_unit(unit)), reached(unit, 6)];
    store.write(&batch(&facts)).unwrap();
    assert!(store.history(unit).unwrap().raw.is_some());
}

/// Units that were erased in the other store are erased here before its facts are written.
fn merges(store: Fresh) {
    let unit = units()[0];
    let elsewhere = Memory::default();
    let facts = [exposed("delay", unit, 6), Fact::Raw(raw_unit(unit))];
    elsewhere.write(&batch(&facts)).unwrap();
    elsewhere.erase(erased(unit, 5)).unwrap();
    store.write(&batch(&[exposed("delay", unit, 4)])).unwrap();
    let written = store.merge(&elsewhere).unwrap();
    assert_eq!(written.exposures.new, 1);
    assert_eq!(dumped(&*store), dumped(&elsewhere));
    let back = Memory::default();
    back.merge(&*store).unwrap();
    assert_eq!(dumped(&back), dumped(&elsewhere));
}

/// Ended phases are deleted, and units without facts; a running phase stays, however old.
fn retains(store: Fresh) {
    let [old, new, running, nowhere, nobody] = units()[..] else {
        return;
    };
    let facts = [
        exposed("delay", old, 5),
        exposed("delay.x", old, 5),
        exposed("delay.x", new, 10),
        exposed("*delay", running, 1),
        reached(new, 1),
        reached(running, 1),
        reached(nowhere, 9),
        alias(nowhere, nowhere, 9),
        alias(nowhere, old, 9),
        Fact::Raw(raw_unit(nowhere)),
        Fact::Raw(raw_unit(nobody)),
    ];
    store.write(&batch(&facts)).unwrap();
    let named = [phase("*delay", 1, "another")];
    assert_eq!(store.retain(at(10), &named).unwrap(), 2);
    assert_eq!(store.history(old).unwrap().exposures.len(), 1);
    assert_eq!(store.history(running).unwrap().conversions.len(), 1);
    assert_eq!(store.history(nobody).unwrap().raw, None);
    let history = store.history(nowhere).unwrap();
    assert_eq!((history.aliases.len(), history.raw.is_some()), (1, true));
    assert_eq!(store.retain(at(11), &[]).unwrap(), 5);
    assert_eq!(store.history(nowhere).unwrap(), Default::default());
}

/// The conversions of a user stay as long as a visitor's exposures do, and those after `before`.
fn retains_aliased(store: Fresh) {
    let [visitor, user, other, ..] = units()[..] else {
        return;
    };
    let facts = [
        exposed("delay", visitor, 10),
        alias(visitor, user, 1),
        reached(user, 2),
        reached(other, 10),
    ];
    store.write(&batch(&facts)).unwrap();
    assert_eq!(store.retain(at(10), &[]).unwrap(), 0);
    assert_eq!(store.retain(at(11), &[]).unwrap(), 3);
    assert!(store.history(user).unwrap().aliases.is_empty());
}
