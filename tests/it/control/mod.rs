//! Changes to running tests.

use std::time::Duration;

use tower_tracks::control::{Controls, MemoryLog};

mod controls;
mod layer;
mod logs;
mod renamed;
mod state;

/// Controls of this process alone, which read their log all the time.
fn controls() -> Controls {
    let controls = Controls::builder(MemoryLog::default());
    controls.every(Duration::from_millis(10)).start().unwrap()
}
