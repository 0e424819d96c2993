use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

/// Where the time of a reading, and how long a request takes, come from.
///
/// Defaults to the wall clock for times, and to a steady one for durations. A test gives a
/// clock of its own, for both.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<dyn Fn() -> SystemTime + Send + Sync>>);

/// When a request began.
pub(super) enum Started {
    Steady(Instant),
    Told(SystemTime),
}

impl Clock {
    /// Returns a clock that calls `now`, which must not panic.
    pub fn from_fn(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(now)))
    }

    pub(super) fn now(&self) -> SystemTime {
        self.0.as_ref().map_or_else(SystemTime::now, |now| now())
    }

    pub(super) fn start(&self) -> Started {
        match &self.0 {
            None => Started::Steady(Instant::now()),
            Some(now) => Started::Told(now()),
        }
    }

    pub(super) fn since(&self, started: &Started) -> Duration {
        match started {
            Started::Steady(instant) => instant.elapsed(),
            Started::Told(time) => self.now().duration_since(*time).unwrap_or_default(),
        }
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
