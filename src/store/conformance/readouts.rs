//! Results that were computed in the background.

use crate::store::{
    PhaseName, Readout, Store, Timestamp,
    conformance::{dumped::json, fixtures::phases},
};

/// A read-out replaces the previous one of its phase and kind, also an earlier one.
pub fn a_readout_replaces_the_previous_one(store: &dyn Store) {
    let phase = &phases()[0];
    for micros in [5, 6, 4] {
        store
            .put_readout(&readout(phase, "results", micros))
            .unwrap();
        assert_eq!(known(store, "results"), [(phase.to_string(), micros)]);
    }
}

/// Read-outs are those of one kind, sorted by set and number.
pub fn readouts_are_sorted_and_of_one_kind(store: &dyn Store) {
    for phase in phases() {
        store.put_readout(&readout(&phase, "results", 5)).unwrap();
    }
    store
        .put_readout(&readout(&phases()[0], "plan", 6))
        .unwrap();
    let sorted = ["*delay@10", "delay", "delay@2", "delay.x"];
    let expected = sorted.map(|phase| (phase.to_owned(), 5));
    assert_eq!(known(store, "results"), expected);
    assert_eq!(known(store, "plan"), [("delay".to_owned(), 6)]);
    assert_eq!(known(store, "nothing"), []);
}

fn readout(phase: &PhaseName, kind: &str, micros: i64) -> Readout {
    let json = format!(r#"{{"at": {micros}}}"#).into();
    let as_of = Timestamp::from_micros(micros);
    Readout::new(phase.clone(), kind.into(), as_of, json)
}

/// Returns the phases of the read-outs with their times, which are those of the JSON.
fn known(store: &dyn Store, kind: &str) -> Vec<(String, i64)> {
    let readouts = store.readouts(kind).unwrap();
    let known = readouts.iter().map(|readout| {
        let micros = readout.as_of.as_micros();
        assert_eq!(&*readout.kind, kind);
        assert_eq!(json(&readout.json), format!(r#"{{"at":{micros}}}"#));
        (readout.phase.to_string(), micros)
    });
    known.collect()
}
