//! Warnings about a set-up: a `tracing` event, or a line on standard error if no subscriber
//! collects events.

use std::{
    fmt::Arguments,
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Logs a warning for the operator of the program.
///
/// A subscriber that panics, or an error that cannot be written, costs the line and no thread.
pub(crate) fn warn(message: Arguments<'_>) {
    let _ = catch_unwind(AssertUnwindSafe(|| say(message)));
}

fn say(message: Arguments<'_>) {
    #[cfg(feature = "tracing")]
    if tracing::dispatcher::has_been_set() {
        tracing::warn!(target: "tower_tracks", "{message}");
        return;
    }
    let _ = writeln!(io::stderr(), "tower-tracks: {message}");
}
