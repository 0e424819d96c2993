//! The one type of times in facts. It has no time zone and no leap seconds, and each value of 64
//! bits is a time, so reading a store cannot fail because of a time.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Microseconds in a day of UTC.
const DAY: i64 = 86_400_000_000;

/// A point in time as it is recorded: microseconds of UTC since 1970-01-01.
///
/// Times before 1970 are negative. A time that does not fit into 64 bits becomes the nearest one that does.
///
/// Times are compared and added in microseconds. Adding never overflows: the result stops at
/// [`MIN`](Self::MIN) or [`MAX`](Self::MAX). `Display` writes the number of microseconds.
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use tower_tracks::store::Timestamp;
///
/// let noon = Timestamp::from_micros(43_200_000_000);
/// assert_eq!(noon.plus(Duration::from_secs(1)).as_micros(), 43_201_000_000);
/// assert!(noon < Timestamp::from(SystemTime::now()));
/// ```
///
/// To show a time to a person, convert it with a library of dates, such as jiff:
///
/// ```
/// use tower_tracks::store::Timestamp;
///
/// let time = Timestamp::from_micros(1_773_221_213_000_000);
/// let shown = jiff::Timestamp::from_microsecond(time.as_micros())?.to_string();
/// assert_eq!(shown, "2026-03-11T09:26:53Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest time.
    ///
    /// It is about 292,000 years before 1970. PostgreSQL stores it as `-infinity`.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest time.
    ///
    /// It is about 292,000 years after 1970. As the `as_of` of a question, it includes all facts.
    pub const MAX: Self = Self(i64::MAX);

    /// Returns the time of a number of microseconds since the beginning of 1970.
    ///
    /// Negative numbers are times before 1970.
    ///
    /// ```
    /// use tower_tracks::store::Timestamp;
    ///
    /// // 2026-03-11T09:26:53Z
    /// let time = Timestamp::from_micros(1_773_221_213_000_000);
    /// assert_eq!(time.as_micros(), 1_773_221_213_000_000);
    /// ```
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Returns the time by the wall clock of this machine.
    ///
    /// The clock may be set back, so a later call can return an earlier time.
    ///
    /// ```
    /// use tower_tracks::store::Timestamp;
    ///
    /// assert!(Timestamp::now() > Timestamp::default());
    /// ```
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the microseconds since the beginning of 1970.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use tower_tracks::store::Timestamp;
    ///
    /// let time = Timestamp::from(UNIX_EPOCH + Duration::from_millis(5));
    /// assert_eq!(time.as_micros(), 5_000);
    /// ```
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Returns the UTC day, counted from 1970-01-01.
    ///
    /// For days of a time zone, use a [`Calendar`](crate::store::Calendar).
    ///
    /// ```
    /// use tower_tracks::store::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_micros(86_400_000_000).day(), 1);
    /// // A microsecond before 1970.
    /// assert_eq!(Timestamp::from_micros(-1).day(), -1);
    /// ```
    pub const fn day(self) -> i32 {
        // 64 bits of microseconds are ±106,751,991 days.
        self.0.div_euclid(DAY) as i32
    }

    /// Returns the beginning of the second of UTC, also before 1970.
    pub(crate) const fn second(self) -> Self {
        // The second that has the first microsecond of 64 bits begins before it.
        Self(self.0.div_euclid(1_000_000).saturating_mul(1_000_000))
    }

    /// Returns this time plus a duration, at most [`MAX`](Self::MAX).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Timestamp;
    ///
    /// let week = Duration::from_secs(7 * 86_400);
    /// assert_eq!(Timestamp::default().plus(week).day(), 7);
    /// assert_eq!(Timestamp::MAX.plus(week), Timestamp::MAX);
    /// ```
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// Returns this time minus a duration, at least [`MIN`](Self::MIN).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use tower_tracks::store::Timestamp;
    ///
    /// let hour = Duration::from_secs(3_600);
    /// assert_eq!(Timestamp::default().minus(hour).day(), -1);
    /// assert_eq!(Timestamp::MIN.minus(hour), Timestamp::MIN);
    /// ```
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }
}

/// Truncates the time of the system to microseconds.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(micros(after)),
            // It is `i64::MAX` at most, so the negation cannot overflow.
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

/// Returns the microseconds of a duration; the largest number if 64 bits are not enough.
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
