//! Days without a database of time zones. Stores that run in SQL and stores that run in Rust use
//! the same list of offsets, so they agree on the day of every exposure.

use std::time::Duration;

use super::timestamp::Timestamp;

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;

/// Microseconds in a day of 24 hours.
const DAY: i64 = 86_400 * SECOND;

/// Defines when days begin: at midnight in UTC or in a time zone.
///
/// It is plain data: the offsets of a zone, and the times from which they apply. So stores need no time zone
/// database. Each day begins once. If a clock is set back across midnight, the repeated minutes belong to the
/// day that has already begun. A day that the zone skipped is empty.
///
/// Defaults to UTC.
///
/// ```
/// use tower_tracks::store::{Calendar, Timestamp};
///
/// let noon = Timestamp::from_micros(43_200_000_000);
/// assert_eq!(Calendar::default().day(noon), 0);
/// assert_eq!(Calendar::new(12 * 3600, []).day(noon), 1);
/// ```
///
/// A report converts the time zone of a plan into a calendar. Use another calendar only in your own
/// [`Question`](crate::store::Question).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The earliest first. The first of them is since ever.
    periods: Vec<Period>,
}

/// A time with one offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Period {
    since: Timestamp,
    /// Microseconds east of UTC.
    offset: i64,
    /// The day at its beginning, which none of its times is before.
    first_day: i32,
}

impl Calendar {
    /// Returns the calendar of a zone: its first offset, and later offsets with the times from which they
    /// apply. Offsets are seconds east of UTC.
    ///
    /// The later offsets may come in any order. A [`Question`](crate::store::Question) uses UTC by default.
    ///
    /// ```
    /// use tower_tracks::store::{Calendar, Timestamp};
    ///
    /// // Central European time in 2026, with summer time from 29 March to 25 October, 01:00 UTC.
    /// let spring = Timestamp::from_micros(1_774_746_000_000_000);
    /// let autumn = Timestamp::from_micros(1_792_890_000_000_000);
    /// let calendar = Calendar::new(3600, [(spring, 7200), (autumn, 3600)]);
    ///
    /// // The night of the change is an hour shorter.
    /// let day = calendar.day(spring);
    /// let length = calendar.start_of(day + 1).as_micros() - calendar.start_of(day).as_micros();
    /// assert_eq!(length, 23 * 3_600_000_000);
    /// ```
    pub fn new(offset: i32, later: impl IntoIterator<Item = (Timestamp, i32)>) -> Self {
        let mut calendar = Self {
            periods: vec![Period::first(offset)],
        };
        let mut later: Vec<(Timestamp, i32)> = later.into_iter().collect();
        later.sort();
        for (since, offset) in later {
            let before = calendar.day(since.minus(Duration::from_micros(1)));
            let offset = i64::from(offset) * SECOND;
            // A clock that goes back across midnight does not begin the earlier day a second time.
            calendar.periods.push(Period {
                since,
                offset,
                first_day: local_day(since, offset).max(before),
            });
        }
        calendar
    }

    /// Returns the periods with one offset: when each begins, its offset in microseconds, and its first day. The
    /// first one begins at the beginning of time.
    #[cfg(feature = "warehouse")]
    pub(crate) fn periods(&self) -> impl Iterator<Item = (Timestamp, i64, i32)> {
        let periods = self.periods.iter();
        periods.map(|period| (period.since, period.offset, period.first_day))
    }

    /// Returns the day of a time, counted from 1970-01-01.
    ///
    /// The day is that of the calendar: an exposure at 23:30 UTC is on the next day in Berlin. Days
    /// before 1970 are negative.
    ///
    /// ```
    /// use tower_tracks::store::{Calendar, Timestamp};
    ///
    /// let late = Timestamp::from_micros(23 * 3_600_000_000);
    /// assert_eq!(Calendar::default().day(late), 0);
    /// assert_eq!(Calendar::new(2 * 3600, []).day(late), 1);
    /// ```
    pub fn day(&self, at: Timestamp) -> i32 {
        // The first period is since ever, so there is always one.
        let next = self.periods.partition_point(|period| period.since <= at);
        let period = next.checked_sub(1).and_then(|last| self.periods.get(last));
        period.map_or(at.day(), |period| {
            local_day(at, period.offset).max(period.first_day)
        })
    }

