//! Growing intervals between attempts.

use std::time::Duration;

/// The first wait.
const FIRST: Duration = Duration::from_millis(50);

/// The longest wait.
const LONGEST: Duration = Duration::from_secs(10);

/// The wait before the next attempt. It doubles each time, and is randomised between half and all of that,
/// so that sinks that failed together do not try again together.
#[derive(Default)]
pub(super) struct Backoff {
    /// The number of failures since the last success.
    failures: u32,
}

impl Backoff {
    /// Starts again from the first interval.
    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Returns how long to wait after one more failure.
    pub(super) fn failed(&mut self) -> Duration {
        // A shift by 32 would overflow, and the longest wait is reached at eight.
        let longest = FIRST
            .saturating_mul(1 << self.failures.min(16))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        longest.mul_f64(0.5 + chance() / 2.0)
    }
}

/// Returns a random number from 0 to 1; 1 if the operating system returns none, so that the wait is
/// the longest.
fn chance() -> f64 {
    let number = getrandom::u32().unwrap_or(u32::MAX);
    f64::from(number) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_limit() {
        let mut backoff = Backoff::default();
        for expected in [50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000] {
            let wait = backoff.failed().as_secs_f64() * 1000.0;
            let expected = f64::from(expected);
            assert!((expected / 2.0..=expected).contains(&wait), "{wait}");
        }
        for _ in 0..100 {
            assert!(backoff.failed() <= LONGEST);
        }
        backoff.succeeded();
        assert!(backoff.failed() <= FIRST);
    }
}
