use tower_tracks::store::{Phase, Store, StoreError, StoreErrorKind, Timestamp};

use super::{
    dumped::{dumped, json},
    pools::{DAY, START, phases, units},
    question::questions,
};

/// Fails with the first lines that differ.
#[track_caller]
pub(super) fn same(store: &[String], memory: &[String]) {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let only = these.iter().filter(|line| !those.contains(line));
        only.take(5).cloned().collect()
    };
    assert!(
        store == memory,
        "only in the store: {:#?}\nonly in memory: {:#?}",
        only(store, memory),
        only(memory, store)
    );
}

/// Returns all that can be seen of a store, in lines.
pub(super) fn observed(store: &dyn Store) -> Vec<String> {
    let mut lines = vec![];
    lines.extend(store.phases().unwrap().into_iter().map(of_phase));
    for question in questions() {
        let answer = store.attribute(&question).map_err(kind);
        let (phase, as_of) = (&question.phase, question.as_of);
        lines.push(format!("{phase} as of {as_of}: {answer:?}"));
    }
    for phase in phases() {
        for as_of in [Timestamp::from_micros(START + DAY), Timestamp::MAX] {
            let busiest = store.busiest_second(&phase, as_of).unwrap();
            lines.push(format!("{phase} as of {as_of}: {busiest:?}"));
        }
        let sums = store.sums(&phase).unwrap();
        lines.extend(sums.iter().map(|sum| format!("{sum:?}")));
    }
    let losses = store.losses().unwrap();
    lines.extend(losses.iter().map(|loss| format!("{loss:?}")));
    for unit in units() {
        lines.push(format!("{unit} {:?}", store.history(unit).unwrap()));
        for from in [0, 1, 2, usize::MAX] {
            let part = store.history_part(unit, from, 2).unwrap();
            lines.push(format!("{unit} from {from} {part:?}"));
        }
    }
    for readout in store.readouts("results").unwrap() {
        let (phase, as_of, json) = (&readout.phase, readout.as_of, json(&readout.json));
        lines.push(format!("readout {phase:?} {as_of} {json}"));
    }
    lines.extend(dumped(store));
    lines
}

fn of_phase(phase: Phase) -> String {
    let definitions = phase.definitions.iter().map(|definition| {
        let (fingerprint, json) = (definition.fingerprint[0], json(&definition.json));
        (fingerprint, json, definition.first_at)
    });
    let definitions: Vec<_> = definitions.collect();
    let (name, tracks, plans) = (phase.name, phase.tracks, phase.plans);
    format!("{name:?} {tracks:?} {definitions:?} {plans:?}")
}

/// Two stores need not say the same words.
#[allow(clippy::needless_pass_by_value)]
fn kind(error: StoreError) -> StoreErrorKind {
    error.kind()
}