    /// Returns when a day begins.
    ///
    /// The day lasts until the start of the next one: 24 hours, or 23 or 25 if a clock changes. A day that
    /// the zone skipped starts with the next one.
    ///
    /// ```
    /// use tower_tracks::store::{Calendar, Timestamp};
    ///
    /// let east = Calendar::new(2 * 3600, []);
    /// // Day 1 begins at 22:00 UTC of day 0.
    /// assert_eq!(east.start_of(1), Timestamp::from_micros(22 * 3_600_000_000));
    /// assert_eq!(east.day(east.start_of(1)), 1);
    /// ```
    pub fn start_of(&self, day: i32) -> Timestamp {
        // The day begins within the last period that began on an earlier day, or with the next.
        let next = self
            .periods
            .partition_point(|period| period.first_day < day);
        let offset = next.checked_sub(1).and_then(|last| self.periods.get(last));
        let offset = offset.map_or(0, |period| period.offset);
        let midnight = i64::from(day).saturating_mul(DAY).saturating_sub(offset);
        let midnight = Timestamp::from_micros(midnight);
        let next = self.periods.get(next);
        next.map_or(midnight, |next| midnight.min(next.since))
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self::new(0, [])
    }
}

impl Period {
    /// Returns the period that has no beginning, with the first offset of the zone.
    fn first(offset: i32) -> Self {
        Self {
            since: Timestamp::MIN,
            offset: i64::from(offset) * SECOND,
            first_day: i32::MIN,
        }
    }
}

/// Returns the day of a time by an offset in microseconds. Near the ends of time, the sum
/// saturates.
fn local_day(at: Timestamp, offset: i64) -> i32 {
    Timestamp::from_micros(at.as_micros().saturating_add(offset)).day()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * SECOND;

    fn hours(hours: i64) -> Timestamp {
        Timestamp::from_micros(hours * HOUR)
    }

    /// A zone five hours west, whose clocks are set forward in the third night and back in the
    /// sixth, both at two.
    fn western() -> Calendar {
        Calendar::new(
            -5 * 3600,
            [
                (hours(6 * 24 + 2 + 4), -5 * 3600),
                (hours(3 * 24 + 2 + 5), -4 * 3600),
            ],
        )
    }

    #[test]
    fn days_have_23_24_and_25_hours() {
        let calendar = western();
        let starts: Vec<i64> = (0..9)
            .map(|day| calendar.start_of(day).as_micros() / HOUR)
            .collect();
        let lengths: Vec<i64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(starts[0], 5);
        assert_eq!(lengths, [24, 24, 24, 23, 24, 24, 25, 24]);
    }

    #[test]
    fn a_day_is_from_its_start_to_that_of_the_next() {
        let across_midnight = Calendar::new(0, [(hours(48), -3600), (hours(96), 3600)]);
        let far = Calendar::new(14 * 3600, []);
        for calendar in [Calendar::default(), western(), far, across_midnight] {
            for day in -3..12 {
                let start = calendar.start_of(day);
                assert_eq!(calendar.day(start), day);
                assert_eq!(calendar.day(start.minus(Duration::from_micros(1))), day - 1);
            }
        }
    }

    /// As in Samoa, where no 30 December 2011 was.
    #[test]
    fn a_skipped_day_is_empty() {
        let calendar = Calendar::new(-10 * 3600, [(hours(24 + 10), 14 * 3600)]);
        assert_eq!(calendar.start_of(1), calendar.start_of(2));
        assert_eq!(calendar.day(calendar.start_of(1)), 2);
    }

    #[test]
    fn the_ends_of_time_have_days() {
        for calendar in [Calendar::default(), western()] {
            for end in [Timestamp::MIN, Timestamp::MAX] {
                let day = calendar.day(end);
                assert!((end.day() - 1..=end.day() + 1).contains(&day), "{day}");
            }
            assert!(calendar.start_of(i32::MIN) < calendar.start_of(i32::MAX));
        }
    }
}
