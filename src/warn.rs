//! What the crate says about a set-up: a `tracing` event, or a line on standard error where nobody
//! collects events.

use std::fmt::Arguments;

/// Says something to whoever runs the program.
pub(crate) fn warn(message: Arguments<'_>) {
    #[cfg(feature = "tracing")]
    if tracing::dispatcher::has_been_set() {
        tracing::warn!(target: "tower_tracks", "{message}");
        return;
    }
    eprintln!("tower-tracks: {message}");
}
