use std::{
    sync::atomic::{
        AtomicBool, AtomicU8, AtomicU64,
        Ordering::{Relaxed, SeqCst},
    },
    time::{Duration, SystemTime},
};

/// Whether a choice was looked at, when its track was read, and whether that was told.
///
/// A reading is told by exactly one side: by the response when it comes after the reading,
/// else by the reader. Each side first writes and then looks at what the other wrote, all in
/// one total order (`SeqCst`), so that no reading is missed; the step to one of the `TOLD`
/// states is taken by one side alone, so that none is told twice.
#[derive(Debug, Default)]
pub(super) struct Reading {
    looked: AtomicBool,
    /// In nanoseconds since 1970; 0 when not read.
    at: AtomicU64,
    state: AtomicU8,
}

const UNREAD: u8 = 0;
const READ: u8 = 1;
/// Told by the response, so that it may stand in its head.
const TOLD: u8 = 2;
/// Told by the reader.
const TOLD_LATE: u8 = 3;

impl Reading {
    /// Notes that what was sent depends on the choice.
    #[inline]
    pub(super) fn look(&self) {
        self.looked.store(true, Relaxed);
    }

    #[inline]
    pub(super) fn was_looked_at(&self) -> bool {
        self.looked.load(Relaxed)
    }

    /// Notes the reading of the track; only the first has an effect.
    #[inline]
    pub(super) fn read(&self, now: impl FnOnce() -> SystemTime) {
        if self.state.load(SeqCst) == UNREAD {
            let since = now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or_default();
            let nanoseconds = u64::try_from(since.as_nanos()).unwrap_or(u64::MAX);
            // Of two at once the last sets the time; they differ by nothing. It is set before the
            // step, so that who sees the step sees a time.
            self.at.store(nanoseconds, Relaxed);
            self.step(UNREAD, READ);
        }
    }

    /// Returns when the track was read, if it was and nobody told yet.
    #[inline]
    pub(super) fn tell(&self, late: bool) -> Option<SystemTime> {
        let told = if late { TOLD_LATE } else { TOLD };
        let since = || Duration::from_nanos(self.at.load(Relaxed));
        self.step(READ, told)
            .then(|| SystemTime::UNIX_EPOCH + since())
    }

    /// Returns whether the track was read before the response's head was ready.
    #[inline]
    pub(super) fn was_in_time(&self) -> bool {
        self.state.load(SeqCst) == TOLD
    }

    #[inline]
    fn step(&self, from: u8, to: u8) -> bool {
        self.state
            .compare_exchange(from, to, SeqCst, SeqCst)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_reading_counts_and_is_told_once() {
        let reading = Reading::default();
        assert_eq!(reading.tell(false), None);
        let noon = SystemTime::UNIX_EPOCH + Duration::new(43_200, 1);
        reading.read(|| noon);
        reading.read(SystemTime::now);
        assert_eq!(reading.tell(false), Some(noon));
        reading.read(SystemTime::now);
        assert_eq!(reading.tell(false), None);
    }
}
