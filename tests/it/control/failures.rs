//! What a node does while its log cannot be read, has lost changes, or has some that cannot be read.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use tower_tracks::{
    TracksLayer,
    control::{
        Act, Appended, ChangeLog, Changes, ControlError, Controls, Draft, JsonLog, MemoryLog, Mode,
        Step,
    },
    store::{StoreError, StoreErrorKind, Timestamp},
};

use super::{alerts::Alerts, delay, layer::app, mode, pause, soon, wait_for};
use crate::{
    sinks::Folder,
    support::{body_text, get},
};

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

fn pause_by_alice(controls: &Controls) {
    let set = controls.set("delay").unwrap();
    set.pause("alice", "errors").unwrap();
}

/// Returns what a requester gets.
async fn text(layer: &TracksLayer) -> String {
    body_text(get(app(layer), "/").await).await
}

#[test]
fn while_the_log_fails_what_was_in_force_stays() {
    let log = Unsure::default();
    let alerts = Alerts::default();
    let controls = soon(log.clone()).notify(alerts.keep()).start().unwrap();
    let _layer = delay().controls(&controls);
    pause_by_alice(&controls);
    log.fails.store(true, Relaxed);
    wait_for("the alert", || !controls.is_fresh());
    thread::sleep(Duration::from_millis(60));
    assert_eq!(mode(&controls), Mode::Paused);
    assert!(controls.is_loaded());
    log.fails.store(false, Relaxed);
    wait_for("the last alert", || alerts.texts().len() == 3);
    assert!(controls.is_fresh());
    assert_eq!(
        alerts.texts(),
        [
            "change 1 of delay: pause, by alice: errors",
            "the log of changes cannot be read: no route to host",
            "the log of changes can be read again",
        ]
    );
}

/// Only what enrols more units waits for the log.
#[test]
fn while_the_log_fails_a_falling_step_begins() {
    let log = Unsure::default();
    let controls = soon(log.clone()).start().unwrap();
    let _layer = delay().controls(&controls);
    let at = controls.now().plus(Duration::from_millis(1500));
    let fall = [Step { at, share: 0.25 }];
    let ramp = controls.set("delay").unwrap().ramp(fall, "alice", "errors");
    ramp.unwrap();
    log.fails.store(true, Relaxed);
    wait_for("the step", || mode(&controls) == Mode::Share(0.25));
    assert!(!controls.is_fresh() && Timestamp::now() >= at);
}

#[tokio::test]
async fn a_start_without_a_log_does_what_the_code_says_or_pauses_on_request() {
    let log = Unsure::default();
    log.fails.store(true, Relaxed);
    let controls = soon(log.clone()).start().unwrap();
    let layer = delay().controls(&controls);
    assert!(text(&layer).await.starts_with("delay/"));
    assert!(!controls.is_loaded() && !controls.is_fresh());

    let careful = soon(log.clone()).start_paused().start().unwrap();
    let layer = delay().controls(&careful);
    assert_eq!(text(&layer).await, "delay (paused) None");
    assert!(!careful.is_loaded());
    log.fails.store(false, Relaxed);
    wait_for("the log", || careful.is_loaded());
    careful.refresh();
    assert!(text(&layer).await.starts_with("delay/"));
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
    pause_by_alice(&controls);
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
    let alerts = Alerts::default();
    let controls = soon(log.clone()).notify(alerts.keep()).start().unwrap();
    let _layer = delay().controls(&controls);
    pause_by_alice(&controls);
    log.lost.store(1, Relaxed);
    wait_for("the alert", || alerts.texts().len() > 1);
    thread::sleep(Duration::from_millis(60));
    assert_eq!(mode(&controls), Mode::Paused);
    let alerts = alerts.texts();
    assert_eq!(alerts.len(), 2, "{alerts:?}");
    assert!(
        alerts[1].starts_with("the log of changes does not have the change 1"),
        "{alerts:?}"
    );
    // No node would apply it, so it is not made.
    let refused = controls.set("delay").unwrap().resume("alice", "mended");
    assert!(matches!(refused, Err(ControlError::Regressed)));
    assert_eq!(log.log.after(0).unwrap().last, 1);
    controls.accept_log();
    assert_eq!(mode(&controls), Mode::Code);
    assert!(controls.changes().is_empty() && controls.is_fresh());
}

/// A log that a backup replaces, which has none of its changes.
#[derive(Clone, Default)]
struct Replaced {
    logs: Arc<[MemoryLog; 2]>,
    is_replaced: Arc<AtomicBool>,
}

impl Replaced {
    fn log(&self) -> &MemoryLog {
        &self.logs[usize::from(self.is_replaced.load(Relaxed))]
    }
}

impl ChangeLog for Replaced {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        self.log().after(number)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        self.log().append(draft, previous)
    }
}

