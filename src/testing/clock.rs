use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use crate::middleware::Clock;

/// A clock that stands still until it is [advanced](Self::advance).
///
/// Clones of it are the same clock.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::FixedClock};
///
/// let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
/// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
/// let layer = TracksLayer::new(delay).clock(clock.clock());
/// // Within a handler, this is how long its request takes:
/// clock.advance(Duration::from_millis(500));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_millis(500));
/// # Ok::<(), tower_tracks::DefinitionError>(())
/// ```
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<Mutex<SystemTime>>);

impl FixedClock {
    /// Returns a clock that shows this time.
    pub fn new(now: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Returns what [`TracksLayer::clock`](crate::TracksLayer::clock) takes. It follows this clock.
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        Clock::from_fn(move || clock.now())
    }

    /// Returns the time that it shows.
    pub fn now(&self) -> SystemTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets time pass; what is beyond the end of time is left out.
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(*now);
    }
}
