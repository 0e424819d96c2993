//! Facts that are no longer needed.

use crate::store::{
    Store,
    conformance::fixtures::{DAY, Fact, at, batch, phase, raw_unit, track, units},
};

use super::facts::{alias, exposed, reached};

/// Ended phases are deleted, and units without facts. A running phase stays, however old it is.
pub fn retain_deletes_ended_phases(store: &dyn Store) {
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
    // Of another kind, since a phase is known by set and number.
    let named = [phase("*delay", 1, "another")];
    // The one exposure of a phase that ended, and the conversion of a unit in no phase.
    assert_eq!(store.retain(at(10), &named).unwrap(), 2);
    assert_eq!(store.history(old).unwrap().exposures.len(), 1);
    assert_eq!(store.history(running).unwrap().conversions.len(), 1);
    assert_eq!(store.history(nobody).unwrap().raw, None);
    let history = store.history(nowhere).unwrap();
    assert_eq!((history.aliases.len(), history.raw.is_some()), (1, true));
    // Three exposures and two conversions; aliases and keys are deleted without being counted.
    assert_eq!(store.retain(at(11), &[]).unwrap(), 5);
    assert_eq!(store.history(nowhere).unwrap(), Default::default());
}

/// Conversions of a user stay as long as the exposures of a linked visitor. Conversions from that time
/// on stay, too.
pub fn retain_keeps_conversions_of_linked_users(store: &dyn Store) {
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

/// A running phase of a renamed set keeps what is stored under former names. Another set may get the name
/// after the rename; its phase ends like any other.
pub fn retain_keeps_former_names_of_running_phases(store: &dyn Store) {
    let [unit, later, ..] = units()[..] else {
        return;
    };
    const WEEK: i64 = 7 * DAY;
    let delay = |number| phase("delay", number, "visitor");
    let renamed = phase("delay.x", 1, "visitor");
    let facts = [
        Fact::definition(delay(1), 1, at(0), "{}"),
        exposed("delay", unit, 0),
        Fact::definition(renamed.clone(), 1, at(DAY), r#"{"formerly":["delay"]}"#),
        exposed("delay.x", later, DAY),
        Fact::definition(delay(2), 2, at(WEEK), "{}"),
        Fact::exposed(track(&delay(2), "long"), unit, at(WEEK)),
    ];
    store.write(&batch(&facts)).unwrap();
    // The exposure of the other set.
    assert_eq!(store.retain(at(2 * WEEK), &[renamed]).unwrap(), 1);
    assert_eq!(store.history(unit).unwrap().exposures.len(), 1);
    assert_eq!(store.retain(at(2 * WEEK), &[]).unwrap(), 2);
}
