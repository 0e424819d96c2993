//! One phase that cannot be reported costs no other its report.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use tower_tracks::{
    report::{Report, Reporter},
    store::{Batch, ExposureRow, Memory, PhaseName, Store, Timestamp, TrackName, WriterRow},
    unit::Unit,
};

use super::shop::day;
use crate::record::hooked::Hooked;

/// A store with a unit in a phase of each of three sets.
fn three_phases() -> Memory {
    let (store, mut batch) = (Memory::default(), Batch::default());
    let writer = batch.writer(&WriterRow::new([1; 16], day(0)));
    for set in ["a", "b", "c"] {
        let phase = PhaseName {
            set: set.into(),
            phase: 1,
            kind: "visitor".into(),
        };
        let track = batch.track(&TrackName {
            phase,
            track: "control".into(),
            control: true,
        });
        batch.exposures.push(ExposureRow::new(
            track,
            Unit::from_bytes([7; 16]),
            day(0),
            writer,
        ));
    }
    store.write(&batch).unwrap();
    store
}

/// A store that panics at the second question, which is that of the second phase.
fn panics_at(question: &'static str) -> Hooked {
    let count = AtomicUsize::new(0);
    Hooked::new(Arc::new(three_phases()), move |asked| {
        let is_second = asked == question && count.fetch_add(1, SeqCst) == 1;
        assert!(!is_second, "{question} of the second");
        Ok(())
    })
}

fn named(report: &Report) -> (Vec<&str>, Vec<&str>) {
    (
        report.phases.iter().map(|phase| &*phase.set).collect(),
        report.unread.iter().map(|phase| &*phase.set).collect(),
    )
}

#[test]
fn a_phase_that_panics_is_unread_and_the_others_are_reported() {
    for question in ["attribute", "sums", "overlap"] {
        let store = panics_at(question);
        let report = Reporter::new(&store, day(1)).compute().unwrap();
        assert_eq!(named(&report), (vec!["a", "c"], vec!["b"]), "{question}");
        let why = &report.unread[0].why;
        assert!(why.contains(&format!("{question} of the second")), "{why}");
        assert!(report.to_text().contains("panicked"), "{question}");
    }
}

#[test]
fn the_others_are_stored_too() {
    let store = panics_at("put_readout");
    let report = Reporter::new(&store, day(1)).refresh().unwrap();
    assert_eq!(named(&report), (vec!["a", "c"], vec!["b"]));
    let stored = Reporter::stored(&store).unwrap();
    assert_eq!(named(&stored), (vec!["a", "c"], vec![]));
}

/// Reports of the ends of time are read back as they were stored.
#[test]
fn any_time_of_a_report_is_read_back() {
    for at in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        let store = three_phases();
        let as_of = Timestamp::from_micros(at);
        let report = Reporter::new(&store, as_of).refresh().unwrap();
        assert_eq!(Reporter::stored(&store).unwrap(), report, "{at}");
    }
}
