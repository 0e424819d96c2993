//! The guard: when it pauses a set, and what it leaves alone.

mod alerts;
mod calibration;
mod data;
mod served;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use tower_tracks::{
    Plan,
    control::{
        Act, Alert, Appended, Change, ChangeLog, Changes, Controls, ControlsBuilder, Draft,
        MemoryLog,
    },
    report::Report,
    store::{StoreError, StoreErrorKind, Timestamp},
};

use self::data::{Data, HOUR, checkout, plan};
use crate::support::layer;

const DAY: Duration = Duration::from_secs(86_400);

fn guarded() -> Plan {
    plan().stop_if_harmed()
}

/// Three looks: all is well, then a track whose requests all fail, then more of the same.
fn outage(plan: Plan) -> [Report; 3] {
    let well = Data::new(plan).come(500, [0, 0]);
    let harmed = well.clone().come(500, [0, 500]);
    let worse = harmed.clone().come(50, [0, 50]);
    [
        well.report(2 * HOUR),
        harmed.report(3 * HOUR),
        worse.report(4 * HOUR),
    ]
}

fn soon(log: impl ChangeLog + 'static) -> ControlsBuilder {
    Controls::builder(log).every(Duration::from_millis(10))
}

fn start(log: &Arc<MemoryLog>) -> Controls {
    soon(Arc::clone(log)).start().unwrap()
}

/// Returns the changes of a log as texts.
fn texts(log: &dyn ChangeLog) -> Vec<String> {
    let changes = log.after(0).unwrap().changes;
    changes.iter().map(ToString::to_string).collect()
}

fn append(log: &dyn ChangeLog, act: Act, previous: u64) -> Change {
    let draft = Draft::new("checkout", 1, act, "alice", "a reason");
    match log.append(&draft, previous).unwrap() {
        Appended::Added(change) => change,
        Appended::Conflict(change) => panic!("{change}"),
    }
}

fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_there() {
        assert!(Instant::now() < deadline, "{what} did not come");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_guardrail_that_is_worse_at_two_looks_in_a_row_pauses_the_set() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let _layer = layer(checkout(guarded(), 1)).controls(&controls);
    let [well, harmed, worse] = outage(guarded());
    assert!(controls.guard(&well, &harmed).is_empty());
    let pauses = controls.guard(&harmed, &worse);
    let [pause] = &pauses[..] else {
        panic!("{pauses:?}");
    };
    assert_eq!(
        (&*pause.set, pause.phase, &pause.act, &*pause.author),
        ("checkout", 1, &Act::Pause, "guard")
    );
    let sentence = "errors per request, broken: Worse than control: ";
    assert!(pause.reason.starts_with(sentence), "{}", pause.reason);
    let track = &worse.phases[0].requests[0].tracks[1];
    assert!(
        pause
            .reason
            .ends_with(&track.verdict.as_ref().unwrap().sentence)
    );
    let state = controls.set("checkout").unwrap().state();
    assert_eq!(state.paused, Some(pause.number));
    assert_eq!(log.after(0).unwrap().changes, pauses);
}

#[test]
fn a_guardrail_of_the_plan_pauses_too() {
    let log = Arc::new(MemoryLog::default());
    let mut data = Data::new(guarded()).come(2000, [0, 0]);
    (data.tracks[0].complaints, data.tracks[1].complaints) = (40, 160);
    let before = data.report(2 * HOUR);
    let now = data.come(10, [0, 0]).report(3 * HOUR);
    let pauses = start(&log).guard(&before, &now);
    assert!(
        pauses[0]
            .reason
            .starts_with("complaint, broken: Worse than control: "),
        "{pauses:?}"
    );
}

#[test]
fn a_sample_ratio_mismatch_at_two_looks_in_a_row_pauses_the_set() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let mut data = Data::new(guarded()).come(1000, [0, 0]);
    data.tracks[1].units = 700;
    let before = data.report(2 * HOUR);
    let now = data.come(10, [0, 0]).report(3 * HOUR);
    assert!(before.phases[0].health.is_mismatch());
    let pauses = controls.guard(&before, &now);
    let reason = format!("sample ratio: {}", now.phases[0].covered.as_ref().unwrap());
    assert_eq!(pauses[0].reason, reason);
}

#[test]
fn two_different_reasons_are_no_two_looks_in_a_row() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let [_, harmed, _] = outage(guarded());
    let mut data = Data::new(guarded()).come(2000, [0, 0]);
    data.tracks[1].complaints = 200;
    assert!(controls.guard(&harmed, &data.report(4 * HOUR)).is_empty());
    assert!(texts(&*log).is_empty());
}

