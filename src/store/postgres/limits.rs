//! The time limits, and how they are passed to PostgreSQL. The server's limits are shorter than the
//! program's, so that a slow statement is usually cancelled and its connection kept.

use std::time::Duration;

/// How long a store waits for PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// For a lock that another transaction holds.
    pub(super) lock: Duration,
    /// For the next statement of a transaction that writes; so long PostgreSQL waits.
    pub(super) idle: Duration,
    /// For a whole operation that does not depend on how many facts there are.
    pub(super) operation: Duration,
    /// For an operation, or a chunk of rows, that goes through all facts.
    pub(super) scan: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lock: Duration::from_secs(10),
            idle: Duration::from_secs(5),
            operation: Duration::from_secs(30),
            scan: Duration::from_secs(600),
        }
    }
}

impl Limits {
    /// Returns how long a connection is waited for. There is time left to find out why there is none.
    pub(super) fn connection(&self) -> Duration {
        self.operation / 3 * 2
    }

    /// Returns how long it may take to open the store: to look for its tables, to make them, and to
    /// claim it.
    pub(super) fn opening(&self) -> Duration {
        self.operation
            .saturating_mul(2)
            .saturating_add(self.scan)
            .saturating_add(self.connection())
    }
}

/// Returns how long PostgreSQL may work on one statement of an operation. It is less than the limit
/// of the operation, so that a slow statement is cancelled and its connection kept.
pub(super) fn statement(limit: Duration) -> Duration {
    limit / 5 * 4
}

/// Returns a duration as a setting of PostgreSQL, in milliseconds. 0 would be no limit there.
pub(super) fn setting(limit: Duration) -> String {
    let most = Duration::from_millis(i32::MAX.unsigned_abs().into());
    limit.min(most).as_millis().max(1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duration_is_a_limit_of_postgresql() {
        let longest = i32::MAX.to_string();
        for (limit, expected) in [
            (Duration::ZERO, "1"),
            (Duration::from_nanos(1), "1"),
            (Duration::from_secs(5), "5000"),
            (Duration::from_secs(60 * 60 * 24 * 365), &longest),
            (Duration::MAX, &longest),
        ] {
            assert_eq!(setting(limit), expected, "{limit:?}");
        }
    }

    #[test]
    fn the_longest_limits_do_not_overflow() {
        let limits = Limits {
            lock: Duration::MAX,
            idle: Duration::MAX,
            operation: Duration::MAX,
            scan: Duration::MAX,
        };
        assert_eq!(limits.opening(), Duration::MAX);
        assert!(statement(limits.operation) < limits.operation);
    }
}
