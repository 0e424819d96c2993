//! Deadlines far in the future, without overflow.

use std::time::{Duration, Instant};

/// A century: practically never, and within the range of every clock.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Returns the instant after a duration, at most a century from now, so that a grace can still be
/// added.
pub(super) fn after(duration: Duration) -> Instant {
    Instant::now() + duration.min(FOREVER)
}
