//! Alerts about results: each once, when it begins.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tower_tracks::{
    Plan,
    control::{Act, Alert, Controls, MemoryLog},
    report::Report,
};

use super::{
    DAY, append,
    data::{Data, HOUR, checkout, plan, start},
    guarded,
};
use crate::support::layer;

/// Controls whose alerts are kept.
struct Node {
    controls: Controls,
    alerts: Arc<Mutex<Vec<Alert>>>,
}

impl Node {
    /// Its thread hardly ever reads the log, so that alerts come while the guard looks.
    fn new(log: &Arc<MemoryLog>) -> Self {
        Self::reading(log, HOUR)
    }

    fn reading(log: &Arc<MemoryLog>, every: Duration) -> Self {
        let alerts = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&alerts);
        let notify = move |alert: &Alert| seen.lock().unwrap().push(alert.clone());
        let controls = Controls::builder(Arc::clone(log)).every(every);
        let controls = controls.notify(notify).start().unwrap();
        Self { controls, alerts }
    }

    /// Looks at reports one after the other, and returns the texts of the alerts of each look.
    fn look(&self, reports: &[Report]) -> Vec<Vec<String>> {
        let looks = reports.windows(2).map(|pair| {
            self.controls.guard(&pair[0], &pair[1]);
            let alerts = std::mem::take(&mut *self.alerts.lock().unwrap());
            alerts.iter().map(ToString::to_string).collect()
        });
        looks.collect()
    }
}

fn node() -> Node {
    Node::new(&Arc::default())
}

/// Returns how many alerts each look has.
fn counts(looks: &[Vec<String>]) -> Vec<usize> {
    looks.iter().map(Vec::len).collect()
}

#[test]
fn a_guardrail_that_becomes_worse_is_reported_once() {
    let look = |hours: u32, failing| {
        let data = Data::new(plan()).come(400 + 100 * u64::from(hours), [0, failing]);
        data.report(hours * HOUR)
    };
    let looks = node().look(&[
        look(2, 0),
        look(3, 200),
        look(4, 300),
        look(5, 0),
        look(6, 200),
    ]);
    // It begins anew after it had ended.
    assert_eq!(counts(&looks), [1, 0, 0, 1], "{looks:?}");
    let expected = "checkout: guardrail errors per request, track broken: Worse than control: ";
    assert!(looks[0][0].starts_with(expected), "{looks:?}");
}

#[test]
fn a_mismatch_is_reported_once_and_also_in_the_first_report() {
    let look = |hours: u32, missing| {
        let mut data = Data::new(plan()).come(1000 + u64::from(hours), [0, 0]);
        data.tracks[1].units -= missing;
        data.report(hours * HOUR)
    };
    let [fine, first, second] = [look(2, 0), look(3, 300), look(4, 300)];
    let looks = node().look(&[Report::default(), first.clone(), second.clone()]);
    assert_eq!(counts(&looks), [1, 0]);
    let looks = node().look(&[fine, first, second]);
    assert_eq!(
        looks,
        [
            vec![
                "checkout: sample ratio mismatch: the tracks do not have the units that they should have, so \
                 the results are hidden"
                    .to_owned()
            ],
            vec![]
        ]
    );
}

/// A set whose track sells so much to 1,000 units.
fn sales(plan: Plan, buyers: u64, after: Duration) -> Report {
    let mut data = Data::new(plan).come(1000, [0, 0]);
    data.tracks[1].buyers = buyers;
    data.last = start().plus(after);
    data.report(after)
}

#[test]
fn a_verdict_is_reported_once() {
    let look = |hours: u32, buyers| sales(plan(), buyers, hours * HOUR);
    let reports = [look(2, 100), look(3, 200), look(4, 210), look(5, 210)];
    let looks = node().look(&reports);
    assert_eq!(counts(&looks), [1, 0, 0], "{looks:?}");
    let expected = "checkout: verdict on purchase, track broken: Better than control: ";
    assert!(looks[0][0].starts_with(expected), "{looks:?}");
    // A store with an old test may have no report yet.
    let looks = node().look(&[Report::default(), look(3, 200)]);
    assert_eq!(counts(&looks), [0], "{looks:?}");
}

#[test]
fn a_plan_is_reported_when_it_decides_whatever_it_decides() {
    for (buyers, verdict) in [
        (100, "No difference found: "),
        (200, "Better than control: "),
    ] {
        let look = |hours: u32| sales(plan().units(2000), buyers, hours * HOUR);
        // The window of the last unit of a day ends after midnight, so the next midnight decides.
        let looks = node().look(&[look(2), look(3), look(50), look(51), look(80)]);
        assert_eq!(counts(&looks), [0, 1, 0, 0], "{looks:?}");
        let expected = format!("checkout: verdict on purchase, track broken: {verdict}");
        assert!(looks[1][0].starts_with(&expected), "{looks:?}");
    }
}

#[test]
fn a_day_without_a_new_unit_is_reported_once() {
    let look = |hours: u32, last: u32| {
        let mut data = Data::new(plan()).come(100, [0, 0]);
        data.last = start().plus(last * HOUR);
        data.report(hours * HOUR)
    };
    let reports = [
        look(30, 7),
        look(31, 7),
        look(32, 7),
        look(33, 32),
        look(55, 32),
        look(57, 32),
    ];
    let quiet = "checkout: no new unit for a day; check that visitors still reach it, and that facts are \
                 recorded";
    let looks = node().look(&reports);
    let texts = |count| vec![quiet.to_owned(); count];
    assert_eq!(looks, [1, 0, 0, 0, 1].map(texts));

    // A set that is not running has no units, as it should. Others do not matter.
    let log = Arc::new(MemoryLog::default());
    append(&*log, Act::Pause, 0);
    assert_eq!(counts(&Node::new(&log).look(&reports[..2])), [0]);
    let log = Arc::new(MemoryLog::default());
    append(&*log, Act::Close, 0);
    assert_eq!(counts(&Node::new(&log).look(&reports[..2])), [0]);
}

#[test]
fn a_set_that_was_resumed_has_a_day_for_its_next_unit() {
    let log = Arc::new(MemoryLog::default());
    let pause = append(&*log, Act::Pause, 0);
    let resume = append(&*log, Act::Resume, pause.number);
    let look = |after: Duration| {
        let mut report = Data::new(plan()).come(100, [0, 0]).report(HOUR);
        report.phases[0].as_of.0 = resume.at.plus(after);
        report
    };
    let node = Node::new(&log);
    let _layer = layer(checkout(plan(), 1)).controls(&node.controls);
    let looks = node.look(&[
        look(Duration::ZERO),
        look(HOUR),
        look(DAY - HOUR),
        look(DAY),
    ]);
    assert_eq!(counts(&looks), [0, 0, 1], "{looks:?}");
}

#[test]
fn the_pause_of_the_guard_is_an_alert_of_its_own_on_every_node() {
    let log = Arc::new(MemoryLog::default());
    let one = Node::new(&log);
    let other = Node::reading(&log, Duration::from_millis(10));
    let [well, harmed, worse] = super::outage(guarded());
    let looks = one.look(&[well, harmed, worse]);
    assert_eq!(counts(&looks), [1, 1], "{looks:?}");
    let expected =
        "the guard has paused checkout: errors per request, broken: Worse than control: ";
    assert!(looks[1][0].starts_with(expected), "{looks:?}");
    super::wait_for("the alert", || !other.alerts.lock().unwrap().is_empty());
    let alerts = other.alerts.lock().unwrap();
    assert!(matches!(&alerts[..], [Alert::Guarded(change)] if change.number == 1));
}
