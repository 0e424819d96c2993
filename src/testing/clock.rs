//! A clock for tests.

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
///
/// Durations of requests are differences of its times: a request takes as long as the clock was
/// advanced in its handler.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<Mutex<SystemTime>>);

impl FixedClock {
    /// Returns a clock that shows this time.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::testing::FixedClock;
    ///
    /// let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
    /// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
    /// ```
    pub fn new(now: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Returns the clock for [`TracksLayer::clock`](crate::TracksLayer::clock). It follows this one.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, testing::FixedClock};
    ///
    /// let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).clock(clock.clock());
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn clock(&self) -> Clock {
        let clock = self.clone();
        // A clone shares the time, so that advancing this one advances that of the layer.
        Clock::from_fn(move || clock.now())
    }

    /// Returns the time of the clock.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tower_tracks::testing::FixedClock;
    ///
    /// let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
    /// // The clock stands still.
    /// assert_eq!(clock.now(), clock.now());
    /// ```
    pub fn now(&self) -> SystemTime {
        // Nothing panics under the lock, so a poisoned one has a good time as well.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Advances the clock. It has no effect if the result is beyond the range of [`SystemTime`].
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tower_tracks::testing::FixedClock;
    ///
    /// let clock = FixedClock::new(SystemTime::UNIX_EPOCH);
    /// clock.advance(Duration::from_secs(60));
    /// clock.clone().advance(Duration::from_secs(1));
    /// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(61));
    /// ```
    pub fn advance(&self, by: Duration) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(by).unwrap_or(*now);
    }
}
