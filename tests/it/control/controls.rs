//! A node that follows a log, also one that fails.

use std::{
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    control::{
        Act, Alert, Appended, ChangeLog, Changes, ControlError, Controls, ControlsBuilder, Draft,
        MemoryLog, Mode, Step, Void,
    },
    store::{StoreError, StoreErrorKind},
};

use crate::{sinks::Folder, support::layer};

const SECRET: &str = "sixteen random bytes, or more";

/// A log that can fail, and that can lose its last changes.
#[derive(Clone, Default)]
struct Unsure {
    log: Arc<MemoryLog>,
    fails: Arc<AtomicBool>,
    lost: Arc<AtomicU64>,
}

impl ChangeLog for Unsure {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        if self.fails.load(Relaxed) {
            return Err(StoreError::new(
                StoreErrorKind::Unavailable,
                "no route to host",
            ));
        }
        let mut read = self.log.after(number)?;
        read.last -= self.lost.load(Relaxed);
        let last = read.last;
        read.changes.retain(|change| change.number <= last);
        Ok(read)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        self.log.append(draft, previous)
    }
}

fn soon(log: impl ChangeLog + 'static) -> ControlsBuilder {
    Controls::builder(log).every(Duration::from_millis(10))
}

fn pause(log: &dyn ChangeLog, previous: u64) {
    let draft = Draft::new("delay", 1, Act::Pause, "bob", "errors in checkout");
    assert!(matches!(
        log.append(&draft, previous).unwrap(),
        Appended::Added(_)
    ));
}

fn delay() -> TracksLayer {
    layer(
        SimpleTrackSet::new("delay")
            .track("long", 2000)
            .build()
            .unwrap(),
    )
}

fn mode(controls: &Controls) -> Mode {
    controls.set("delay").unwrap().state().mode
}

fn wait_for(what: &str, is_there: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !is_there() {
        assert!(Instant::now() < deadline, "{what} did not come");
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_change_of_another_node_arrives() {
    let log = Arc::new(MemoryLog::default());
    let controls = soon(Arc::clone(&log)).start().unwrap();
    let _layer = delay().controls(&controls);
    assert_eq!(mode(&controls), Mode::Code);
    pause(&*log, 0);
    wait_for("the pause", || mode(&controls) == Mode::Paused);
}

#[test]
fn while_the_log_fails_what_was_in_force_stays() {
    let log = Unsure::default();
    let alerts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&alerts);
    let notify = move |alert: &Alert| seen.lock().unwrap().push(alert.to_string());
    let controls = soon(log.clone()).notify(notify).start().unwrap();
    let _layer = delay().controls(&controls);
    controls
        .set("delay")
        .unwrap()
        .pause("alice", "errors")
        .unwrap();
    log.fails.store(true, Relaxed);
    wait_for("the alert", || !controls.is_fresh());
    thread::sleep(Duration::from_millis(60));
    assert_eq!(mode(&controls), Mode::Paused);
    assert!(controls.is_loaded());
    log.fails.store(false, Relaxed);
    wait_for("the log", || controls.is_fresh());
    assert_eq!(
        *alerts.lock().unwrap(),
        [
            "change 1 of delay: pause, by alice: errors",
            "the log of changes cannot be read: no route to host",
            "the log of changes can be read again",
        ]
    );
}

/// Another version of the program, with another share in code, may have made it.
#[test]
fn a_change_without_effect_here_is_reported() {
    let log = Arc::new(MemoryLog::default());
    let alerts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&alerts);
    let notify = move |alert: &Alert| seen.lock().unwrap().push(alert.to_string());
    let controls = soon(Arc::clone(&log)).notify(notify).start().unwrap();
    let _layer = delay().controls(&controls);
    let act = Act::Share {
        share: 0.5,
        over: 0.1,
    };
    let share = Draft::new("delay", 1, act, "bob", "a first look");
    let _ = log.append(&share, 0).unwrap();
    wait_for("both alerts", || alerts.lock().unwrap().len() == 2);
    thread::sleep(Duration::from_millis(60));
    assert_eq!(
        *alerts.lock().unwrap(),
        [
            "change 1 of delay: share 50%, by bob: a first look",
            "change 1 of delay: share 50%, by bob: a first look: no effect, since it was made over another \
             share in code",
        ]
    );
    assert_eq!(mode(&controls), Mode::Code);
}

#[test]
fn a_start_without_a_log_does_what_the_code_says_or_pauses_on_request() {
    let log = Unsure::default();
    log.fails.store(true, Relaxed);
    let controls = soon(log.clone()).start().unwrap();
    let _layer = delay().controls(&controls);
    assert_eq!((mode(&controls), controls.is_loaded()), (Mode::Code, false));

    let careful = soon(log.clone()).start_paused().start().unwrap();
    let _layer = delay().controls(&careful);
    log.fails.store(false, Relaxed);
    wait_for("the log", || careful.is_loaded());
}

