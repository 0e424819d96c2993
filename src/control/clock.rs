//! The clock of the log, as a node knows it between two readings.

use std::time::{Duration, Instant};

use crate::store::Timestamp;

/// The time of the log at a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    pub(super) at: Timestamp,
    read: Instant,
}

impl Clock {
    pub(super) fn new(at: Timestamp, read: Instant) -> Self {
        Self { at, read }
    }

    /// Returns the clock after a reading, which ended at a moment and took so long.
    ///
    /// The log said its time somewhere during the reading. If the time that was known is within these
    /// bounds, it goes on: if it went back, what has just come into force would be undone.
    pub(super) fn read(known: Option<Self>, at: Timestamp, read: Instant, took: Duration) -> Self {
        let before = known.map_or(at, |known| known.after(read, Duration::MAX));
        Self::new(before.clamp(at, at.plus(took)), read)
    }

    /// Returns the time at a moment, or so long after the reading at most.
    pub(super) fn after(&self, when: Instant, most: Duration) -> Timestamp {
        let elapsed = when.saturating_duration_since(self.read);
        self.at.plus(elapsed.min(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: u64) -> Timestamp {
        Timestamp::from_micros(0).plus(Duration::from_secs(second))
    }

    #[test]
    fn a_slow_reading_does_not_turn_the_time_back() {
        let begin = Instant::now();
        let moment = |seconds| begin + Duration::from_secs(seconds);
        let first = Clock::new(second(100), begin);
        for (at, took, expected) in [
            // The log said its time at the end, in the middle, and at the beginning of the reading.
            (107, 4, 107),
            (105, 4, 107),
            (103, 4, 107),
            // The clock of the log was put forward, and back.
            (150, 4, 150),
            (50, 4, 54),
        ] {
            let took = Duration::from_secs(took);
            let clock = Clock::read(Some(first), second(at), moment(7), took);
            assert_eq!(clock.after(moment(7), Duration::MAX), second(expected));
            assert_eq!(clock.after(moment(9), Duration::MAX), second(expected + 2));
        }
    }
}
