//! Erasures of another store.

use crate::store::{
    Memory, Store,
    conformance::{
        dumped,
        fixtures::{Fact, batch, raw_unit, units},
    },
};

use super::facts::{erased, exposed};

/// Units that were erased in another store are erased here before its facts are written.
pub fn merging_applies_the_erasures_of_the_other_store(store: &dyn Store) {
    let unit = units()[0];
    let elsewhere = Memory::default();
    let facts = [exposed("delay", unit, 6), Fact::Raw(raw_unit(unit))];
    elsewhere.write(&batch(&facts)).unwrap();
    elsewhere.erase(erased(unit, 5)).unwrap();
    store.write(&batch(&[exposed("delay", unit, 4)])).unwrap();
    let written = store.merge(&elsewhere).unwrap();
    assert_eq!(written.exposures.new, 1);
    assert_eq!(dumped(store), dumped(&elsewhere));
    let back = Memory::default();
    back.merge(store).unwrap();
    assert_eq!(dumped(&back), dumped(&elsewhere));
}