/// A kill switch needs no decision about the log.
#[test]
fn a_pause_in_a_log_that_lost_changes_is_in_force_on_all_nodes() {
    let log = Replaced::default();
    let nodes = [(); 2].map(|()| soon(log.clone()).start().unwrap());
    let _layers = [0, 1].map(|node: usize| delay().controls(&nodes[node]));
    let set = || nodes[0].set("delay").unwrap();
    set().share(0.5, "alice", "a smaller part").unwrap();
    wait_for("the share", || mode(&nodes[1]) == Mode::Share(0.5));
    log.is_replaced.store(true, Relaxed);
    set().pause("alice", "errors").unwrap();
    assert_eq!(mode(&nodes[0]), Mode::Paused);
    wait_for("the pause", || mode(&nodes[1]) == Mode::Paused);
    // The known share stays, too.
    assert_eq!(nodes[1].set("delay").unwrap().state().share, 0.5);
    let refused = set().share(1.0, "alice", "all of them");
    assert!(matches!(refused, Err(ControlError::Regressed)));
    nodes[0].accept_log();
    let state = set().state();
    assert_eq!((state.mode, state.share), (Mode::Paused, 1.0));
}

/// The changes of before the first start are no news, and no layer has their sets yet.
#[test]
fn the_first_start_writes_the_cache() {
    let folder = Folder::new();
    let log = Unsure::default();
    let start = || {
        let builder = soon(log.clone()).cache(folder.join("cache"), SECRET);
        builder.unwrap().start().unwrap()
    };
    pause(&*log.log, 0);
    drop(start());
    log.fails.store(true, Relaxed);
    let controls = start();
    let _layer = delay().controls(&controls);
    assert_eq!(mode(&controls), Mode::Paused);
}

#[derive(Clone, Default)]
struct Panicking {
    log: Arc<MemoryLog>,
    panics: Arc<AtomicBool>,
}

impl ChangeLog for Panicking {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        assert!(!self.panics.load(Relaxed), "as a test");
        self.log.after(number)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        self.log.append(draft, previous)
    }
}

#[test]
fn a_log_that_panics_is_one_that_cannot_be_read() {
    let log = Panicking::default();
    let controls = soon(log.clone()).start().unwrap();
    let _layer = delay().controls(&controls);
    log.panics.store(true, Relaxed);
    wait_for("the panic", || !controls.is_fresh());
    pause(&*log.log, 0);
    log.panics.store(false, Relaxed);
    wait_for("the pause", || mode(&controls) == Mode::Paused);
}

#[test]
fn a_log_that_cannot_be_read_is_not_accepted() {
    let log = Unsure::default();
    let controls = soon(log.clone()).start().unwrap();
    let _layer = delay().controls(&controls);
    pause_by_alice(&controls);
    log.fails.store(true, Relaxed);
    controls.accept_log();
    assert_eq!(
        (mode(&controls), controls.is_fresh()),
        (Mode::Paused, false)
    );
}

#[test]
fn a_start_with_a_cache_notices_that_a_backup_was_restored() {
    let folder = Folder::new();
    let (log, alerts) = (Unsure::default(), Alerts::default());
    let cached = || {
        soon(log.clone())
            .cache(folder.join("cache"), SECRET)
            .unwrap()
    };
    let controls = cached().start().unwrap();
    let _layer = delay().controls(&controls);
    pause_by_alice(&controls);
    drop(controls);

    log.lost.store(1, Relaxed);
    let controls = cached().notify(alerts.keep()).start().unwrap();
    let _layer = delay().controls(&controls);
    assert_eq!(
        (mode(&controls), controls.is_fresh()),
        (Mode::Paused, false)
    );
    assert!(alerts.texts()[0].starts_with("the log of changes does not have the change 1"));
    controls.accept_log();
    drop(controls);

    let controls = cached().start().unwrap();
    let _layer = delay().controls(&controls);
    assert_eq!((mode(&controls), controls.is_fresh()), (Mode::Code, true));
}

#[test]
fn a_malformed_change_is_reported_and_the_others_are_in_force() {
    let folder = Folder::new();
    let path = folder.join("changes.jsonl");
    let (log, alerts) = (Arc::new(JsonLog::new(&path)), Alerts::default());
    let controls = soon(Arc::clone(&log))
        .notify(alerts.keep())
        .start()
        .unwrap();
    let _layer = delay().controls(&controls);
    fs::write(&path, "{\"act\":\"explode\"}\n").unwrap();
    wait_for("the alert", || alerts.texts().len() == 1);
    pause(&*log, 0);
    wait_for("the pause", || alerts.texts().len() == 2);
    thread::sleep(Duration::from_millis(60));
    let alerts = alerts.texts();
    assert_eq!(alerts.len(), 2, "{alerts:?}");
    assert!(
        alerts[0].starts_with("change 1 cannot be read: "),
        "{alerts:?}"
    );
    assert_eq!(
        alerts[1],
        "change 2 of delay: pause, by bob: errors in checkout"
    );
    assert_eq!((mode(&controls), controls.is_fresh()), (Mode::Paused, true));
}

/// Another program with the same log may have the set.
#[test]
fn a_change_of_an_unknown_set_is_listed() {
    let (log, alerts) = (Arc::new(MemoryLog::default()), Alerts::default());
    let controls = soon(Arc::clone(&log))
        .notify(alerts.keep())
        .start()
        .unwrap();
    let _layer = delay().controls(&controls);
    let pause = Draft::new("banner", 1, Act::Pause, "bob", "errors");
    let _ = log.append(&pause, 0).unwrap();
    wait_for("the alert", || alerts.texts().len() == 1);
    thread::sleep(Duration::from_millis(60));
    assert_eq!(
        alerts.texts(),
        ["change 1 of banner: pause, by bob: errors"]
    );
    assert_eq!(controls.changes()[0].set, "banner");
    assert_eq!((mode(&controls), controls.is_fresh()), (Mode::Code, true));
}