#[test]
fn the_same_facts_again_are_no_second_look() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let data = Data::new(guarded()).come(500, [0, 500]);
    let looks = [2, 3, 4].map(|hours| data.report(hours * HOUR));
    assert!(controls.guard(&looks[0], &looks[1]).is_empty());
    assert!(controls.guard(&looks[1], &looks[2]).is_empty());
    // Nor is a report of an earlier time.
    let more = data.come(10, [0, 10]).report(2 * HOUR);
    assert!(controls.guard(&looks[2], &more).is_empty());
    assert!(texts(&*log).is_empty());
}

#[test]
fn without_stop_if_harmed_nothing_is_paused() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let [_, harmed, worse] = outage(plan());
    assert!(controls.guard(&harmed, &worse).is_empty());
    assert!(texts(&*log).is_empty());
}

/// The flag is no part of what assigns units, so it may come with a deploy in the middle of a phase.
#[test]
fn the_flag_is_that_of_the_latest_plan() {
    let before = serde_json::to_string(&plan()).unwrap();
    assert!(!before.contains("harmed"), "{before}");
    let of = |plan| {
        *checkout(plan, 1)
            .sets()
            .next()
            .unwrap()
            .fingerprint()
            .as_bytes()
    };
    assert_eq!(of(plan()), of(guarded()));
    let json = serde_json::to_string(&guarded()).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), guarded());
    assert_eq!(serde_json::from_str::<Plan>(&before).unwrap(), plan());
    assert!(outage(guarded())[0].phases[0].intent.stop_if_harmed);
    assert!(!outage(plan())[0].phases[0].intent.stop_if_harmed);
}

#[test]
fn a_set_that_is_paused_or_shipped_is_left_alone() {
    let [_, harmed, worse] = outage(guarded());
    let ship = Act::Ship {
        track: "broken".into(),
    };
    for act in [Act::Pause, ship] {
        let log = Arc::new(MemoryLog::default());
        append(&*log, act, 0);
        // In a program with the set, and in one that only computes reports.
        assert!(start(&log).guard(&harmed, &worse).is_empty());
        let controls = start(&log);
        let _layer = layer(checkout(guarded(), 1)).controls(&controls);
        assert!(controls.guard(&harmed, &worse).is_empty());
        assert_eq!(texts(&*log).len(), 1);
    }
}

/// A log whose changes were made some time ago.
struct Aged(MemoryLog, Duration);

impl ChangeLog for Aged {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        let mut read = self.0.after(number)?;
        for change in &mut read.changes {
            change.at = change.at.minus(self.1);
            change.effective_at = change.effective_at.minus(self.1);
        }
        Ok(read)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        self.0.append(draft, previous)
    }
}

#[test]
fn a_set_that_was_closed_long_ago_is_left_alone() {
    let [_, harmed, worse] = outage(guarded());
    for (days, pauses) in [(6, 1), (8, 0)] {
        let log = Aged(MemoryLog::default(), days * DAY);
        append(&log, Act::Close, 0);
        let controls = soon(log).start().unwrap();
        assert_eq!(controls.guard(&harmed, &worse).len(), pauses, "{days} days");
    }
}

#[test]
fn the_guard_never_resumes() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let [well, harmed, worse] = outage(guarded());
    assert_eq!(controls.guard(&harmed, &worse).len(), 1);
    let later = Data::new(guarded()).come(2000, [0, 0]).report(6 * HOUR);
    for (before, now) in [(&worse, &later), (&well, &later)] {
        assert!(controls.guard(before, now).is_empty());
    }
    assert_eq!(texts(&*log).len(), 1);
}

#[test]
fn a_person_who_resumes_a_set_is_not_overruled_by_the_same_facts() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let [_, harmed, worse] = outage(guarded());
    let pause = &controls.guard(&harmed, &worse)[0];
    append(&*log, Act::Resume, pause.number);
    controls.refresh();
    let worst = Data::new(guarded()).come(2000, [0, 1000]).report(9 * HOUR);
    assert!(controls.guard(&worse, &worst).is_empty());
    // Another harm is news to that person.
    let complaints = |hours: u32, units| {
        let mut data = Data::new(guarded()).come(units, [0, 1000]);
        data.tracks[1].complaints = 200;
        data.report(hours * HOUR)
    };
    let pauses = controls.guard(&complaints(10, 2000), &complaints(11, 2010));
    assert!(pauses[0].reason.starts_with("complaint, broken: "));
}

#[test]
fn of_two_nodes_one_makes_the_pause() {
    let log = Arc::new(MemoryLog::default());
    let [_, harmed, worse] = outage(guarded());
    let nodes = [start(&log), start(&log)];
    let pauses: usize = thread::scope(|scope| {
        let look = |node: &Controls| node.guard(&harmed, &worse).len();
        let looks = nodes.each_ref().map(|node| scope.spawn(move || look(node)));
        looks.map(|look| look.join().unwrap()).into_iter().sum()
    });
    assert_eq!((pauses, texts(&*log).len()), (1, 1));
}