#[test]
fn a_start_without_a_log_takes_the_cache() {
    let folder = Folder::new();
    let path = folder.join("changes.cache");
    let log = Unsure::default();
    let start = || {
        soon(log.clone())
            .cache(&path, SECRET)
            .unwrap()
            .start()
            .unwrap()
    };
    let controls = start();
    let _layer = delay().controls(&controls);
    controls
        .set("delay")
        .unwrap()
        .pause("alice", "errors")
        .unwrap();
    drop(controls);

    log.fails.store(true, Relaxed);
    let controls = start();
    let _layer = delay().controls(&controls);
    assert_eq!(
        (mode(&controls), controls.is_loaded()),
        (Mode::Paused, false)
    );
    drop(controls);

    // Write access to the file must not suffice to resume the set.
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("pause", "reset")).unwrap();
    let controls = start();
    let _layer = delay().controls(&controls);
    assert_eq!(mode(&controls), Mode::Code);
    // Nor is it readable with another secret.
    fs::write(&path, text).unwrap();
    let other = soon(log.clone()).cache(&path, "another secret of the server");
    let controls = other.unwrap().start().unwrap();
    let _layer = delay().controls(&controls);
    assert_eq!(mode(&controls), Mode::Code);
}

#[test]
fn a_restored_backup_changes_nothing_until_a_person_decides() {
    let log = Unsure::default();
    let alerts = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&alerts);
    let notify = move |alert: &Alert| seen.lock().unwrap().push(alert.to_string());
    let controls = soon(log.clone()).notify(notify).start().unwrap();
    let _layer = delay().controls(&controls);
    controls
        .set("delay")
        .unwrap()
        .pause("alice", "errors")
        .unwrap();
    log.lost.store(1, Relaxed);
    wait_for("the alert", || alerts.lock().unwrap().len() > 1);
    thread::sleep(Duration::from_millis(60));
    assert_eq!(mode(&controls), Mode::Paused);
    let alerts = alerts.lock().unwrap().clone();
    assert_eq!(alerts.len(), 2, "{alerts:?}");
    assert!(
        alerts[1].starts_with("the log of changes ends at change 0, but change 1"),
        "{alerts:?}"
    );
    controls.accept_log();
    assert_eq!(mode(&controls), Mode::Code);
    assert!(controls.changes().is_empty() && controls.is_fresh());
}

#[test]
fn a_change_is_refused_with_its_reason() {
    let controls = soon(MemoryLog::default()).start().unwrap();
    let _layer = delay().controls(&controls);
    let set = || controls.set("delay").unwrap();
    for (refused, void) in [
        (set().share(1.5, "alice", "more"), Void::NoShare),
        (set().ship("longest", "alice", "it won"), Void::NoTrack),
        (set().ramp([], "alice", "more"), Void::NotRising),
        (set().pause("", "errors"), Void::Unsigned),
        (set().pause("alice", " "), Void::Unsigned),
        (set().approve(1, "alice", "fine"), Void::NothingToApprove),
    ] {
        assert!(
            matches!(refused, Err(ControlError::Refused(reason)) if reason == void),
            "{void}"
        );
    }
    assert!(controls.changes().is_empty());
    let unknown = controls.set("pricing").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "no layer with these controls has the set \"pricing\""
    );
}

#[test]
fn two_people_raise_and_one_pauses() {
    let controls = soon(MemoryLog::default()).two_people().start().unwrap();
    let set = SimpleTrackSet::new("delay")
        .track("long", 2000)
        .share(0.1)
        .build()
        .unwrap();
    let _layer = layer(set).controls(&controls);
    let set = || controls.set("delay").unwrap();
    let raise = set().share(0.5, "alice", "a first look").unwrap();
    assert!(raise.needs_approval);
    assert_eq!(set().state().pending, [raise.number]);
    let own = set().approve(raise.number, "Alice ", "fine");
    assert!(matches!(own, Err(ControlError::Refused(Void::SameAuthor))));
    set().approve(raise.number, "bob", "fine").unwrap();
    wait_for("the share", || mode(&controls) == Mode::Share(0.5));
    let pause = set().pause("alice", "errors").unwrap();
    assert!(!pause.needs_approval);
    assert_eq!(mode(&controls), Mode::Paused);
    let resume = set().resume("alice", "mended").unwrap();
    assert!(resume.needs_approval);
}

/// Otherwise a step could begin before all nodes have read the approval.
#[test]
fn an_approved_ramp_begins_on_all_nodes_together() {
    let controls = soon(MemoryLog::default()).two_people().start().unwrap();
    let _layer = delay().controls(&controls);
    let set = controls.set("delay").unwrap();
    let step = Step {
        at: controls.now().plus(Duration::from_secs(1)),
        share: 0.5,
    };
    let ramp = set.ramp([step], "alice", "a first look").unwrap();
    let approval = set.approve(ramp.number, "bob", "fine").unwrap();
    assert!(approval.effective_at > approval.at);
    assert_eq!(mode(&controls), Mode::Code);
}

#[test]
fn the_thread_ends_with_the_controls() {
    let log = Arc::new(MemoryLog::default());
    let controls = soon(Arc::clone(&log)).start().unwrap();
    let clone = controls.clone();
    drop(controls);
    assert!(clone.is_loaded());
    drop(clone);
    wait_for("the end of the thread", || Arc::strong_count(&log) == 1);
}

#[test]
fn a_closure_that_panics_stops_nothing() {
    let log = Arc::new(MemoryLog::default());
    let notify = |_: &Alert| panic!("as a test");
    let controls = soon(Arc::clone(&log)).notify(notify).start().unwrap();
    let _layer = delay().controls(&controls);
    pause(&*log, 0);
    wait_for("the pause", || mode(&controls) == Mode::Paused);
    pause(&*log, 1);
    wait_for("the second change", || controls.changes().len() == 2);
}
