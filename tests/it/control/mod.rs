//! Changes to running tests.

use std::time::Duration;

use tower_tracks::control::{Controls, MemoryLog};

mod controls;
mod guard;
mod layer;
mod logs;
mod state;

/// Controls of this process alone, which read their log all the time.
fn controls() -> Controls {
    let controls = Controls::builder(MemoryLog::default());
    controls.every(Duration::from_millis(10)).start().unwrap()
}
