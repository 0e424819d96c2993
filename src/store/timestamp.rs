use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Microseconds in a day of UTC.
const DAY: i64 = 86_400_000_000;

/// A point in time as it is recorded: microseconds of UTC since 1970-01-01.
///
/// Times before 1970 are negative; those that 64 bits do not hold are the nearest that they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest time.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest time.
    pub const MAX: Self = Self(i64::MAX);

    /// Returns the time that many microseconds after the beginning of 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the time by the wall clock of this machine.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the microseconds since the beginning of 1970.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns the day of UTC, counted from 1970-01-01.
    pub const fn day(self) -> i32 {
        // 64 bits of microseconds are ±106,751,991 days.
        self.0.div_euclid(DAY) as i32
    }

    /// Returns the beginning of the second of UTC, also before 1970.
    pub(crate) const fn second(self) -> Self {
        Self(self.0.div_euclid(1_000_000).saturating_mul(1_000_000))
    }

    /// Returns the time a while later; the latest there is where it would be later still.
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// Returns the time a while earlier; the earliest there is where it would be earlier still.
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(micros(after)),
            Err(before) => Self(-micros(before.duration())),
        }
    }
}

/// The microseconds since the beginning of 1970.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        let day = |micros| Timestamp::from_micros(micros).day();
        assert_eq!(
            [day(0), day(DAY - 1), day(DAY), day(-1), day(-DAY)],
            [0, 0, 1, -1, -1]
        );
        assert_eq!(Timestamp::MIN.day(), -106_751_992);
    }

    #[test]
    fn seconds_begin_before_what_is_in_them() {
        let second = |micros| Timestamp::from_micros(micros).second().as_micros();
        assert_eq!(
            [second(0), second(999_999), second(1_000_000), second(-1)],
            [0, 0, 1_000_000, -1_000_000]
        );
        assert_eq!(second(i64::MIN), i64::MIN);
    }

    #[test]
    fn times_that_are_too_far_are_the_nearest() {
        assert_eq!(Timestamp::MAX.plus(Duration::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.minus(Duration::MAX), Timestamp::MIN);
        let second = Duration::from_secs(1);
        assert_eq!(Timestamp::from(UNIX_EPOCH - second).as_micros(), -1_000_000);
        assert_eq!(Timestamp::from(UNIX_EPOCH + second).as_micros(), 1_000_000);
    }
}
