//! The facts of these cases, and what a store returns of them.

use std::sync::Arc;

use crate::store::{
    PhaseName, Store,
    conformance::fixtures::{Fact, at, batch, phase, track, units},
};

pub(crate) fn delay() -> PhaseName {
    phase("delay", 1, "visitor")
}

pub(crate) fn definition(fingerprint: u8, micros: i64, json: &str) -> Fact {
    Fact::definition(delay(), fingerprint, at(micros), json)
}

/// An exposure of one unit to one track: its time, the definition and the segment.
pub(crate) type Under = (i64, Option<u8>, Option<&'static str>);

pub(crate) fn exposed((micros, definition, segment): Under) -> Fact {
    let fact = Fact::exposed(track(&delay(), "long"), units()[3], at(micros));
    fact.with_exposure(|exposure| {
        exposure.definition = definition;
        exposure.segment = segment.map(Into::into);
    })
}

pub(crate) fn plan(micros: i64, json: &str) -> Fact {
    Fact::plan(delay(), at(micros), json)
}

pub(crate) fn write(store: &dyn Store, facts: &[Fact]) {
    store.write(&batch(facts)).unwrap();
}

/// Returns the definitions that the store knows: a byte of the fingerprint, the time and the JSON.
pub(crate) fn known(store: &dyn Store) -> Vec<(u8, i64, Arc<str>)> {
    let phases = store.phases().unwrap();
    let definitions = phases[0].definitions.iter();
    let known = definitions.map(|definition| {
        let (fingerprint, json) = (definition.fingerprint[0], Arc::clone(&definition.json));
        (fingerprint, definition.first_at.as_micros(), json)
    });
    known.collect()
}

/// Returns under what the unit was exposed.
pub(crate) fn held(store: &dyn Store) -> (i64, Option<u8>, Option<Arc<str>>) {
    let mut held = Vec::new();
    let dump = store.dump(&mut |batch| {
        held.extend(batch.exposures.iter().map(|row| {
            let name = |index: u32| batch.definition_names()[index as usize].fingerprint[0];
            let segment = |index: u32| Arc::clone(&batch.segments()[index as usize]);
            let (definition, segment) = (row.definition.map(name), row.segment.map(segment));
            (row.first_at.as_micros(), definition, segment)
        }));
        Ok(())
    });
    dump.unwrap();
    assert_eq!(held.len(), 1);
    held.remove(0)
}
