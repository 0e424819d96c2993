//! The clock of a layer, and the guard against a clock of the application that panics.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use crate::middleware::warning::warning::{self, Logged};

/// The clock for the times of exposures and the durations of requests.
///
/// Defaults to the wall clock for times, and to a monotonic one for durations. A test uses its own
/// clock for both.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<Given>>);

/// The clock of the application.
struct Given {
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// Whether the warning about a panic was logged.
    logged: Logged,
}

/// The beginning of a request, by the clock that measures its duration.
pub(crate) enum Started {
    /// By the monotonic clock of the system, which no setting of the time affects.
    Steady(Instant),
    /// By the clock of the application.
    Told(SystemTime),
}

impl Clock {
    /// Returns a clock that calls `now`, which must not panic. If it does, the wall clock is used, and
    /// the duration is 0.
    ///
    /// It is called in each request, so it must be cheap. In tests, use
    /// `testing::FixedClock`.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use tower_tracks::{SimpleTrackSet, TracksLayer, middleware::Clock};
    ///
    /// // Replays a log of the past: each request is one day earlier than now.
    /// let yesterday = Clock::from_fn(|| SystemTime::now() - Duration::from_secs(24 * 60 * 60));
    ///
    /// let delay = SimpleTrackSet::new("delay").track("short", 500).build()?;
    /// let layer = TracksLayer::new(delay).clock(yesterday);
    /// # Ok::<(), tower_tracks::DefinitionError>(())
    /// ```
    pub fn from_fn(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(Given {
            now: Box::new(now),
            logged: Logged::default(),
        })))
    }

    /// Returns the time of the application's clock, otherwise of the wall clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.given().unwrap_or_else(SystemTime::now)
    }

    /// Returns the beginning of a request that begins now.
    pub(crate) fn start(&self) -> Started {
        match self.given() {
            None => Started::Steady(Instant::now()),
            Some(now) => Started::Told(now),
        }
    }

    /// Returns the time since the beginning; 0 if the application's clock was set back.
    pub(crate) fn since(&self, started: &Started) -> Duration {
        match started {
            Started::Steady(instant) => instant.elapsed(),
            Started::Told(time) => {
                let now = self.given().unwrap_or(*time);
                now.duration_since(*time).unwrap_or_default()
            }
        }
    }

    /// Returns the time of the application's clock; `None` if there is none, or it panicked.
    ///
    /// It is also called when a request ends by a panic: a second panic would abort the program.
    fn given(&self) -> Option<SystemTime> {
        let given = self.0.as_ref()?;
        // The end of a request may be in a destructor while another panic unwinds. A second panic there
        // would abort the process.
        let now = catch_unwind(AssertUnwindSafe(|| (given.now)()));
        now.inspect_err(|_| warning::clock_panicked(&given.logged))
            .ok()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            None => "Clock(System)",
            Some(_) => "Clock(<fn>)",
        })
    }
}