#[test]
fn a_change_that_is_faster_is_read_before_the_next_attempt() {
    /// A log in which alice closes the set just before another author appends.
    struct Busy(MemoryLog, AtomicBool);

    impl ChangeLog for Busy {
        fn after(&self, number: u64) -> Result<Changes, StoreError> {
            self.0.after(number)
        }

        fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
            if !self.1.swap(true, Relaxed) {
                append(&self.0, Act::Close, previous);
            }
            self.0.append(draft, previous)
        }
    }

    let log = Arc::new(Busy(MemoryLog::default(), AtomicBool::default()));
    let controls = soon(Arc::clone(&log)).start().unwrap();
    let [_, harmed, worse] = outage(guarded());
    assert_eq!(controls.guard(&harmed, &worse).len(), 1);
    let acts = log.after(0).unwrap().changes;
    let acts: Vec<&str> = acts.iter().map(|change| change.act.name()).collect();
    assert_eq!(acts, ["close", "pause"]);
}

#[test]
fn other_phases_are_left_alone() {
    let log = Arc::new(MemoryLog::default());
    let controls = start(&log);
    let _layer = layer(checkout(guarded(), 2)).controls(&controls);
    let [_, harmed, worse] = outage(guarded());
    // The program is in phase 2, so a pause of phase 1 would be void.
    assert!(controls.guard(&harmed, &worse).is_empty());
    let with_second = |first: &Report, hours: u32| {
        let second = Data::of(checkout(guarded(), 2)).come(100, [0, 0]);
        let mut report = first.clone();
        report.phases.extend(second.report(hours * HOUR).phases);
        report
    };
    let (before, now) = (with_second(&harmed, 3), with_second(&worse, 4));
    assert!(start(&log).guard(&before, &now).is_empty());
    assert!(texts(&*log).is_empty());
}

/// A log that can be read, and fails to be written.
#[derive(Clone, Default)]
struct Full(Arc<MemoryLog>, Arc<AtomicBool>);

impl ChangeLog for Full {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        self.0.after(number)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        match self.1.load(Relaxed) {
            true => Err(StoreError::new(
                StoreErrorKind::Unavailable,
                "the disk is full",
            )),
            false => self.0.append(draft, previous),
        }
    }
}

#[test]
fn a_log_that_fails_is_reported_once_and_tried_again() {
    let log = Full::default();
    let alerts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&alerts);
    let notify = move |alert: &Alert| seen.lock().unwrap().push(alert.clone());
    let controls = soon(log.clone()).notify(notify).start().unwrap();
    let failures = || {
        let alerts = alerts.lock().unwrap();
        let failures = alerts
            .iter()
            .filter(|alert| matches!(alert, Alert::GuardFailed { .. }));
        failures.map(ToString::to_string).collect::<Vec<_>>()
    };
    let look = |hours: u32| {
        let data = Data::new(guarded()).come(500 + 10 * u64::from(hours), [0, 500]);
        data.report(hours * HOUR)
    };
    log.1.store(true, Relaxed);
    assert!(controls.guard(&look(2), &look(3)).is_empty());
    assert!(controls.guard(&look(3), &look(4)).is_empty());
    let texts = failures();
    let [failure] = &texts[..] else {
        panic!("{texts:?}");
    };
    let expected = "the guard could not pause checkout, since the log of changes failed (the disk is full); it \
                    should be paused: errors per request, broken: Worse than control: ";
    assert!(failure.starts_with(expected), "{failure}");
    log.1.store(false, Relaxed);
    assert_eq!(controls.guard(&look(4), &look(5)).len(), 1);
    wait_for("the pause", || {
        let alerts = alerts.lock().unwrap();
        alerts
            .iter()
            .any(|alert| matches!(alert, Alert::Guarded(_)))
    });
    assert_eq!(failures().len(), 1);
}

#[test]
fn names_that_no_definition_has_cause_no_panic() {
    let log = Arc::new(MemoryLog::default());
    let [_, mut harmed, mut worse] = outage(guarded());
    for report in [&mut harmed, &mut worse] {
        report.phases[0].set = "An old set!".to_owned();
    }
    assert!(start(&log).guard(&harmed, &worse).is_empty());
    assert!(
        start(&log)
            .guard(&Report::default(), &Report::default())
            .is_empty()
    );
}

#[test]
fn times_at_the_end_of_time_cause_no_panic() {
    let log = Arc::new(MemoryLog::default());
    let [_, harmed, mut worse] = outage(guarded());
    worse.phases[0].as_of.0 = Timestamp::MAX;
    worse.phases[0].last_exposure.as_mut().unwrap().0 = Timestamp::MAX;
    assert_eq!(start(&log).guard(&harmed, &worse).len(), 1);
}
