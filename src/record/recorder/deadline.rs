use std::time::{Duration, Instant};

/// As good as never: a century, which every clock holds.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Returns the moment a while from now. However long that is, others can still be added to it.
pub(super) fn after(duration: Duration) -> Instant {
    Instant::now() + duration.min(FOREVER)
}
