use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant, SystemTime},
};

use crate::middleware::warning::warning;

/// The clock for the times of exposures and the durations of requests.
///
/// Defaults to the wall clock for times, and to a monotonic one for durations. A test uses its own clock
/// for both.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<Given>>);

struct Given {
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// Whether it was said that it panicked.
    said: AtomicBool,
}

/// When a request began.
pub(crate) enum Started {
    Steady(Instant),
    Told(SystemTime),
}

impl Clock {
    /// Returns a clock that calls `now`, which must not panic. If it does, the wall clock is used, and the
    /// duration is 0.
    pub fn from_fn(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(Given {
            now: Box::new(now),
            said: AtomicBool::new(false),
        })))
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.given().unwrap_or_else(SystemTime::now)
    }

    pub(crate) fn start(&self) -> Started {
        match self.given() {
            None => Started::Steady(Instant::now()),
            Some(now) => Started::Told(now),
        }
    }

    pub(crate) fn since(&self, started: &Started) -> Duration {
        match started {
            Started::Steady(instant) => instant.elapsed(),
            Started::Told(time) => {
                let now = self.given().unwrap_or(*time);
                now.duration_since(*time).unwrap_or_default()
            }
        }
    }

    /// Returns what the application's clock shows.
    ///
    /// A request that ends asks for it, also one that ends by a panic: then another would abort the
    /// program.
    fn given(&self) -> Option<SystemTime> {
        let given = self.0.as_ref()?;
        let now = catch_unwind(AssertUnwindSafe(|| (given.now)()));
        now.inspect_err(|_| warning::clock_panicked(&given.said))
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
