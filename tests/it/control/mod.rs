//! Changes to running tests.

use std::{
    thread,
    time::{Duration, Instant},
};

use tower_tracks::{
    SimpleTrackSet, TracksLayer,
    control::{Act, Appended, ChangeLog, Controls, ControlsBuilder, Draft, MemoryLog, Mode},
};

use crate::support::layer;

mod alerts;
mod any;
mod controls;
mod failures;
mod guard;
mod keys;
mod layer;
mod logs;
mod nodes;
mod renamed;
mod shop;
mod state;

/// Controls of this process alone, which read their log all the time.
fn controls() -> Controls {
    soon(MemoryLog::default()).start().unwrap()
}

/// Controls that read their log all the time.
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
