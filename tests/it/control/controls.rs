//! A node that follows a log.

use std::{sync::Arc, thread, time::Duration};

use tower_tracks::{
    SimpleTrackSet,
    control::{
        Act, Alert, Appended, Change, ChangeLog, Changes, ControlError, Draft, MemoryLog, Mode,
        Step, Void,
    },
    store::StoreError,
};

use super::{alerts::Alerts, delay, mode, pause, soon, wait_for};
use crate::support::layer;

#[test]
fn a_change_of_another_node_arrives() {
    let log = Arc::new(MemoryLog::default());
    let controls = soon(Arc::clone(&log)).start().unwrap();
    let _layer = delay().controls(&controls);
    assert_eq!(mode(&controls), Mode::Code);
    pause(&*log, 0);
    wait_for("the pause", || mode(&controls) == Mode::Paused);
}

/// Another version of the program, with another share in code, may have made it.
#[test]
fn a_change_without_effect_here_is_reported() {
    let log = Arc::new(MemoryLog::default());
    let alerts = Alerts::default();
    let controls = soon(Arc::clone(&log))
        .notify(alerts.keep())
        .start()
        .unwrap();
    let _layer = delay().controls(&controls);
    let act = Act::Share {
        share: 0.5,
        over: 0.1,
    };
    let share = Draft::new("delay", 1, act, "bob", "a first look");
    let _ = log.append(&share, 0).unwrap();
    wait_for("both alerts", || alerts.texts().len() == 2);
    thread::sleep(Duration::from_millis(60));
    assert_eq!(
        alerts.texts(),
        [
            "change 1 of delay: share 50%, by bob: a first look",
            "change 1 of delay: share 50%, by bob: a first look: no effect, since it was made over another \
             share in code",
        ]
    );
    assert_eq!(mode(&controls), Mode::Code);
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

/// Nodes must switch together also when the pause ends, and when one shipped track follows another.
#[test]
fn a_raise_during_a_pause_and_another_shipped_track_wait() {
    let controls = soon(MemoryLog::default()).two_people().start().unwrap();
    let set = SimpleTrackSet::new("delay").track("short", 1);
    let set = set.track("long", 2000).share(0.1).build().unwrap();
    let _layer = layer(set).controls(&controls);
    let set = || controls.set("delay").unwrap();
    set().pause("alice", "errors").unwrap();
    let waits = |change: Change| change.needs_approval && change.effective_at > change.at;
    assert!(waits(set().share(0.5, "alice", "more").unwrap()));
    let first = set().ship("long", "alice", "it won").unwrap();
    set().approve(first.number, "bob", "fine").unwrap();
    wait_for("the track", || set().state().shipped.is_some());
    assert!(waits(set().ship("short", "alice", "a mistake").unwrap()));
    assert!(!waits(set().ship("control", "alice", "an end").unwrap()));
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

/// A log in which Bob always pauses before Alice's change arrives.
struct Contested(MemoryLog);

impl ChangeLog for Contested {
    fn after(&self, number: u64) -> Result<Changes, StoreError> {
        self.0.after(number)
    }

    fn append(&self, draft: &Draft, previous: u64) -> Result<Appended, StoreError> {
        pause(&self.0, previous);
        self.0.append(draft, previous)
    }
}

#[test]
fn of_two_people_at_once_the_slower_gets_the_change_of_the_other() {
    let controls = soon(Contested(MemoryLog::default())).start().unwrap();
    let _layer = delay().controls(&controls);
    let share = controls.set("delay").unwrap().share(0.5, "alice", "errors");
    let error = share.unwrap_err();
    assert!(matches!(&error, ControlError::Conflict(change) if change.author == "bob"));
    assert_eq!(
        error.to_string(),
        "another change was faster: change 1 of delay: pause, by bob: errors in checkout"
    );
    // She decides again with the pause in force, and nothing of hers is in the log.
    assert_eq!(mode(&controls), Mode::Paused);
    assert_eq!(controls.changes().len(), 1);
}
