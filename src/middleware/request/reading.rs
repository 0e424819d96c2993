//! The state of a reading: it lets exactly one thread report the exposure, without a lock.

use std::{
    sync::atomic::{
        AtomicBool, AtomicU8, AtomicU64,
        Ordering::{AcqRel, Relaxed},
    },
    time::{Duration, SystemTime},
};

/// Whether a choice was looked at, when its track was read, and whether that was in time.
///
/// With an observer, exactly one side reports the exposure: the response if it comes after the
/// reading, otherwise the reader. Both take a step of the one `state`, and the steps of one atomic
/// are in one order: the second side sees the step of the first, and reports. A step
/// releases what its side wrote before, and acquires what the other did.
///
/// Without an observer, there are no steps: the response checks whether the reading is noted.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Whether the response depends on the choice.
    looked: AtomicBool,
    /// In nanoseconds since 1970; 0 if not read, or without an observer.
    at: AtomicU64,
    /// One of the constants below.
    state: AtomicU8,
}

const UNDER_WAY: u8 = 0;
/// Read before the end, or noted without an observer.
const READ: u8 = 0b001;
/// The head of the response is ready, or the request ended without one.
const ENDED: u8 = 0b010;
/// Read after the end, and so not `READ`.
const LATE: u8 = 0b100;

impl Reading {
    /// Notes that what was sent depends on the choice.
    #[inline]
    pub(crate) fn look(&self) {
        self.looked.store(true, Relaxed);
    }

    /// Returns whether the response depends on the choice. Then the caching headers are written.
    #[inline]
    pub(crate) fn was_looked_at(&self) -> bool {
        self.looked.load(Relaxed)
    }

    /// Notes the reading of the track, without an observer.
    #[inline]
    pub(crate) fn note(&self) {
        // A plain store: without an observer, no other bit is ever set.
        self.state.store(READ, Relaxed);
    }

    /// Notes the reading of the track, and returns whether the reader must report it; only the
    /// first has an effect.
    #[inline]
    pub(crate) fn read(&self, now: impl FnOnce() -> SystemTime) -> bool {
        // A handler may read a track many times, and only the first reading needs the clock.
        if !matches!(self.state.load(Relaxed), UNDER_WAY | ENDED) {
            return false;
        }
        // Before the step, which publishes it. Of two at once the last sets the time; they differ by
        // nothing.
        self.at.store(nanoseconds(now()), Relaxed);
        // A reading in time is reported by the end of the request, which knows the outcome. So the reader
        // reports only a late one.
        !self.step(UNDER_WAY, READ) && self.step(ENDED, ENDED | LATE)
    }

    /// Notes that the response's head is ready, and returns whether the track was read before:
    /// then the response must report it.
    #[inline]
    pub(crate) fn end(&self) -> bool {
        self.state.fetch_or(ENDED, AcqRel) == READ
    }

    /// Returns whether the track was read, and not after the response's head was ready.
    #[inline]
    pub(crate) fn was_in_time(&self) -> bool {
        self.state.load(Relaxed) & READ != 0
    }

    /// Returns whether the track was read, in time or not.
    #[cfg(feature = "propagation")]
    pub(crate) fn was_read(&self) -> bool {
        self.state.load(Relaxed) & (READ | LATE) != 0
    }

    /// Returns when the track was read.
    pub(crate) fn at(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_nanos(self.at.load(Relaxed))
    }

    /// Moves the state from one value to another, and returns whether it was the first.
    #[inline]
    fn step(&self, from: u8, to: u8) -> bool {
        self.state
            .compare_exchange(from, to, AcqRel, Relaxed)
            .is_ok()
    }
}

/// Returns the nanoseconds since 1970. A time before 1970 becomes 0.
fn nanoseconds(now: SystemTime) -> u64 {
    let since = now.duration_since(SystemTime::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn only_the_first_reading_counts_and_is_told_once() {
        let noon = SystemTime::UNIX_EPOCH + Duration::new(43_200, 1);
        let reading = Reading::default();
        assert!(!reading.read(|| noon));
        assert!(!reading.read(SystemTime::now));
        assert!(reading.end() && reading.was_in_time());
        assert!(!reading.read(SystemTime::now));
        assert!(!reading.end() && reading.was_in_time());
        assert_eq!(reading.at(), noon);
    }

    #[test]
    fn a_noted_reading_is_in_time() {
        let reading = Reading::default();
        assert!(!reading.was_in_time());
        reading.note();
        assert!(reading.was_in_time());
    }

    #[test]
    fn a_reading_after_the_end_reports_itself() {
        let reading = Reading::default();
        assert!(!reading.end());
        assert!(reading.read(SystemTime::now));
        assert!(!reading.read(SystemTime::now) && !reading.was_in_time());
    }

    /// However they meet, one side tells, and what it tells is what the other wrote.
    #[test]
    fn of_two_at_once_one_tells() {
        for _ in 0..2_000 {
            let reading = Reading::default();
            let moment = SystemTime::UNIX_EPOCH + Duration::from_nanos(7);
            let (late, ended) = thread::scope(|scope| {
                let reader = scope.spawn(|| reading.read(|| moment));
                let ended = reading.end() && reading.at() == moment;
                (reader.join().unwrap(), ended)
            });
            assert!(late != ended);
        }
    }
}
