//! How a request ended, in atomics, because a late reading may be on another thread.

use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use crate::event::Outcome;

/// The outcome and the duration of a request. It is set once, and late readings use it.
///
/// A reader knows of the end by the step of a [`Reading`](super::reading::Reading), which
/// comes after it, so that this needs no order of its own.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    /// The duration; 584 years fit.
    nanoseconds: AtomicU64,
    /// One of the constants below, or the status of the response.
    outcome: AtomicU32,
}

/// The request has not ended.
const UNDER_WAY: u32 = 0;
const FAILED: u32 = 1;
const CANCELLED: u32 = 2;
const PANICKED: u32 = 3;

impl Ending {
    /// Sets the end. Only the guard of the response calls it, once.
    #[inline]
    pub(crate) fn end(&self, outcome: Outcome, after: Duration) {
        let nanoseconds = u64::try_from(after.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.store(nanoseconds, Relaxed);
        let outcome = match outcome {
            Outcome::Failed => FAILED,
            Outcome::Cancelled => CANCELLED,
            Outcome::Panicked => PANICKED,
            // A status is at least 100.
            Outcome::Completed { status } => u32::from(status),
        };
        self.outcome.store(outcome, Relaxed);
    }

    /// Returns how the request ended, if it has.
    pub(crate) fn get(&self) -> Option<(Outcome, Duration)> {
        let outcome = match self.outcome.load(Relaxed) {
            UNDER_WAY => return None,
            FAILED => Outcome::Failed,
            CANCELLED => Outcome::Cancelled,
            PANICKED => Outcome::Panicked,
            // It was a `u16` when it was stored, so the cast loses nothing.
            status => Outcome::Completed {
                status: status as u16,
            },
        };
        let after = Duration::from_nanos(self.nanoseconds.load(Relaxed));
        Some((outcome, after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_outcome_stays() {
        for outcome in [
            Outcome::Completed { status: 100 },
            Outcome::Completed { status: 999 },
            Outcome::Failed,
            Outcome::Cancelled,
            Outcome::Panicked,
        ] {
            let ending = Ending::default();
            assert_eq!(ending.get(), None);
            ending.end(outcome, Duration::from_millis(2));
            assert_eq!(ending.get(), Some((outcome, Duration::from_millis(2))));
        }
    }
}
