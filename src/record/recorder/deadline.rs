//! Deadlines of shutdowns.

use std::time::{Duration, Instant};

/// A century: practically never, and within the range of every clock.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Returns the instant after a duration, at most a century from now, so that a grace can still be
/// added.
pub(super) fn after(duration: Duration) -> Instant {
    Instant::now() + duration.min(FOREVER)
}

/// Sets a deadline. Of several, the earliest counts.
pub(super) fn bound(earliest: &mut Option<Instant>, deadline: Instant) {
    *earliest = Some(earliest.map_or(deadline, |first| first.min(deadline)));
}
