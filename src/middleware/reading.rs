use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicU8, Ordering::SeqCst},
    },
    time::SystemTime,
};

/// Whether a choice was looked at, when its track was read, and whether that was told.
///
/// A reading is told by exactly one side: by the response when it comes after the reading,
/// else by the reader. Each side first writes and then looks at what the other wrote, all in
/// one total order (`SeqCst`), so that no reading is missed; the step to `TOLD` is taken by
/// one side alone, so that none is told twice.
#[derive(Debug, Default)]
pub(super) struct Reading {
    looked: AtomicBool,
    at: OnceLock<SystemTime>,
    state: AtomicU8,
}

const UNREAD: u8 = 0;
const READ: u8 = 1;
const TOLD: u8 = 2;

impl Reading {
    /// Notes that what was sent depends on the choice.
    pub(super) fn look(&self) {
        self.looked.store(true, SeqCst);
    }

    pub(super) fn was_looked_at(&self) -> bool {
        self.looked.load(SeqCst)
    }

    /// Notes the reading of the track; only the first has an effect.
    pub(super) fn read(&self, now: impl FnOnce() -> SystemTime) {
        if self.state.load(SeqCst) == UNREAD {
            self.at.get_or_init(now);
            self.step(UNREAD, READ);
        }
    }

    /// Returns when the track was read, if it was and nobody told yet.
    pub(super) fn tell(&self) -> Option<SystemTime> {
        self.step(READ, TOLD).then(|| self.at.get().copied())?
    }

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
        assert_eq!(reading.tell(), None);
        reading.read(|| SystemTime::UNIX_EPOCH);
        reading.read(SystemTime::now);
        assert_eq!(reading.tell(), Some(SystemTime::UNIX_EPOCH));
        reading.read(SystemTime::now);
        assert_eq!(reading.tell(), None);
    }
}
