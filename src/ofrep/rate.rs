//! How many receipts a second are counted.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

/// Counts within whole seconds since its beginning, without a lock.
pub(super) struct Rate {
    most: u32,
    began: Instant,
    /// The second in the upper half, and the count within it in the lower.
    counted: AtomicU64,
}

impl Rate {
    pub(super) fn new(most: u32) -> Self {
        Self {
            most,
            began: Instant::now(),
            counted: AtomicU64::new(0),
        }
    }

    /// Takes so many, and returns whether all of them are within the rate. If not, none is taken.
    pub(super) fn take(&self, count: u32) -> bool {
        self.take_in(self.began.elapsed().as_secs(), count)
    }

    fn take_in(&self, second: u64, count: u32) -> bool {
        let second = second & u64::from(u32::MAX);
        let taken = self.counted.fetch_update(Relaxed, Relaxed, |counted| {
            let before = match counted >> 32 == second {
                true => counted as u32,
                false => 0,
            };
            let after = before
                .checked_add(count)
                .filter(|after| *after <= self.most)?;
            Some(second << 32 | u64::from(after))
        });
        taken.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_own_count() {
        let rate = Rate::new(10);
        assert!(rate.take_in(0, 4) && rate.take_in(0, 6));
        assert!(!rate.take_in(0, 1));
        assert!(!rate.take_in(1, 11) && rate.take_in(1, 10));
        assert!(rate.take_in(3, 1) && !rate.take_in(3, u32::MAX));
    }
}
