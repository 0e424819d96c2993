//! Any rows of every table, through a store: reports, what is stored of them, and the pages.

#[allow(clippy::duplicate_mod, reason = "each target is a program of its own")]
#[path = "stores/input.rs"]
mod input;
#[path = "stores/json.rs"]
mod json;
#[path = "stores/pages.rs"]
mod pages;
#[path = "stores/rows.rs"]
mod rows;

use std::sync::Arc;

use tower_tracks::{
    report::{Report, Reporter},
    store::{Memory, Readout, Store, Timestamp},
};

use self::input::Input;

/// No phase panics, and what is computed can be stored and read back, whatever the rows are.
pub(crate) fn run(data: &[u8]) {
    let mut input = Input(data);
    let store = Arc::new(filled(&mut input));
    let reporter = Reporter::new(&*store, input.as_of());
    let report = reporter.compute().unwrap();
    show(&report);
    assert_eq!(
        reporter.refresh().unwrap().phases.len(),
        report.phases.len()
    );
    let stored = Reporter::stored(&*store).unwrap();
    assert_eq!(stored.unread, [], "{report:?}");
    // JSON may round the last bit of a number.
    assert_eq!(stored.phases.len(), report.phases.len());
    for mut readout in store.readouts("report").unwrap() {
        readout.json = json::mutated(&mut input, &readout.json).into();
        store.put_readout(&readout).unwrap();
    }
    show(&Reporter::stored(&*store).unwrap());
    pages::show(&store, &rows::phases(), rows::unit(0));
}

/// Returns a store with any rows.
pub(crate) fn filled(input: &mut Input<'_>) -> Memory {
    let store = Memory::default();
    store.write(&rows::batch(input)).unwrap();
    for _ in 0..input.byte() % 4 {
        let phase = input.pick(&rows::phases()).clone();
        let kind = *input.pick(&["report", "decided", "decision"]);
        let (as_of, json) = (input.time(), json::readout(input));
        let readout = Readout::new(phase, kind.into(), as_of, json.into());
        store.put_readout(&readout).unwrap();
    }
    store
}

/// Returns a store with the rows of some bytes, and the time of a report.
#[allow(dead_code, reason = "only property tests compare stores")]
pub(crate) fn store_of(data: &[u8]) -> (Memory, Timestamp) {
    let mut input = Input(data);
    let store = filled(&mut input);
    (store, input.as_of())
}

/// No number is not a number, and no phase is unread because it panics.
fn show(report: &Report) {
    for unread in &report.unread {
        assert!(!unread.why.contains("panicked"), "{unread:?}");
    }
    for text in [report.to_text(), report.to_csv()] {
        assert!(!text.contains("NaN"), "{text}");
    }
}
